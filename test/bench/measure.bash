# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154
#
# What run.sh measures. Each function leaves a file of raw numbers, blanks
# between the columns, in $out:
#
#   compiles.tsv   turn compiler program wall cpu
#   times.tsv      program way compiler wall cpu kib
#   counts.tsv     program compiler instructions
#   foreign.tsv    way compiler kind(tab)nanoseconds
#   calls.tsv      what(tab)nanoseconds
#   large.tsv      compiler wall cpu
#   links.tsv      what(tab)seconds
#   sizes.tsv      what(tab)compiler bytes
#
# A thing that can't be measured is a line on stderr, an absent row, and
# failed=1; the rest goes on.

optimise=(-O2 -rtsopts -package-env - -no-user-package-db -v0)

fails() {
	say "failed: $*"
	failed=1
}

# A stock GHC may stand in for halvm-ghc, to test this.
is_halvm() {
	[[ ${HALVM_GHC##*/} == halvm-ghc* ]]
}

# compiler_of halvm|stock
compiler_of() {
	case $1 in
	halvm) printf '%s\n' "$HALVM_GHC" ;;
	stock) printf '%s\n' "$STOCK_GHC" ;;
	esac
}

# in_turns I: both compilers, the first one changing with I
in_turns() {
	if (($1 % 2)); then
		printf 'stock halvm\n'
	else
		printf 'halvm stock\n'
	fi
}

# watch FILE PREFIX... -- COMMAND...: appends PREFIX and stopwatch's numbers
watch() {
	local file=$1 numbers prefix=()
	shift
	while [ "$1" != -- ]; do
		prefix+=("$1")
		shift
	done
	shift
	numbers=$("$out/stopwatch" "$out/output" "$@") || return 1
	printf '%s %s\n' "${prefix[*]}" "$numbers" >>"$file"
}

# The first turn's objects stay: measure_programs links them.
measure_compiles() {
	local turn name kind objects
	for ((turn = 1; turn <= compiles; turn++)); do
		say "compiling, turn $turn of $compiles"
		for name in $programs; do
			for kind in $(in_turns "$turn"); do
				objects=$out/$kind/objects/$name
				rm -rf "$objects"
				mkdir -p "$objects"
				watch "$out/compiles.tsv" "$turn" "$kind" \
					"$name" -- "$(compiler_of "$kind")" \
					"${optimise[@]}" --make -no-link \
					-outputdir "$objects" \
					"$here/programs/$name.hs" ||
					fails "$kind: compiling $name"
			done
		done
	done
}

# link_program KIND NAME: both ways, as $out/KIND/WAY/NAME
link_program() {
	local kind=$1 name=$2 way flags
	for way in vanilla threaded; do
		flags=()
		[ $way = vanilla ] || flags=(-threaded)
		mkdir -p "$out/$kind/$way"
		"$(compiler_of "$kind")" "${optimise[@]}" --make "${flags[@]}" \
			-outputdir "$out/$kind/objects/$name" \
			"$here/programs/$name.hs" -o "$out/$kind/$way/$name" ||
			return 1
	done
}

measure_programs() {
	local name way kind turn size
	for name in $programs; do
		for kind in stock halvm; do
			link_program $kind "$name" || fails "$kind: linking $name"
		done
		size=$(size_of "$name" "$size_column")
		say "running $name $size"
		for way in $(ways_of "$name"); do
			same_output "$name" "$way" "$size" || continue
			for ((turn = 1; turn <= runs; turn++)); do
				for kind in $(in_turns "$turn"); do
					watch "$out/times.tsv" "$name" "$way" \
						"$kind" -- \
						"$out/$kind/$way/$name" "$size" ||
						fails "$kind: $name, $way"
				done
			done
		done
	done
}

# same_output NAME WAY SIZE: a figure for wrong output would be worth nothing.
# Also the run that warms the caches.
same_output() {
	local kind
	for kind in stock halvm; do
		if ! "$out/$kind/$2/$1" "$3" >"$out/output.$kind"; then
			fails "$kind: $1, $2"
			return 1
		fi
	done
	cmp -s "$out/output.stock" "$out/output.halvm" || {
		fails "$1, $2: the outputs differ"
		return 1
	}
}

# counter_choose: sets $counter to what counts instructions here.
counter_choose() {
	if perf stat -x, -e instructions:u true 2>&1 |
		grep -q '^[0-9][0-9]*,'; then
		counter=perf
	elif command -v valgrind >/dev/null; then
		counter=valgrind
	else
		counter=none counts=no
		say 'no instruction counts: perf has no counters here; there' \
			'is no valgrind'
	fi
}

# count PROGRAM ARGUMENT: its instructions. -V0 stops the RTS's ticker, which
# makes the number nearly the same on each run.
count() {
	case $counter in
	perf)
		perf stat -x, -e instructions:u -o "$out/count" \
			"$1" "$2" +RTS -V0 >/dev/null &&
			awk -F, '$1 ~ /^[0-9]+$/ { print $1 }' "$out/count"
		;;
	valgrind)
		# Cachegrind without its caches is the quickest that counts.
		timeout 900 valgrind --tool=cachegrind --cache-sim=no \
			--cachegrind-out-file=/dev/null --log-file="$out/count" \
			"$1" "$2" +RTS -V0 >/dev/null &&
			awk '/I +refs:/ { gsub(",", "", $NF); print $NF }' \
				"$out/count"
		;;
	esac
}

