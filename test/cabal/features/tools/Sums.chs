-- | csources once more, by c2hs.
module Sums (Kind (..), stateSize, cubed) where

import Foreign.C

#include <math.h>
#include <sum.h>

{#enum sum_kind as Kind {underscoreToCase} deriving (Eq, Show) #}

{#fun pure unsafe cbrt as cubed {`Double'} -> `Double' #}

stateSize :: Int
stateSize = {#sizeof sum_state#}
