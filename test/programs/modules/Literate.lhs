A literate module: what is not marked is a comment.

> module Literate (greeting) where
>
> greeting :: String
> greeting = "hello from a literate module"

The end.
