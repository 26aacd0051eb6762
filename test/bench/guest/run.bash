# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154
#
# How the benchmarks boot a guest: kvm and linux by QEMU itself, vmware and xen by
# halvm-run, which makes vmware's disk and has a test bed for xen.
#
# Rules of use: sourced by run.sh, before guest.bash.

# guest_kernel: sets $kernel to a kernel for the Linux guest, or to nothing.
guest_kernel() {
	local package file
	kernel=${BENCH_KERNEL:-}
	[ "$kernel" != none ] || kernel=
	[ -z "${BENCH_KERNEL:-}" ] || return 0
	for kernel in "$guest_cache"/linux/boot/vmlinuz-*; do
		[ ! -r "$kernel" ] || return 0
	done
	kernel=
	package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null |
		awk '/Depends: linux-image/ { print $2; exit }')
	if [ -z "$package" ]; then
		say 'no kernel for a Linux guest: set BENCH_KERNEL'
		return 0
	fi
	say "downloading $package for the Linux guest"
	mkdir -p "$out/guest/deb" "$guest_cache/linux.$$"
	rm -f "$out"/guest/deb/*.deb
	if (cd "$out/guest/deb" && apt-get download "$package") \
		>"$out/guest/apt.log" 2>&1; then
		for file in "$out"/guest/deb/*.deb; do
			dpkg -x "$file" "$guest_cache/linux.$$"
		done
		mv -T "$guest_cache/linux.$$" "$guest_cache/linux"
		for kernel in "$guest_cache"/linux/boot/vmlinuz-*; do
			return 0
		done
	fi
	rm -rf "$guest_cache/linux.$$"
	say 'no kernel for a Linux guest: see' "$out/guest/apt.log"
	kernel=
}

# guest_init FILE: a cpio archive (format newc) with FILE as /init, on stdout.
# The kernel's own first archive has /dev/console.
guest_init() {
	cpio_entry init $((0100755)) "$1"
	cpio_entry 'TRAILER!!!' 0 /dev/null
}

# cpio_entry NAME MODE FILE
cpio_entry() {
	local size
	size=$(stat -L -c %s "$3")
	# inode, mode, user, group, links, time, size, four device numbers,
	# length of the name with its NUL, checksum
	printf '070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X' \
		1 "$2" 0 0 1 0 "$size" 0 0 0 0 $((${#1} + 1)) 0
	printf '%s\0' "$1"
	cpio_pad $((110 + ${#1} + 1))
	cat "$3"
	cpio_pad "$size"
}

# cpio_pad SIZE: zeros up to a multiple of 4
cpio_pad() {
	local n=$(((4 - $1 % 4) % 4))
	((n == 0)) || head -c $n /dev/zero
}

# guest_plugin IMAGE FILE on|off: $plugin is the option that makes the plugin write
# FILE, for the marks that IMAGE has
guest_plugin() {
	local symbol address
	plugin=$out/guest/count.so,out=$2,count=$3
	for symbol in "${guest_marks[@]}"; do
		address=$(guest_symbol "$1" "$symbol")
		[ -z "$address" ] || plugin+=,at=$symbol:0x$address
	done
	# A boot loader may have run at the same addresses.
	plugin+=,after=_start
}

# guest_symbol IMAGE NAME: its address, without 0x
guest_symbol() {
	awk -v name="$2" '$3 == name { print $1; exit }' "$1.nm"
}

# guest_run GUEST IMAGE RESULT [--machine M] [--memory M] [--icount]
#     [--marks on|off] [ARGUMENT...]
# Boots IMAGE. Leaves RESULT.out, its output, and RESULT.marks, the plugin's,
# with --marks (`off': no instructions counted). 0 if the program exited with 0.
# --machine is for kvm and linux; xen's instructions are counted without --icount.
guest_run() {
	local guest=$1 image=$2 result=$3 machine=microvm memory=256 marks=''
	local icount=no plugin=''
	shift 3
	while (($#)); do
		case $1 in
		--machine) machine=$2 && shift ;;
		--memory) memory=$2 && shift ;;
		--icount) icount=yes ;;
		--marks) marks=$2 && shift ;;
		*) break ;;
		esac
		shift
	done
	rm -f "$result".*
	[ -z "$marks" ] || guest_plugin "$image" "$result.marks" "$marks"
	case $guest in
	kvm | linux) guest_run_qemu "$@" ;;
	vmware) guest_run_disk "$@" ;;
	xen) guest_run_xen "$@" ;;
	esac
}

# The rest are the parts of guest_run, with its variables, and the arguments.

guest_run_qemu() {
	local status options=()
	[ "$icount" = no ] || options+=(-icount 'shift=0,sleep=off')
	[ -z "$plugin" ] || options+=(-plugin "$plugin")
	options=("${QEMU:-qemu-system-x86_64}" -M "$machine" -accel tcg
		-m "$memory" -nodefaults -no-user-config -no-reboot
		-cpu max -display none -serial stdio "${options[@]}")
	case $guest in
	kvm)
		timeout "${guest_timeout:-120}" "${options[@]}" \
			-device isa-debug-exit,iobase="$guest_debug_exit",iosize=1 \
			-kernel "$image" -append \
			"halvm.debug-exit=$guest_debug_exit -- $*" \
			>"$result.raw" 2>"$result.err" </dev/null
		# isa-debug-exit ends QEMU with 2 n + 1.
		status=$(($? >> 1))
		;;
	linux)
		# What init leaves makes the kernel panic, and that reboot.
		timeout "${guest_timeout:-120}" "${options[@]}" \
			-kernel "$kernel" -initrd "$image.cpio" -append \
			"console=ttyS0 quiet mitigations=off panic=-1 reboot=t -- $*" \
			>"$result.raw" 2>"$result.err" </dev/null
		status=$(sed -n 's/.*kill init! exitcode=0x\([0-9a-f]*\).*/\1/p' \
			"$result.raw")
		status=$((0x${status:-100} >> 8))
		;;
	esac
	tr -d '\r' <"$result.raw" | grep -av '^\[ *[0-9]*\.[0-9]*\]' \
		>"$result.out"
	return "$status"
}

