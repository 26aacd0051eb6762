#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The vmware target as its users meet it: images boot from a disk by each
# controller and firmware, take arguments, environment, files and streams, power
# the machine off, end with the program's status or a panic's, and are what an
# image should be. What the programs themselves do there is the corpus' to show.
#
# VMware itself is on no test machine: QEMU has its hardware, without KVM.

bats_require_minimum_version 1.5.0
load common
load boot

export HALVM_ACCEL=tcg

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	command -v qemu-system-x86_64 >/dev/null || return 0
	cd "$BATS_FILE_TMPDIR" || return
	hello_sources
	"${HGHC[@]}" --target=vmware -rtsopts Main.hs -o hello
	"${HGHC[@]}" --target=vmware -rtsopts -threaded Main.hs \
		-o hello-threaded
	halvm-cc --target=vmware hello.c -o hello-c
	boot_programs vmware
}

setup() {
	need_sysroot
	need_tool qemu-system-x86_64
	[ -d /usr/lib/grub/i386-pc ] || skip 'no GRUB for BIOS (grub-pc-bin)'
	cd "$BATS_FILE_TMPDIR" || return
	log=$BATS_TEST_TMPDIR/log
}

need_uefi() {
	[ -d /usr/lib/grub/x86_64-efi ] ||
		skip 'no GRUB for UEFI (grub-efi-amd64-bin)'
	[ -r "${HALVM_OVMF:-/usr/share/ovmf/OVMF.fd}" ] ||
		skip 'no UEFI (ovmf)'
}

@test "BIOS: C and both ways of Haskell from pvscsi and AHCI" {
	for controller in pvscsi ahci; do
		boots 'hello from C' --disk-controller=$controller hello-c
		boots 'hello a b' --disk-controller=$controller hello a b
		boots 'hello a b' --disk-controller=$controller \
			hello-threaded a b
	done
}

@test "BIOS: IDE, LSI Logic, and the machine q35" {
	boots hello --disk-controller=ide hello
	boots hello --disk-controller=lsi hello
	boots hello --machine=q35 hello
	boots hello --machine=q35 --disk-controller=ahci hello
}

@test "UEFI: from AHCI on pc and q35, with arguments and files" {
	need_uefi
	mkdir "$BATS_TEST_TMPDIR/root"
	head -c 200000 /dev/urandom >"$BATS_TEST_TMPDIR/root/data"
	cat >"$BATS_TEST_TMPDIR/sum.c" <<-'EOF'
		#include <stdio.h>
		int main(int argc, char **argv)
		{
			FILE *f = fopen(argv[1], "r");
			int c;
			while (f && (c = getc(f)) != EOF)
				putchar(c);
			return f ? argc : 0;
		}
	EOF
	halvm-cc --target=vmware "$BATS_TEST_TMPDIR/sum.c" \
		-o "$BATS_TEST_TMPDIR/sum"
	for machine in pc q35; do
		status=0
		timeout 120 halvm-run --firmware=uefi --machine=$machine \
			--root="$BATS_TEST_TMPDIR/root" \
			"$BATS_TEST_TMPDIR/sum" /data 'a b' \
			>"$BATS_TEST_TMPDIR/copy" || status=$?
		[ "$status" = 3 ]
		cmp "$BATS_TEST_TMPDIR/root/data" "$BATS_TEST_TMPDIR/copy"
	done
}

# QEMU says why it ends; 6 is that the guest switched the machine off.
@test "ACPI switches the machine off, after an exit and after a panic" {
	local trace=(--qemu-arg=-trace
		--qemu-arg=qemu_system_shutdown_request)
	qemu-system-x86_64 -trace help |
		grep -qx qemu_system_shutdown_request || skip 'no traces'
	for machine in pc q35; do
		run -7 timeout 60 halvm-run --log="$log" "${trace[@]}" \
			--machine=$machine status 7
		grep -q 'shutdown_request reason=6' "$log"
		run -125 timeout 60 halvm-run --log="$log" "${trace[@]}" \
			--machine=$machine status fault
		grep -q 'shutdown_request reason=6' "$log"
	done
	need_uefi
	run -7 timeout 60 halvm-run --log="$log" "${trace[@]}" \
		--firmware=uefi status 7
	grep -q 'shutdown_request reason=6' "$log"
}

@test "memory: little, and as many GiB as are given" {
	boots 'hello from C' --memory=8M hello-c
	boots hello --memory=8M hello
	boots hello --memory=6G hello
	boots hello --memory=6G --machine=q35 hello
}

