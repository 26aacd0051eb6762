# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# The corpus library: what test/bats/corpus (the command) and the Bats file
# it generates share.  The format of a program's folder is described in
# test/programs/README.md.
#
# Rules of use: source it; call corpus_init once; every path it gives out is
# absolute.  No function changes the caller's working directory.  Functions
# return 0 for success, 1 for a failed test or build, and exit 2 for wrong use.

corpus_die() {
	printf 'corpus: error: %s\n' "$*" >&2
	exit 2
}

# corpus_init: settles where everything is, from the environment.
corpus_init() {
	local here
	here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P) || exit 2
	CORPUS_SRC=${CORPUS_SRC:-$(cd "$here/../programs" && pwd -P)}
	CORPUS_OUT=${CORPUS_OUT:-$PWD/corpus-results}
	HALVM_GHC=${HALVM_GHC:-$PWD/bin/halvm-ghc}
	STOCK_GHC=${STOCK_GHC:-ghc}
	TARGETS=${TARGETS:-linux}
	CORPUS_TIMEOUT_FACTOR=${CORPUS_TIMEOUT_FACTOR:-1}
	CORPUS_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/halvm/corpus
	[[ $CORPUS_OUT == /* ]] || CORPUS_OUT=$PWD/$CORPUS_OUT
	[[ $HALVM_GHC != */* || $HALVM_GHC == /* ]] || HALVM_GHC=$PWD/$HALVM_GHC
	mkdir -p "$CORPUS_OUT" || exit 2
	: "${CORPUS_RUNNER_kvm=$here/run-kvm}"
	: "${HALVM_RUN=${HALVM_GHC%/*}/halvm-run}"
	export CORPUS_SRC CORPUS_OUT HALVM_GHC STOCK_GHC TARGETS
	export CORPUS_TIMEOUT_FACTOR CORPUS_CACHE
	export CORPUS_RUNNER_kvm HALVM_RUN
}

# corpus_list: the names of all programs, one a line, sorted.
corpus_list() {
	local main dir
	for main in "$CORPUS_SRC"/*/Main.hs; do
		[[ -e $main ]] || corpus_die "no programs in $CORPUS_SRC"
		dir=${main%/Main.hs}
		printf '%s\n' "${dir##*/}"
	done
}

# corpus_cases NAME: the names of its cases, one a line; `-` when it has just one.
corpus_cases() {
	local file=$CORPUS_SRC/$1/test.conf cases=''
	[[ ! -e $file ]] ||
		cases=$(sed -n 's/^\[\([a-z0-9-]*\)\]$/\1/p' "$file")
	printf '%s\n' "${cases:--}"
}

# corpus_result WAY CASE: the base name of that run's results.
corpus_result() {
	if [[ $2 == - ]]; then
		printf '%s\n' "$1"
	else
		printf '%s.%s\n' "$1" "$2"
	fi
}

# corpus_conf NAME [CASE]: reads NAME/test.conf into the conf_* variables: what
# stands before the first [case], then what stands under [CASE].
corpus_conf() {
	local file=$CORPUS_SRC/$1/test.conf case=${2:--} section=''
	local line key value lineno=0
	[[ -e $CORPUS_SRC/$1/Main.hs ]] || corpus_die "no program '$1'"
	conf_args=() conf_env=() conf_rts=() conf_ghc=() conf_csource=()
	conf_ways='vanilla threaded' conf_stderr=apart conf_timeout=30
	conf_linux_only='' conf_stdin=file
	[[ -e $file ]] || return 0
	while IFS= read -r line || [[ -n $line ]]; do
		lineno=$((lineno + 1))
		[[ -n $line && $line != '#'* ]] || continue
		if [[ $line == '['*']' ]]; then
			section=${line:1:-1}
			continue
		fi
		[[ -z $section || $section == "$case" ]] || continue
		key=${line%%=*} value=${line#*=}
		[[ $line == *=* ]] ||
			corpus_die "$file:$lineno: not key=value"
		case $key in
		arg)
			# A trailing dot keeps newlines that $() would drop.
			value=$(printf '%b.' "$value")
			conf_args+=("${value%.}")
			;;
		env)
			value=$(printf '%b.' "$value")
			conf_env+=("${value%.}")
			;;
		rts) read -ra conf_rts <<<"$value" ;;
		ghc) read -ra conf_ghc <<<"$value" ;;
		csource) read -ra conf_csource <<<"$value" ;;
		ways) conf_ways=$value ;;
		stderr) conf_stderr=$value ;;
		stdin) conf_stdin=$value ;;
		timeout) conf_timeout=$value ;;
		linux-only) conf_linux_only=$value ;;
		*) corpus_die "$file:$lineno: unknown key '$key'" ;;
		esac
	done <"$file"
	case $conf_stderr in
	apart | merged) ;;
	*) corpus_die "$file: stderr is 'apart' or 'merged'" ;;
	esac
	case $conf_stdin in
	file | pipe | closed) ;;
	*) corpus_die "$file: stdin is 'file', 'pipe' or 'closed'" ;;
	esac
	case $conf_ways in
	vanilla | threaded | 'vanilla threaded') ;;
	*) corpus_die "$file: ways are 'vanilla', 'threaded' or both" ;;
	esac
}

