# SPDX-License-Identifier: BSD-3-Clause
# Makes the assembly of symbols.c's tables.
#
#   awk -v archives="PATH…" -f symbols.awk NAMES
#
# NAMES has one symbol a line, sorted by their bytes; the archives are what
# they come from, as paths below the sysroot.

BEGIN {
	print "\t.section .rodata"
	print "\t.globl halvm_symbols, halvm_symbol_count"
	print "\t.globl halvm_symbol_names, halvm_built_in"
	print "halvm_built_in:"
	n = split(archives, file, " ")
	for (i = 1; i <= n; i++)
		printf "\t.asciz \"%s\"\n", file[i]
	print "\t.byte 0\n\t.balign 4\nhalvm_symbols:"
	n = 0
	offset = 0
}

/[^A-Za-z0-9_.$]/ {
	print "symbols.awk: can't write this name: " $0 > "/dev/stderr"
	failed = 1
	exit 1
}

{
	printf "\t.long %d, \"%s\"\n", offset, $0
	name[n++] = $0
	offset += length($0) + 1
}

END {
	if (failed)
		exit 1
	print "halvm_symbol_count:\n\t.long " n "\nhalvm_symbol_names:"
	for (i = 0; i < n; i++)
		printf "\t.asciz \"%s\"\n", name[i]
}
