#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The kvm target as its users meet it: images boot on each of QEMU's machines
# and by GRUB, take arguments, environment and streams, end with the program's
# status or a panic's, and are what an image should be. What the programs
# themselves do there is the corpus's and stress.bats's to show.
#
# All runs are of QEMU without KVM, which is on no test machine for sure.

bats_require_minimum_version 1.5.0
load common
load boot

export HALVM_ACCEL=tcg

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	command -v qemu-system-x86_64 >/dev/null || return 0
	cd "$BATS_FILE_TMPDIR" || return
	hello_sources
	"${HGHC[@]}" --target=kvm -rtsopts Main.hs -o hello
	"${HGHC[@]}" --target=kvm -rtsopts -threaded Main.hs -o hello-threaded
	halvm-cc --target=kvm hello.c -o hello-c
	boot_programs kvm
}

setup() {
	need_sysroot
	need_tool qemu-system-x86_64
	cd "$BATS_FILE_TMPDIR" || return
	# shellcheck disable=SC2034 # for boots
	log=$BATS_TEST_TMPDIR/log
}

@test "C and both ways of Haskell on microvm, pc and q35" {
	for machine in microvm pc q35; do
		boots 'hello from C' --machine=$machine hello-c
		boots 'hello a b' --machine=$machine hello a b
		boots 'hello a b' --machine=$machine hello-threaded a b
	done
}

@test "the serial port and a virtio console, on each machine" {
	for machine in microvm pc q35; do
		for console in serial virtio; do
			boots 'hello' --machine=$machine --console=$console hello
		done
	done
}

@test "GRUB boots an image from a CD, by multiboot2" {
	need_tool grub-mkrescue
	need_tool xorriso
	need_tool mformat
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p iso/boot/grub
	cp "$BATS_FILE_TMPDIR/hello" iso/boot/hello
	cat >iso/boot/grub/grub.cfg <<-'EOF'
		set timeout=0
		menuentry hello {
			multiboot2 /boot/hello halvm.debug-exit=0xf4 -- by grub
		}
	EOF
	works grub-mkrescue -d /usr/lib/grub/i386-pc -o hello.iso iso
	# 1 is what isa-debug-exit makes of a status of 0.
	run -1 timeout 120 qemu-system-x86_64 -M pc -accel tcg -m 128 \
		-nodefaults -display none -no-reboot -serial stdio \
		-device isa-debug-exit,iobase=0xf4,iosize=1 \
		-drive file=hello.iso,format=raw,media=cdrom </dev/null
	says 'hello by grub'
}

@test "hello in 4 MiB" {
	boots 'hello from C' --memory=4M hello-c
	boots hello --memory=4M hello
}

@test "as many GiB as are given" {
	boots hello --memory=6G hello
	boots hello --machine=pc --memory=6G hello
}

@test "arguments arrive as they are" {
	local odd=('two words' '' $'ü"\'\\$x' '--' $'tab\tand\nnewline' '-x'
		'halvm.env=X=y' '"quoted"' 'back\slash' '+RTS' '[é]' "'" ' ')
	boots "$(printf '[%s]\n' "${odd[@]}")" echo "${odd[@]}"
}

@test "the environment arrives as it is" {
	boots $'[A]\n[B]\n[C]\n[D]\nA=<two words>\nB=<>\nC=<"q" \\ = \'x\'\n2>' \
		--env='A=two words' --env=B= --env=$'C="q" \\ = \'x\'\n2' \
		echo A B C D
	A=here boots $'[A]\nA=<here>' --env=A echo A
}

@test "stdin: its end, none, megabytes of any bytes" {
	boots '' cat
	run -0 timeout 60 halvm-run cat <<<'a line'
	[ "$output" = 'a line' ]
	# Every byte there is, those of the console's protocol among them.
	head -c 3000000 /dev/urandom >"$BATS_TEST_TMPDIR/in"
	printf '\x10\x10\x10x00\x10d\x04\x03\x00' >>"$BATS_TEST_TMPDIR/in"
	for console in serial virtio; do
		timeout 120 halvm-run --console=$console cat \
			<"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out"
		cmp "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
	done
}

@test "stdin through a pipe that comes in pieces" {
	run -0 timeout 60 bash -c '{ echo 1; sleep 0.2; echo 2; sleep 0.2; echo 3; } |
		halvm-run cat'
	[ "$output" = $'1\n2\n3' ]
}

@test "a stream that is closed is closed there" {
	printf '%s\n' '#include <fcntl.h>' '#include <stdio.h>' \
		'int main(void) { for (int i = 0; i < 3; i++)' \
		'	printf("%d", fcntl(i, F_GETFD)); puts(""); }' \
		>"$BATS_TEST_TMPDIR/closed.c"
	for target in kvm linux; do
		halvm-cc --target=$target "$BATS_TEST_TMPDIR/closed.c" \
			-o "$BATS_TEST_TMPDIR/closed"
		[ "$(timeout 60 halvm-run "$BATS_TEST_TMPDIR/closed" <&-)" = -100 ]
		[ "$(timeout 60 halvm-run "$BATS_TEST_TMPDIR/closed" 2>&-)" = 00-1 ]
	done
}

@test "stdout and stderr come apart" {
	timeout 60 halvm-run status >"$BATS_TEST_TMPDIR/out" \
		2>"$BATS_TEST_TMPDIR/err"
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = out ]
	[ "$(cat "$BATS_TEST_TMPDIR/err")" = err ]
}

@test "the exit status is the program's" {
	for want in 0 1 7 124 125 255; do
		run "-$want" timeout 60 halvm-run status $want
		[ "$output" = $'out\nerr' ]
	done
}

