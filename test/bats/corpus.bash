# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034
#
# The corpus library: programs, cases and what their files say. What builds,
# runs and compares them is in corpus-build.bash and corpus-run.bash; the
# format of a program's folder is described in test/programs/README.md.
#
# Rules of use: source it; call corpus_init once; every path it gives out is
# absolute.  No function changes the caller's working directory.  Functions
# return 0 for success, 1 for a failed test or build, and exit 2 for wrong use.
# Thousands of cases go through these functions, so results are left in
# variables where a subshell would cost more than the work.

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
	corpus_beside halvm-ld "${HALVM_LD:-}" && HALVM_LD=$beside
	corpus_beside halvm-run "${HALVM_RUN:-}" && HALVM_RUN=$beside
}

# corpus_beside COMMAND VALUE: $beside is VALUE, or COMMAND from where halvm-ghc
# is
corpus_beside() {
	beside=${2:-$1}
	if [[ -z $2 && $HALVM_GHC == */* ]]; then
		beside=${HALVM_GHC%/*}/$1
	fi
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

# corpus_cases NAME: $cases are the names of its cases; `-' when it has just one.
corpus_cases() {
	local file=$CORPUS_SRC/$1/test.conf line
	cases=()
	if [[ -e $file ]]; then
		while IFS= read -r line || [[ -n $line ]]; do
			[[ ! $line =~ ^\[([a-z0-9-]*)\]$ ]] ||
				cases+=("${BASH_REMATCH[1]}")
		done <"$file"
	fi
	((${#cases[@]})) || cases=(-)
}

# corpus_result WAY CASE: $result is the base name of that run's results.
corpus_result() {
	result=$1
	[[ $2 == - ]] || result=$1.$2
}

# corpus_title NAME CASE WAY TARGET: $title is what the case is called.
corpus_title() {
	title="$1/$2 ($3, $4)"
	[[ $2 != - ]] || title="$1 ($3, $4)"
}

# corpus_conf NAME [CASE]: reads NAME/test.conf into the conf_* variables: what
# stands before the first [case], then what stands under [CASE].
corpus_conf() {
	local file=$CORPUS_SRC/$1/test.conf case=${2:--} section=''
	local line lineno=0
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
		corpus_conf_line "$line" "$file:$lineno"
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

# corpus_conf_line LINE PLACE
corpus_conf_line() {
	local key=${1%%=*} value=${1#*=}
	[[ $1 == *=* ]] || corpus_die "$2: not key=value"
	case $key in
	arg)
		printf -v value '%b' "$value"
		conf_args+=("$value")
		;;
	env)
		printf -v value '%b' "$value"
		conf_env+=("$value")
		;;
	rts) read -ra conf_rts <<<"$value" ;;
	ghc) read -ra conf_ghc <<<"$value" ;;
	csource) read -ra conf_csource <<<"$value" ;;
	ways) conf_ways=$value ;;
	stderr) conf_stderr=$value ;;
	stdin) conf_stdin=$value ;;
	timeout) conf_timeout=$value ;;
	linux-only) conf_linux_only=$value ;;
	*) corpus_die "$2: unknown key '$key'" ;;
	esac
}

# corpus_expected NAME: does NAME bring what it should print?
corpus_expected() {
	compgen -G "$CORPUS_SRC/$1/expect*.out" >/dev/null
}

# corpus_targets_of NAME: $targets_of are those of $TARGETS that it is run for.
# After corpus_conf.
corpus_targets_of() {
	targets_of=$TARGETS
	if [[ -n $conf_linux_only ]]; then
		[[ " $TARGETS " == *' linux '* ]] && targets_of=linux ||
			targets_of=''
	fi
}
