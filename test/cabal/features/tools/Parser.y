{
module Parser (value) where

import Lexer
}

%name value
%tokentype { Token }
%error { noSum }

%token
  number { Number $$ }
  '+'    { Symbol '+' }
  '*'    { Symbol '*' }
  '('    { Symbol '(' }
  ')'    { Symbol ')' }

%left '+'
%left '*'

%%

Sum : Sum '+' Sum  { $1 + $3 }
    | Sum '*' Sum  { $1 * $3 }
    | '(' Sum ')'  { $2 }
    | number       { $1 }

{
noSum :: [Token] -> a
noSum = error . ("no sum: " ++) . show
}