measure_counts() {
	local name kind size number column=3
	[ "$counter" = valgrind ] || column=$size_column
	for name in $programs; do
		[[ $(ways_of "$name") == *vanilla* ]] || continue
		size=$(size_of "$name" "$column")
		say "counting $name $size, by $counter"
		for kind in stock halvm; do
			number=$(count "$out/$kind/vanilla/$name" "$size")
			if [ -n "$number" ]; then
				printf '%s %s %s\n' "$name" "$kind" "$number" \
					>>"$out/counts.tsv"
			else
				fails "$kind: counting $name"
			fi
		done
	done
}

measure_foreign() {
	local kind way flags turn calls=5000000
	[ "$quick" = no ] || calls=100000
	say 'foreign calls'
	for kind in stock halvm; do
		for way in vanilla threaded; do
			flags=()
			[ $way = vanilla ] || flags=(-threaded)
			mkdir -p "$out/$kind/objects/foreign"
			"$(compiler_of $kind)" "${optimise[@]}" "${flags[@]}" \
				-outputdir "$out/$kind/objects/foreign" \
				"$here/foreign/Main.hs" "$here/foreign/foreign.c" \
				-o "$out/$kind/$way/foreign" ||
				fails "$kind: building foreign, $way"
		done
	done
	for way in vanilla threaded; do
		for ((turn = 1; turn <= runs; turn++)); do
			for kind in $(in_turns "$turn"); do
				"$out/$kind/$way/foreign" $calls |
					sed "s/^/$way $kind /" \
						>>"$out/foreign.tsv" ||
					fails "$kind: foreign, $way"
			done
		done
	done
}