@test "arguments arrive as they are" {
	local odd=('two words' '' $'ü"\'\\$x' '--' $'tab\tand\nnewline' '-x'
		'halvm.env=X=y' '"quoted"' 'back\slash' '+RTS' '[é]' "'" ' ')
	boots "$(printf '[%s]\n' "${odd[@]}")" echo "${odd[@]}"
}

@test "more arguments than any kernel's command line takes" {
	word=$(head -c 100000 /dev/zero | tr '\0' x)
	boots "$(printf '[%s]\n' "$word" "$word" last)" \
		echo "$word" "$word" last
}

@test "the environment arrives as it is" {
	boots $'[A]\n[B]\n[C]\n[D]\nA=<two words>\nB=<>\nC=<"q" \\ = \'x\'\n2>' \
		--env='A=two words' --env=B= --env=$'C="q" \\ = \'x\'\n2' \
		echo A B C D
	A=here boots $'[A]\nA=<here>' --env=A echo A
}

@test "files: an archive beside the image, and one in it" {
	mkdir "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/beside"
	echo inside >"$BATS_TEST_TMPDIR/in/a"
	echo inside >"$BATS_TEST_TMPDIR/in/b"
	echo beside >"$BATS_TEST_TMPDIR/beside/b"
	cat >"$BATS_TEST_TMPDIR/show.hs" <<-'EOF'
		module Main (main) where
		import System.Directory
		main :: IO ()
		main = do
		  getCurrentDirectory >>= putStrLn
		  mapM_ (\f -> readFile f >>= putStr) ["/a", "/b"]
	EOF
	"${HGHC[@]}" --target=vmware -outputdir "$BATS_TEST_TMPDIR" \
		"$BATS_TEST_TMPDIR/show.hs" -o "$BATS_TEST_TMPDIR/show"
	works halvm-image "$BATS_TEST_TMPDIR/show" \
		--root="$BATS_TEST_TMPDIR/in" -o "$BATS_TEST_TMPDIR/show"
	boots $'/\ninside\ninside' "$BATS_TEST_TMPDIR/show"
	boots $'/tmp\ninside\nbeside' --cwd=/tmp \
		--root="$BATS_TEST_TMPDIR/beside" "$BATS_TEST_TMPDIR/show"
}

@test "stdin: its end, none, hundreds of kilobytes of any bytes" {
	boots '' cat
	run -0 timeout 60 halvm-run cat <<<'a line'
	[ "$output" = 'a line' ]
	head -c 300000 /dev/urandom >"$BATS_TEST_TMPDIR/in"
	printf '\x10\x10\x10x00\x10d\x04\x03\x00' >>"$BATS_TEST_TMPDIR/in"
	timeout 120 halvm-run cat <"$BATS_TEST_TMPDIR/in" \
		>"$BATS_TEST_TMPDIR/out"
	cmp "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
}

@test "stdout and stderr come apart; a closed stream is closed there" {
	timeout 60 halvm-run status >"$BATS_TEST_TMPDIR/out" \
		2>"$BATS_TEST_TMPDIR/err"
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = out ]
	[ "$(cat "$BATS_TEST_TMPDIR/err")" = err ]
	printf '%s\n' '#include <fcntl.h>' '#include <stdio.h>' \
		'int main(void) { for (int i = 0; i < 3; i++)' \
		'	printf("%d", fcntl(i, F_GETFD)); puts(""); }' \
		>"$BATS_TEST_TMPDIR/closed.c"
	halvm-cc --target=vmware "$BATS_TEST_TMPDIR/closed.c" \
		-o "$BATS_TEST_TMPDIR/closed"
	[ "$(timeout 60 halvm-run "$BATS_TEST_TMPDIR/closed" <&-)" = -100 ]
	[ "$(timeout 60 halvm-run "$BATS_TEST_TMPDIR/closed" 2>&-)" = 00-1 ]
}

@test "the exit status is the program's, or what a shell would say" {
	for want in 0 1 124 125 255; do
		run "-$want" timeout 60 halvm-run status $want
		[ "$output" = $'out\nerr' ]
	done
	run -134 timeout 60 halvm-run status abort
}

@test "a fault nobody handles is a panic with a backtrace, status 125" {
	run -125 timeout 60 halvm-run status fault
	says out
	says panic
	says 0x10
	says main+
}

