# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# The compiler's support functions: those of the host's libgcc that keep out
# of the red zone, and ours in place of some that don't (sysroot/libgcc/).
# Decimal and 128-bit floating point, split stacks and nested functions'
# trampolines are left out.

recipe_inputs()
{
	find "$SRCDIR/sysroot/libgcc" -type f
	printf '%s\n' "$SRCDIR/sysroot/check-ring0"
}

recipe_build()
{
	local libgcc f
	libgcc=$("$HOST_CC" -print-libgcc-file-name)
	mkdir members
	cd members || exit
	ar x "$libgcc"
	rm -f ./bid* ./_*_sd.o ./_*_dd.o ./_*_td.o ./_[sdt]d_to_* \
		./*tf*.o ./*hf*.o ./*tc3.o ./*hc3.o ./_isinfd* sfp-exceptions.o \
		./*morestack* _eprintf.o __main.o _ctors.o _trampoline.o \
		enable-execute-stack.o
	for f in ./*.o; do
		"$SRCDIR/sysroot/check-ring0" "$f" > /dev/null 2>&1 || {
			echo "left out: $f"
			rm "$f"
		}
	done
	for f in "$SRCDIR"/sysroot/libgcc/*.c; do
		# shellcheck disable=SC2086
		"$HOST_CC" $RING0_CFLAGS -std=gnu11 -O2 -Wall -Wextra -Werror \
			-ffreestanding -c "$f" -o "halvm-$(basename "$f" .c).o"
	done
	mkdir -p "$STAGE/lib"
	ar rcD "$STAGE/lib/libhalvmgcc.a" ./*.o
	"$SRCDIR/sysroot/check-ring0" "$STAGE/lib/libhalvmgcc.a"
}
