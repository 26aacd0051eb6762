module Number (number) where

#include <errno.h>

number :: Int
number = #{const EAGAIN}