# corpus_expected NAME: does NAME bring what it should print?
corpus_expected() {
	compgen -G "$CORPUS_SRC/$1/expect*.out" >/dev/null
}

# corpus_build LOG GHC NAME WAY=LINKFLAGS... -- WORK
# Compiles NAME once into WORK and links WORK/<way>/NAME for each way.
corpus_build() {
	local ghc=$1 name=$2 work=$3 way c
	local -a flags objects=()
	shift 3
	corpus_conf "$name"
	mkdir -p "$work/obj" || return 1
	flags=(-v1 -package-env - -no-user-package-db -outputdir "$work/obj"
		-I"$work/obj" -rtsopts "${conf_ghc[@]}")
	cd "$CORPUS_SRC/$name" || return 1
	if ((${#conf_csource[@]})); then
		# First the Haskell side: it writes Main_stub.h for the C side.
		"$ghc" --make Main.hs -no-link "${flags[@]}" || return 1
		for c in "${conf_csource[@]}"; do
			objects+=("$work/obj/${c%.c}.o")
			"$ghc" -c "$c" -o "$work/obj/${c%.c}.o" \
				"${flags[@]}" || return 1
		done
	fi
	for way in $conf_ways; do
		mkdir -p "$work/$way" || return 1
		corpus_way_flags "$way"
		"$ghc" --make Main.hs "${objects[@]}" "${flags[@]}" \
			"${way_flags[@]}" "$@" -o "$work/$way/$name" || return 1
	done
}

corpus_way_flags() {
	case $1 in
	vanilla) way_flags=() ;;
	threaded) way_flags=(-threaded) ;;
	esac
}

# corpus_exec NAME PROGRAM RESULT [RUNNER]: runs PROGRAM in a fresh folder
# and writes RESULT.out, RESULT.err and RESULT.status ("timeout" if it had to
# be stopped).  RUNNER is put before the program: what boots an image.
corpus_exec() {
	local name=$1 program=$2 result=$3 runner=${4:-} dir status
	local seconds=$((conf_timeout * CORPUS_TIMEOUT_FACTOR))
	local src=$CORPUS_SRC/$name stdin=/dev/null
	local -a command runner_env=()
	dir=$(mktemp -d) || return 1
	if [[ -d $src/files ]]; then
		cp -R "$src/files/." "$dir/" || return 1
	fi
	[[ ! -e $src/stdin ]] || stdin=$src/stdin
	# Only what is named here reaches the program, so that two machines,
	# or two compilers' runs, can't differ by their environment.
	[[ -z $runner ]] || runner_env=("HALVM_RUN=$HALVM_RUN"
		${HALVM_ACCEL:+"HALVM_ACCEL=$HALVM_ACCEL"})
	command=(env -i PATH=/usr/bin:/bin HOME=/home/corpus LANG=C.UTF-8
		TZ=UTC TMPDIR="$dir" "${conf_env[@]}" "${runner_env[@]}"
		timeout -k 5 "$seconds" ${runner:+"$runner"} "$program"
		"${conf_args[@]}")
	if ((${#conf_rts[@]})); then
		command+=(+RTS "${conf_rts[@]}" -RTS)
	fi
	{
		# The braces catch bash's own word on a child killed by a signal.
		(corpus_exec_here "$dir")
		status=$?
	} 2>/dev/null
	[[ $conf_stderr == apart ]] || : >"$result.err"
	# timeout(1) says 124, or 137 when it had to kill.
	if ((status == 124)); then
		status=timeout
	fi
	printf '%s\n' "$status" >"$result.status"
	rm -rf "$dir"
}

# corpus_exec_here DIR: the part of corpus_exec that becomes the program.
corpus_exec_here() {
	ulimit -c 0
	umask 022
	cd "$1" || exit 99
	case $conf_stderr in
	apart) exec >"$result.out" 2>"$result.err" ;;
	merged) exec >"$result.out" 2>&1 ;;
	esac
	case $conf_stdin in
	file) exec "${command[@]}" <"$stdin" ;;
	closed) exec "${command[@]}" <&- ;;
	pipe)
		# The status wanted is the program's, not cat's.
		set +o pipefail
		# shellcheck disable=SC2002
		cat "$stdin" 2>/dev/null | "${command[@]}"
		exit
		;;
	esac
}

