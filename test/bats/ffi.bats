#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# What the patched GHC makes of foreign imports, by its report. That programs
# behave as they should is the corpus's part (test/programs/ffi-*), what it
# costs the benchmarks'.

load common

setup() {
	need_sysroot
	cd "$BATS_TEST_TMPDIR" || return
	cat >F.hs <<-'EOF'
		{-# LANGUAGE CApiFFI, MagicHash, UnliftedFFITypes #-}
		{-# LANGUAGE InterruptibleFFI #-}
		module F where
		import Foreign
		import Foreign.C
		import GHC.Exts
		newtype Fd = Fd CInt
		foreign import ccall unsafe "getpid" pid :: IO CInt
		foreign import capi unsafe "unistd.h close" closeFd :: Fd -> IO CInt
		foreign import ccall unsafe "memcpy" copy
		  :: Ptr a -> Ptr a -> CSize -> IO (Ptr a)
		foreign import ccall unsafe "sin" sine :: Double -> Double
		foreign import ccall unsafe "my_sum" total
		  :: ByteArray# -> CSize -> CLong
		foreign import ccall safe "usleep" nap :: CUInt -> IO CInt
		foreign import ccall interruptible "usleep" napI :: CUInt -> IO CInt
		foreign import ccall unsafe "dynamic" call
		  :: FunPtr (IO ()) -> IO ()
		foreign import ccall unsafe "rtsSupportsBoundThreads" bound :: CInt
		foreign import ccall "wrapper" wrap :: IO () -> IO (FunPtr (IO ()))
		foreign import ccall "&free" freePtr :: FunPtr (Ptr a -> IO ())
	EOF
}

# verdict NAME TEXT: the report's line about NAME holds TEXT
verdict() {
	grep -E "^F\.hs:[^ ]*: (F\.)?$1: " report >line || {
		echo "no line about $1 in:"
		cat report
		return 1
	}
	grep -qF "$2" line || {
		cat line
		return 1
	}
}

@test "the report says of each import what was done and why" {
	works "${HGHC[@]}" -c -fhalvm-ffi-report=report F.hs
	verdict pid 'made safe (may reach a system call)'
	verdict closeFd 'made safe'
	verdict copy 'kept unsafe (proven leaf)'
	verdict sine 'kept unsafe (proven leaf)'
	verdict total 'kept unsafe (argument 1 is a heap object)'
	verdict nap 'unchanged (safe)'
	verdict napI 'unchanged (interruptible)'
	verdict call 'made safe (the function is known at run time only)'
	verdict bound 'kept unsafe (defined by the runtime system)'
	[ "$(wc -l <report)" = 9 ]
}

@test "without a file the report goes to standard error" {
	"${HGHC[@]}" -c -fhalvm-ffi-report F.hs >out 2>report
	[ ! -s out ]
	verdict pid 'made safe'
}

@test "without the flag there is no report" {
	works "${HGHC[@]}" -c F.hs
	[ "$output" = '' ]
}

@test "the generated code: a safe call suspends the thread, a leaf doesn't" {
	works "${HGHC[@]}" -O -S F.hs
	grep -q suspendThread F.s
	printf '%s\n' 'module G where' \
		'foreign import ccall unsafe "sin" sine :: Double -> Double' \
		>G.hs
	works "${HGHC[@]}" -O -S G.hs
	run grep suspendThread G.s
	[ "$output" = '' ]
}

@test "-fhalvm-leaf-list= adds functions that are known to be leaves" {
	echo getpid >leaves
	works "${HGHC[@]}" -c -fhalvm-leaf-list=leaves \
		-fhalvm-ffi-report=report F.hs
	verdict pid 'kept unsafe (proven leaf)'
}

@test "wrong -fhalvm- flags are told" {
	fails_with 1 "${HGHC[@]}" -c -fhalvm-nonesuch F.hs
	says -fhalvm-nonesuch
	says -fhalvm-ffi-report
	fails_with 1 "${HGHC[@]}" -c -fhalvm-leaf-list=absent F.hs
	says absent
	run timeout 60 "${HGHC[@]}" -c -fhalvm-ffi-report=/dev/full F.hs
	[ "$status" = 1 ]
	says report
}

@test "the sysroot keeps the reports of its own packages" {
	[ -s "$SYSROOT/share/ffi-report/base" ]
	grep -q 'made safe' "$SYSROOT/share/ffi-report/base"
	grep -q 'kept unsafe (argument' "$SYSROOT/share/ffi-report/text"
}