@test "Ctrl-C, --timeout and gdb reach the machine" {
	cat >"$BATS_TEST_TMPDIR/wait.c" <<-'EOF'
		#include <signal.h>
		#include <stdio.h>
		#include <unistd.h>
		static void on(int sig) { (void)sig; }
		int main(void)
		{
			signal(SIGINT, on);
			puts("up");
			fflush(stdout);
			pause();
			puts("interrupted");
			return 5;
		}
	EOF
	halvm-cc --target=vmware "$BATS_TEST_TMPDIR/wait.c" \
		-o "$BATS_TEST_TMPDIR/wait"
	cd "$BATS_TEST_TMPDIR" || return
	mkfifo in
	exec 8<>in
	env --default-signal=INT,QUIT halvm-run --timeout=60 ./wait \
		<in >out 3>&- 8>&- &
	pid=$!
	for _ in $(seq 200); do
		grep -q up out && break
		sleep 0.1
	done
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" = 5 ]
	[ "$(cat out)" = $'up\ninterrupted' ]
	run -124 timeout 60 halvm-run --timeout=3 ./wait </dev/null
	need_tool gdb
	port=$((20000 + RANDOM % 20000))
	halvm-run --timeout=60 --gdb=$port "$BATS_FILE_TMPDIR/status" 6 \
		>out 2>err </dev/null 3>&- &
	pid=$!
	for _ in $(seq 100); do
		grep -q "target remote" err && break
		sleep 0.1
	done
	run timeout 60 gdb -nx -batch \
		-x "$HALVM_BUILD/lib/halvm/gdb/halvm.gdb" \
		-ex "target remote 127.0.0.1:$port" -ex 'hbreak main' \
		-ex continue -ex 'halvm threads' -ex delete -ex continue \
		"$BATS_FILE_TMPDIR/status"
	says THREAD_RUNNING
	status=0
	wait "$pid" || status=$?
	[ "$status" = 6 ]
}

@test "files that the memory has no room for" {
	mkdir "$BATS_TEST_TMPDIR/much"
	head -c 12000000 /dev/urandom >"$BATS_TEST_TMPDIR/much/data"
	fails_with 1 halvm-run --memory=8M --root="$BATS_TEST_TMPDIR/much" \
		hello-c
	says "--memory=8M"
}

@test "disks in the place of images: each format, by BIOS and UEFI" {
	cd "$BATS_TEST_TMPDIR" || return
	for format in raw qcow2 vmdk vmdk-sparse ova iso; do
		works halvm-image "$BATS_FILE_TMPDIR/hello" \
			--format=$format -o disk.$format -- on a $format
		before=$(sha256sum disk.$format)
		run -0 timeout 60 halvm-run disk.$format </dev/null
		says "hello on a $format"
		[ "$(sha256sum disk.$format)" = "$before" ]
	done
	run -0 timeout 60 halvm-run --machine=q35 --disk-controller=ahci \
		disk.qcow2 </dev/null
	says 'hello on a qcow2'
	run -124 timeout 60 halvm-run --timeout=0.2 disk.raw </dev/null
	fails_with 2 halvm-run disk.raw an argument
	says 'its program'
	fails_with 2 halvm-run --env=A=b disk.ova
	says 'holds all'
	# cut short, it holds no disk
	head -c 5000 disk.ova >short
	fails_with 1 halvm-run short
	need_uefi
	run -0 timeout 60 halvm-run --firmware=uefi disk.ova </dev/null
	says 'hello on a ova'
}

@test "the portable object of a linux program becomes an image for vmware" {
	cd "$BATS_TEST_TMPDIR" || return
	works "${HGHC[@]}" --emit=portable "$BATS_FILE_TMPDIR/Main.o" \
		-o hello.halvm.o
	works halvm-ld --target=linux hello.halvm.o -o on-linux
	works halvm-ld --target=vmware hello.halvm.o -o on-vmware
	boots hello on-linux
	boots hello on-vmware
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

@test "image: a multiboot2 header where loaders look; 1.1 MB, stripped" {
	# The magic number, in the first 32 KiB, at a multiple of 8.
	od -An -v -t x4 -w8 -N 32768 hello | grep -q '^ e85250d6 00000000$'
	strip -o "$BATS_TEST_TMPDIR/stripped" hello
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/stripped")" -le 1153434 ]
	boots hello "$BATS_TEST_TMPDIR/stripped"
}

@test "the runtime's object shows the contract's names and no others" {
	works "$HALVM_SRC/tools/check-runtime-object" --all --bare \
		"$HALVM_BUILD/lib/halvm/targets/vmware/runtime.o" \
		"$HALVM_SRC/sysroot/syscalls.tbl" \
		etext halvm_ehdr_start halvm_end
}