# measure_calls: getppid through libc's symbol against the real system call
measure_calls() {
	local turn name count
	local names=('host libc, real system call:host')
	say 'system calls'
	"$CC" -O2 "$here/call/call.c" -o "$out/call-host" ||
		fails 'compiling call.c by the host'
	if is_halvm; then
		if "$HALVM_CC" -O2 "$here/call/call.c" -o "$out/call-linux"; then
			names+=('linux target, real system call:linux')
		else
			fails 'compiling call.c by halvm-cc'
		fi
		if "$HALVM_CC" -O2 "$here/call/call.c" "$here/call/stub.c" \
			-Wl,--wrap=halvm_syscall_getppid -o "$out/call-symbol"; then
			names+=('symbol whose stub returns at once:symbol')
		else
			fails 'linking call.c with a stub'
		fi
	fi
	for ((turn = 1; turn <= runs; turn++)); do
		for name in "${names[@]}"; do
			count=2000000
			[ "${name##*:}" != symbol ] || count=100000000
			[ "$quick" = no ] || count=$((count / 100))
			printf '%s\t%s\n' "${name%:*}" \
				"$("$out/call-${name##*:}" $count)" \
				>>"$out/calls.tsv"
		done
	done
}

measure_large() {
	local turn kind
	mkdir -p "$out/large"
	awk -v modules=3 -v dir="$out/large" -f "$here/large.awk"
	for ((turn = 1; turn <= compiles; turn++)); do
		say "compiling the larger program, turn $turn of $compiles"
		for kind in $(in_turns "$turn"); do
			rm -rf "$out/$kind/objects/large"
			mkdir -p "$out/$kind/objects/large"
			watch "$out/large.tsv" "$kind" -- \
				"$(compiler_of "$kind")" "${optimise[@]}" -O1 \
				--make -no-link -i"$out/large" \
				-outputdir "$out/$kind/objects/large" \
				"$out/large/Main.hs" ||
				fails "$kind: compiling the larger program"
		done
	done
}

# measure_splices: modules with one splice, of the language alone and of a package
# that the interpreter has to load
# shellcheck disable=SC2016 # the dollars are Haskell's
measure_splices() {
	local turn kind what
	mkdir -p "$out/splices"
	printf '%s\n' '{-# LANGUAGE TemplateHaskell #-}' 'module Trivial where' \
		'x :: Int' 'x = $([|1 + 1|])' >"$out/splices/Trivial.hs"
	printf '%s\n' '{-# LANGUAGE TemplateHaskell #-}' 'module Loads where' \
		'import Distribution.Text' 'import Distribution.Version' \
		'import Language.Haskell.TH' 'x :: String' \
		'x = $(stringE (display (mkVersion [1, 2])))' \
		>"$out/splices/Loads.hs"
	for ((turn = 1; turn <= compiles; turn++)); do
		say "compiling splices, turn $turn of $compiles"
		for kind in $(in_turns "$turn"); do
			mkdir -p "$out/$kind/objects/splices"
			for what in Trivial Loads; do
				watch "$out/large-$what.tsv" "$kind" -- \
					"$(compiler_of "$kind")" -v0 -c \
					-package-env - -fforce-recomp \
					-outputdir "$out/$kind/objects/splices" \
					"$out/splices/$what.hs" ||
					fails "$kind: compiling $what.hs"
			done
		done
	done
}

# measure_links: sizes of stripped programs, and the time of a relink
measure_links() {
	local kind way flags name image
	printf 'main :: IO ()\nmain = putStrLn "Hello"\n' >"$out/Hello.hs"
	say 'sizes and relinks'
	for kind in stock halvm; do
		mkdir -p "$out/$kind/objects/hello"
		for way in vanilla threaded; do
			flags=()
			[ $way = vanilla ] || flags=(-threaded)
			image=$out/$kind/$way/hello
			"$(compiler_of $kind)" -O -v0 "${flags[@]}" "$out/Hello.hs" \
				-outputdir "$out/$kind/objects/hello" -o "$image" ||
				fails "$kind: hello, $way"
			for name in hello Maps TextWords ParsecJson; do
				image=$out/$kind/$way/$name
				[ -e "$image" ] || continue
				strip -o "$out/stripped" "$image"
				printf '%s, %s\t%s %s\n' "$name" $way $kind \
					"$(stat -c %s "$out/stripped")" \
					>>"$out/sizes.tsv"
			done
		done
	done
	if is_halvm; then
		measure_relink hello "$out/Hello.hs" objects/hello
		measure_relink 'the larger program' "$out/large/Main.hs" \
			objects/large -i"$out/large"
	fi
}

# measure_relink TITLE SOURCE OBJECTS FLAG...
measure_relink() {
	local title=$1 source=$2 objects=$out/halvm/$3 turn numbers
	shift 3
	"$HALVM_GHC" -O -v0 "$@" --emit=portable "$source" \
		-outputdir "$objects" -o "$out/portable.o" || {
		fails "--emit=portable: $title"
		return
	}
	for ((turn = 1; turn <= runs; turn++)); do
		numbers=$("$out/stopwatch" /dev/null "$HALVM_LD" --target=linux \
			"$out/portable.o" -o "$out/relinked") || {
			fails "relinking $title"
			return
		}
		printf '%s (%d KiB)\t%s\n' "$title" \
			$(($(stat -c %s "$out/portable.o") / 1024)) \
			"${numbers%% *}" >>"$out/links.tsv"
	done
}