# corpus_exec_all NAME WORK RESULTS [RUNNER]: every way and case of a built
# program.
corpus_exec_all() {
	local name=$1 work=$2 results=$3 runner=${4:-} way case result
	while IFS= read -r case; do
		corpus_conf "$name" "$case"
		for way in $conf_ways; do
			result=$results/$(corpus_result "$way" "$case")
			corpus_exec "$name" "$work/$way/$name" "$result" \
				"$runner" </dev/null
		done
	done < <(corpus_cases "$name")
}

# corpus_key NAME: a name for the cached results of the stock compiler.
corpus_key() {
	{
		printf 'format 1\n'
		"$STOCK_GHC" --info
		cd "$CORPUS_SRC/$1" && find . -type f | LC_ALL=C sort |
			while IFS= read -r file; do
				printf '%s\n' "$file"
				cat "$file"
			done
	} | sha256sum | cut -c1-40
}

# corpus_reference NAME: has $CORPUS_OUT/stock/NAME/<way>.{out,err,status}
# made by the stock compiler, from the cache where it can.
corpus_reference() {
	local name=$1 key cache work out=$CORPUS_OUT/stock/$1
	if corpus_expected "$name"; then
		return 0
	fi
	rm -rf "$out"
	mkdir -p "$out" || return 1
	key=$(corpus_key "$name") || return 1
	cache=$CORPUS_CACHE/$name-$key
	if [[ ! -e $cache/done ]]; then
		work=$(mktemp -d) || return 1
		if ! (corpus_build "$STOCK_GHC" "$name" "$work") \
			>"$out/build.log" 2>&1; then
			rm -rf "$work"
			return 1
		fi
		mkdir -p "$work/results"
		corpus_exec_all "$name" "$work" "$work/results"
		# What timed out is not worth keeping, nor is a half result.
		if grep -qx timeout "$work"/results/*.status; then
			cp "$work"/results/* "$out/"
			rm -rf "$work"
			return 0
		fi
		: >"$work/results/done"
		if mkdir -p "$CORPUS_CACHE" 2>/dev/null &&
			cp -R "$work/results" "$cache.$$" 2>/dev/null; then
			mv -T "$cache.$$" "$cache" 2>/dev/null ||
				rm -rf "$cache.$$"
		fi
		cp "$work"/results/* "$out/"
		rm -rf "$work"
		return 0
	fi
	cp "$cache"/* "$out/"
}

# corpus_compiler_stamp: changes when the compiler under test does.  GHC's own
# recompilation check sees libraries and flags, not a new compiler.
corpus_compiler_stamp() {
	local libdir
	libdir=$("$HALVM_GHC" --print-libdir 2>/dev/null)
	"$HALVM_GHC" --info 2>&1
	stat -L -c '%n %s %Y' "$(command -v "$HALVM_GHC")" \
		"$libdir/settings" "$libdir/bin/ghc" \
		"$libdir/package.conf.d/package.cache" 2>/dev/null
}

# corpus_subject NAME: compiles NAME by halvm-ghc, links and runs it for each
# of $TARGETS.
corpus_subject() {
	local name=$1 target out runner work=$CORPUS_OUT/work/$1
	corpus_conf "$name"
	mkdir -p "$work" || return 1
	if ! cmp -s "$CORPUS_OUT/compiler" "$work/compiler"; then
		rm -rf "$work/obj"
		cp "$CORPUS_OUT/compiler" "$work/compiler"
	fi
	for target in $TARGETS; do
		out=$CORPUS_OUT/$target/$name
		if [[ $target != linux && -n $conf_linux_only ]]; then
			continue
		fi
		rm -rf "$out" "$work/vanilla" "$work/threaded"
		mkdir -p "$out" || return 1
		if ! (
			corpus_target_flags "$target"
			corpus_build "$HALVM_GHC" "$name" "$work" \
				"${target_flags[@]}"
		) >"$out/build.log" 2>&1; then
			continue
		fi
		runner=CORPUS_RUNNER_${target//-/_}
		corpus_exec_all "$name" "$work" "$out" "${!runner:-}"
	done
}

# A stock GHC can play the part of halvm-ghc, to test the tests; it knows no
# --target.
corpus_target_flags() {
	target_flags=(--target="$1")
	if [[ ${HALVM_GHC##*/} != halvm-ghc* ]]; then
		target_flags=()
	fi
}

