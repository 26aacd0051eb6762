# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# musl as architecture halvm: x86_64 without a system call instruction. What
# is not in the overlay, not edited and holds no `syscall` is x86_64's own.

recipe_inputs()
{
	find "$SRCDIR/sysroot/musl" -type f
	printf '%s\n' "$SRCDIR/sysroot/checked-edit.awk"
}

# What is generated counts, not the table: its other columns change more often.
recipe_key()
{
	generate musl-arch
	generate musl-syscall
}

generate()
{
	awk -f "$SRCDIR/sysroot/gen/table.awk" \
		-f "$SRCDIR/sysroot/gen/$1.awk" "$SRCDIR/sysroot/syscalls.tbl"
}

# The linker's own names, which the target's link script defines with the
# prefix that marks all that libc leaves to the target.
LINKER_NAMES="__init_array_start __init_array_end __fini_array_start
	__fini_array_end"

make_arch_halvm()
{
	local d f t
	cp -r arch/x86_64 arch/halvm
	rm arch/halvm/syscall_arch.h arch/halvm/crt_arch.h
	cp tools/add-cfi.x86_64.awk tools/add-cfi.halvm.awk
	for d in src/*/x86_64; do
		t=${d%/x86_64}/halvm
		mkdir "$t"
		for f in "$d"/*; do
			grep -qE '^[[:space:]]*syscall\b' "$f" || cp "$f" "$t"
		done
	done
	cp -r "$SRCDIR/sysroot/musl/overlay/." .
	# A function of the overlay takes the place of x86_64's in assembler.
	for f in src/*/halvm/*.c; do
		rm -f "${f%.c}.s"
	done
	mkdir -p src/misc/halvm
	generate musl-arch > arch/halvm/syscall_arch.h
	generate musl-syscall > src/misc/halvm/syscall.c
	checked_edits "$SRCDIR/sysroot/musl/edits" .
}

recipe_build()
{
	local n flags
	unpack musl src
	cd src || exit
	make_arch_halvm
	flags="$RING0_CFLAGS -O2 -fno-jump-tables
		-fasynchronous-unwind-tables
		-include $SRCDIR/sysroot/musl/debug-frame.h
		-D_DYNAMIC=halvm_dynamic
		-D__cp_begin=halvm_cancel_begin -D__cp_end=halvm_cancel_end
		-D__cp_cancel=halvm_cancelled
		-D__syscall_cp_asm=halvm_cancel_point"
	for n in $LINKER_NAMES; do
		flags="$flags -D$n=halvm_${n#__}"
	done
	# shellcheck disable=SC2086,SC2116
	CC="$HOST_CC" CFLAGS="$(echo $flags)" ./configure --prefix=/ \
		--disable-shared --enable-optimize=all --disable-wrapper
	make -j2 ARCH=halvm lib/libc.a lib/crt1.o lib/libm.a
	make ARCH=halvm DESTDIR="$WORK/inst" install-headers
	mkdir -p "$STAGE/lib"
	cp -a "$WORK/inst/include" "$STAGE/"
	cp lib/libc.a lib/crt1.o "$STAGE/lib/"
	# Names that programs ask for; all of it is in libc.a.
	for n in m pthread rt dl util crypt resolv xnet; do
		ar rcD "$STAGE/lib/lib$n.a"
	done
	if objdump -d "$STAGE/lib/libc.a" |
		grep -E '[[:space:]](syscall|sysenter|int +\$)' ; then
		fail "libc.a still holds a system call instruction"
	fi
}