# halvm-run makes the disk, and boots it by SeaBIOS and GRUB.
guest_run_disk() {
	local options=()
	[ "$icount" = no ] || options+=(-icount 'shift=0,sleep=off')
	[ -z "$plugin" ] || options+=(-plugin "$plugin")
	timeout "${guest_timeout:-120}" "$HALVM_RUN" --accel=tcg \
		--memory="${memory}M" "${options[@]/#/--qemu-arg=}" \
		"$image" "$@" >"$result.out" 2>"$result.err" </dev/null
}

# To be counted, the domain has a test bed of its own, whose QEMU has the
# plugin.  Of all that runs there (Xen, Linux as dom0) only what runs at the
# image's addresses is counted: no other program has these.
guest_run_xen() {
	local status=0
	if [ -z "$plugin" ]; then
		guest_run_domain "$@"
		return
	fi
	plugin+=,range=0x$(guest_symbol "$image" halvm_ehdr_start)
	plugin+=:0x$(guest_symbol "$image" halvm_end)
	guest_bed_qemu
	local -x HALVM_BED=bench HALVM_QEMU=$guest_cache/bed-qemu
	timeout 60 "$HALVM_TESTBED" stop >"$result.bed" 2>&1
	if ! BENCH_QEMU_PLUGIN=$plugin timeout 600 "$HALVM_TESTBED" start \
		>>"$result.bed" 2>&1; then
		say "no test bed: $(tail -n 1 "$result.bed")"
		return 1
	fi
	guest_run_domain "$@" || status=$?
	# The plugin writes its file when QEMU ends.
	timeout 60 "$HALVM_TESTBED" stop >>"$result.bed" 2>&1
	return $status
}

guest_run_domain() {
	timeout "${guest_timeout:-120}" "$HALVM_RUN" --memory="${memory}M" \
		"$image" "$@" >"$result.out" 2>"$result.err" </dev/null
}

# guest_bed_qemu: makes $guest_cache/bed-qemu, the QEMU of that test bed.  It is
# kept as it is: a bed is saved, and loaded again, for one QEMU.
guest_bed_qemu() {
	local text
	# shellcheck disable=SC2016 # for the script to expand
	text=$(printf '#!/bin/sh\nexec %q "$@" %s' \
		"$(command -v "${QEMU:-qemu-system-x86_64}")" \
		'${BENCH_QEMU_PLUGIN:+-plugin "$BENCH_QEMU_PLUGIN"}')
	if [ "$text" != "$(cat "$guest_cache/bed-qemu" 2>/dev/null)" ]; then
		mkdir -p "$guest_cache"
		printf '%s\n' "$text" >"$guest_cache/bed-qemu"
		chmod +x "$guest_cache/bed-qemu"
	fi
}