@test "death by a signal: the status a shell would say" {
	run -134 timeout 60 halvm-run status abort
	says err
}

@test "a fault nobody handles is a panic with a backtrace, status 125" {
	run -125 timeout 60 halvm-run status fault
	says out
	says panic
	says 0x10
	says rip
	says main
}

@test "Haskell: exceptions, exitWith and heap exhaustion" {
	cat >Ends.hs <<-'EOF'
		module Main (main) where
		import System.Environment
		import System.Exit
		main :: IO ()
		main = do
		  args <- getArgs
		  case args of
		    ["error"] -> error "on purpose"
		    ["exit", n] -> exitWith (ExitFailure (read n))
		    _ -> print (sum (reverse [1 .. 10000000 :: Integer]))
	EOF
	for way in -no-threaded -threaded; do
		"${HGHC[@]}" -odir e -hidir e --target=kvm ${way/-no-threaded/} \
			-rtsopts Ends.hs -o ends
		run -1 timeout 60 halvm-run ends error
		says 'on purpose'
		run -33 timeout 60 halvm-run ends exit 33
		run -251 timeout 100 halvm-run --memory=48M ends heap
		says 'out of memory'
	done
}

@test "--timeout ends a program that doesn't" {
	printf 'int main(void) { for (;;) ; }\n' >"$BATS_TEST_TMPDIR/loop.c"
	halvm-cc --target=kvm "$BATS_TEST_TMPDIR/loop.c" \
		-o "$BATS_TEST_TMPDIR/loop"
	run -124 timeout 60 halvm-run --timeout=2 "$BATS_TEST_TMPDIR/loop"
}

@test "interrupts may come at any instruction: a run by single steps" {
	halvm-cc --target=kvm -O2 -pthread "$HALVM_SRC/test/stress/fpu.c" \
		-o "$BATS_TEST_TMPDIR/fpu"
	boots 'fpu: ok' --qemu-arg=-singlestep "$BATS_TEST_TMPDIR/fpu" \
		--amount=20
	cat >"$BATS_TEST_TMPDIR/Busy.hs" <<-'EOF'
		module Main (main) where
		import Control.Concurrent
		import Control.Monad
		main :: IO ()
		main = do
		  done <- newEmptyMVar
		  forM_ [1 .. 4] $ \i -> forkIO $ do
		    let n = product [1 .. 300 + i :: Integer]
		    putMVar done $! length (show (n * n `div` (n + 1)))
		  replicateM 4 (takeMVar done) >>= print . sum
	EOF
	"${HGHC[@]}" -O -odir "$BATS_TEST_TMPDIR" -hidir "$BATS_TEST_TMPDIR" \
		-rtsopts --target=kvm "$BATS_TEST_TMPDIR/Busy.hs" \
		-o "$BATS_TEST_TMPDIR/busy"
	# 615 + 617 + 620 + 622 digits
	boots "$(timeout 60 halvm-run "$BATS_TEST_TMPDIR/busy")" \
		--qemu-arg=-singlestep "$BATS_TEST_TMPDIR/busy" +RTS -V0.001
}

@test "the portable object of a linux program becomes a kvm image" {
	cd "$BATS_TEST_TMPDIR" || return
	works "${HGHC[@]}" --emit=portable "$BATS_FILE_TMPDIR/Main.o" \
		-o hello.halvm.o
	works halvm-ld --target=linux hello.halvm.o -o on-linux
	works halvm-ld --target=kvm hello.halvm.o -o on-kvm
	boots hello on-kvm
	boots hello on-linux
}

@test "image: no instruction enters another kernel" {
	for image in hello hello-threaded hello-c; do
		calls_no_kernel $image
	done
}

@test "image: static, below 2 GiB, no segment writable and executable" {
	for image in hello hello-threaded hello-c; do
		has_image_layout $image
	done
}

@test "image: a PVH note, and a multiboot2 header where loaders look" {
	run -0 readelf -n hello
	says Xen
	# The magic number, in the first 32 KiB, at a multiple of 8.
	od -An -v -t x4 -w8 -N 32768 hello | grep -q '^ e85250d6 00000000$'
}

@test "image: 1.1 MB, stripped" {
	strip -o "$BATS_TEST_TMPDIR/stripped" hello
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/stripped")" -le 1153434 ]
	boots hello "$BATS_TEST_TMPDIR/stripped"
}

@test "the runtime's object shows the contract's names and no others" {
	works "$HALVM_SRC/tools/check-runtime-object" --all --bare \
		"$HALVM_BUILD/lib/halvm/targets/kvm/runtime.o" \
		"$HALVM_SRC/sysroot/syscalls.tbl" \
		etext halvm_ehdr_start halvm_end
}

@test "memory is as on Linux: rights, places, files, advice, reservations" {
	halvm-cc --target=kvm -std=gnu11 -g -O1 \
		"$HALVM_SRC/test/programs-c/memory.c" -o "$BATS_TEST_TMPDIR/memory"
	boots "$(cat "$HALVM_SRC/test/programs-c/memory.out")" \
		--memory=64M "$BATS_TEST_TMPDIR/memory"
}

@test "descriptors are as on Linux: pipes, timers, sets, sockets, locks" {
	halvm-cc --target=kvm -std=gnu11 -g -O1 \
		"$HALVM_SRC/test/programs-c/descriptors.c" \
		-o "$BATS_TEST_TMPDIR/descriptors"
	boots "$(cat "$HALVM_SRC/test/programs-c/descriptors.out")" \
		"$BATS_TEST_TMPDIR/descriptors"
}