# corpus_check NAME CASE WAY TARGET: says on stdout what differs.
corpus_check() {
	local name=$1 case=$2 way=$3 target=$4 result what want got bad=0
	result=$(corpus_result "$way" "$case")
	got=$CORPUS_OUT/$target/$name
	want=$CORPUS_OUT/stock/$name/$result
	if corpus_expected "$name"; then
		want=$CORPUS_SRC/$name/$(corpus_result expect "$case")
	elif [[ ! -e $want.status ]]; then
		printf 'the stock compiler could not build %s:\n' "$name"
		head -n 25 "$CORPUS_OUT/stock/$name/build.log"
		return 1
	fi
	if [[ ! -e $got/$result.status ]]; then
		printf '%s could not be built for %s:\n' "$name" "$target"
		head -n 25 "$got/build.log"
		return 1
	fi
	for what in status out err; do
		corpus_same "$want.$what" "$got/$result.$what" "$what" ||
			bad=1
	done
	return $bad
}

# corpus_same WANT GOT WHAT: an absent WANT stands for nothing printed, or 0.
corpus_same() {
	local want=$1 got=$2 what=$3
	if [[ ! -e $want ]]; then
		want=/dev/null
		if [[ $what == status ]]; then
			[[ $(cat "$got") != 0 ]] || return 0
		fi
	fi
	if [[ $what == status && $(cat "$got") == timeout ]]; then
		printf 'status: timed out\n'
		return 1
	fi
	cmp -s "$want" "$got" && return 0
	printf '%s differs:\n' "$what"
	diff -a -u --label wanted --label got "$want" "$got" | head -n 40
	return 1
}
