#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# `make bench`: measures HaLVM against stock GHC and writes the tables to
# $BUILDDIR/bench.txt (and to stdout). Both compilers build the same programs
# with the same flags; each pair runs in turns, so that a change in the
# machine's load meets both alike.
#
#   run.sh [--quick] [--no-counts] [--guest | --no-guest] [PROGRAM...]
#
#   --quick       one turn, small sizes: does everything still work?
#   --no-counts   no instruction counts (they take most of the time)
#   --guest       only HaLVM against Linux as guests of QEMU
#   --no-guest    all but that
#   PROGRAM       only these rows of programs.txt; no other table (with --guest:
#                 only these rows of its table of programs)
#
# From the environment:
#   BUILDDIR          a build tree or an installation (.)
#   HALVM_GHC, HALVM_LD, HALVM_CC, HALVM_RUN, HALVM_TESTBED
#                     commands measured ($BUILDDIR/bin/...)
#   STOCK_GHC or GHC  compiler to compare with (ghc)
#   BENCH_RUNS        turns (5)
#   BENCH_COMPILES    turns of the compile times (3)
#   BENCH_OUT         folder for objects and raw numbers ($BUILDDIR/bench)
#   QEMU, BENCH_KERNEL, BENCH_TARGETS, BENCH_GUEST_RUNS    see guest/guest.bash
#   BENCH_TABLE       the tables ($BUILDDIR/bench.txt)

# The Makefile starts it by sh; it needs bash. (The variables are read, and the
# functions called, in measure.bash and tables.bash.)
# shellcheck disable=SC2034,SC2317
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"

set -u
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd -P) || exit 2
BUILDDIR=${BUILDDIR:-$PWD}
HALVM_GHC=${HALVM_GHC:-$BUILDDIR/bin/halvm-ghc}
HALVM_LD=${HALVM_LD:-$BUILDDIR/bin/halvm-ld}
HALVM_CC=${HALVM_CC:-$BUILDDIR/bin/halvm-cc}
HALVM_RUN=${HALVM_RUN:-$BUILDDIR/bin/halvm-run}
HALVM_TESTBED=${HALVM_TESTBED:-$BUILDDIR/bin/halvm-testbed}
STOCK_GHC=${STOCK_GHC:-${GHC:-ghc}}
runs=${BENCH_RUNS:-5}
compiles=${BENCH_COMPILES:-3}
out=${BENCH_OUT:-$BUILDDIR/bench}
table=${BENCH_TABLE:-$BUILDDIR/bench.txt}
counts=yes quick=no size_column=2 stock=yes guest=yes
only=()

die() {
	printf 'bench: error: %s\n' "$*" >&2
	exit 2
}

say() {
	printf 'bench: [%d:%02d] %s\n' $((SECONDS / 60)) $((SECONDS % 60)) \
		"$*" >&2
}

# shellcheck source=/dev/null
source "$here/measure.bash"
# shellcheck source=/dev/null
source "$here/tables.bash"
# shellcheck source=/dev/null
source "$here/guest/run.bash"
# shellcheck source=/dev/null
source "$here/guest/guest.bash"
# shellcheck source=/dev/null
source "$here/guest/tables.bash"

while (($#)); do
	case $1 in
	--quick) quick=yes runs=1 compiles=1 size_column=3 ;;
	--no-counts) counts=no ;;
	--guest) stock=no ;;
	--no-guest) guest=no ;;
	--help)
		sed -n '4,/^$/s/^# \{0,1\}//p' "$0"
		exit 0
		;;
	-*) die "unknown option: $1; try --help" ;;
	*) only+=("$1") ;;
	esac
	shift
done

command -v "$HALVM_GHC" >/dev/null ||
	die "no $HALVM_GHC: run make, or set BUILDDIR or HALVM_GHC"
command -v "$STOCK_GHC" >/dev/null ||
	die "no $STOCK_GHC: install ghc, or set STOCK_GHC"
command -v "${CC:=gcc}" >/dev/null || die "no $CC: set CC"
mkdir -p "$out" || exit 2
out=$(cd "$out" && pwd -P)
"$CC" -O2 "$here/stopwatch.c" -o "$out/stopwatch" || exit 2
counter_choose

programs=$(awk -v only="${only[*]}" '
	BEGIN { n = split(only, names, " "); for (i in names) want[names[i]] }
	!/^#/ && NF && (n == 0 || $1 in want) { print $1 }
	' "$here/programs.txt")
[ -n "$programs" ] || die "no such program in programs.txt"
# ways_of PROGRAM
ways_of() {
	awk -v name="$1" '$1 == name { print (NF > 3 ? $4 : "vanilla threaded") }' \
		"$here/programs.txt"
}

# size_of PROGRAM COLUMN
size_of() {
	awk -v name="$1" -v column="$2" \
		'$1 == name { print $column }' "$here/programs.txt"
}

failed=0 kernel='' guest_runs=0
if [ "$stock" = yes ]; then
	rm -f "$out"/*.tsv
	measure_compiles
	measure_programs
	if [ "$counts" = yes ]; then
		measure_counts
	fi
	if ((${#only[@]} == 0)); then
		measure_foreign
		measure_calls
		measure_large
		measure_splices
		measure_links
	fi
fi
# Some rows are of the first part, unless --guest says otherwise.
[ "$stock" = no ] || ((${#only[@]} == 0)) || guest=no
if [ "$guest" = yes ]; then
	measure_guest
fi
# Each part stays until it is measured again; some rows alone are all there is.
if [ "$stock" = yes ]; then
	tables >"$out/stock.md"
fi
if [ "$guest" = yes ] && compgen -G "$out/guest-*.tsv" >/dev/null; then
	tables_guest >"$out/guest.md"
fi
{
	if [ -e "$out/stock.md" ]; then
		cat "$out/stock.md"
	fi
	if ((${#only[@]} == 0)) || [ "$stock" = no ]; then
		cat "$out/guest.md" 2>/dev/null
	fi
} | tee "$table"
say "tables in $table, raw numbers in $out"
exit $failed
