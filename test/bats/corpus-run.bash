# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2154
#
# How the corpus runs what corpus-build.bash built, and compares it.  A program
# for the host (stock's, or the linux target's) runs in a fresh folder; an
# image is booted by halvm-run, and has a folder with the same files.
#
# Rules of use: those of corpus.bash, which is sourced before.

# Where a machine's program runs.
corpus_guest_dir=/tmp/corpus

# corpus_exec NAME WHERE PROGRAM RESULT: runs PROGRAM and writes RESULT.out,
# RESULT.err and RESULT.status ("timeout" if it had to be stopped).  WHERE is
# `host', or the folder that is a machine's root; a machine is emulated, and gets
# four times the time.  After corpus_conf.
corpus_exec() {
	local name=$1 where=$2 program=$3 result=$4 status
	local dir=/ tmpdir=$corpus_guest_dir began=$SECONDS
	local seconds=$((conf_timeout * CORPUS_TIMEOUT_FACTOR))
	local src=$CORPUS_SRC/$name stdin=/dev/null
	local -a environment limit command
	[[ ! -e $src/stdin ]] || stdin=$src/stdin
	[[ $where == host ]] || seconds=$((4 * seconds))
	limit=(timeout -k 5 "$seconds")
	if [[ $where == host ]]; then
		dir=$(mktemp -d) || return 1
		corpus_files "$src" "$dir" || return 1
		tmpdir=$dir
	fi
	# Only what is named here reaches the program, so that two machines,
	# or two compilers' runs, can't differ by their environment.
	corpus_environment PATH=/usr/bin:/bin HOME=/home/corpus LANG=C.UTF-8 \
		TZ=UTC "TMPDIR=$tmpdir"
	if [[ $where == host ]]; then
		command=(env -i "${environment[@]}" "${limit[@]}" "$program")
	else
		# shellcheck disable=SC2206 # options, blanks between
		command=("${limit[@]}" "$HALVM_RUN" --clear-env
			"${environment[@]/#/--env=}" --root="$where"
			--cwd="$corpus_guest_dir" ${HALVM_RUN_OPTIONS:-}
			"$program")
	fi
	command+=("${conf_args[@]}")
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
	if ((status == 124 ||
		(status == 137 && SECONDS - began >= seconds))); then
		status=timeout
	fi
	printf '%s\n' "$status" >"$result.status"
	[[ $where != host ]] || rm -rf "$dir"
}

# corpus_environment NAME=VALUE...: $environment is that, but for what conf_env
# sets otherwise, and conf_env
corpus_environment() {
	local variable other
	environment=("${conf_env[@]}")
	for variable; do
		for other in "${conf_env[@]}"; do
			[[ ${other%%=*} != "${variable%%=*}" ]] || continue 2
		done
		environment+=("$variable")
	done
}

# corpus_files SOURCE DIR: puts the program's files into DIR
corpus_files() {
	[[ ! -d $1/files ]] || cp -R "$1/files/." "$2/"
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

# corpus_exec_all NAME WHERE DIR RESULTS: every way and case of the programs
# DIR/<way>/NAME
corpus_exec_all() {
	local name=$1 case way result
	local -a cases
	corpus_cases "$name"
	for case in "${cases[@]}"; do
		corpus_conf "$name" "$case"
		for way in $conf_ways; do
			corpus_result "$way" "$case"
			corpus_exec "$name" "$2" "$3/$way/$name" \
				"$4/$result" </dev/null
		done
	done
}

# corpus_target NAME TARGET: links NAME for it, runs all cases, and writes to
# $CORPUS_OUT/TARGET/NAME/verdict what corpus_check says of them.  Images of
# which all was well are removed: those of all programs take gigabytes.
corpus_target() {
	local name=$1 target=$2 root=host out=$CORPUS_OUT/$2/$1
	if corpus_link "$name" "$target"; then
		if [[ $target != linux ]]; then
			root=$(mktemp -d) || return 1
			mkdir -p "$root$corpus_guest_dir" &&
				corpus_files "$CORPUS_SRC/$name" \
					"$root$corpus_guest_dir" || return 1
		fi
		corpus_exec_all "$name" "$root" "$out" "$out"
		[[ $root == host ]] || rm -rf "$root"
	fi
	corpus_verdict "$name" "$target" >"$out/verdict"
	grep -q '^not ok' "$out/verdict" || rm -rf "$out/vanilla" \
		"$out/threaded"
}

# corpus_verdict NAME TARGET: TAP without numbers, one test a case
corpus_verdict() {
	local name=$1 target=$2 case way text title
	local -a cases
	corpus_cases "$name"
	for case in "${cases[@]}"; do
		corpus_conf "$name" "$case"
		for way in $conf_ways; do
			corpus_title "$name" "$case" "$way" "$target"
			if text=$(corpus_check "$name" "$case" "$way" \
				"$target" 2>&1); then
				printf 'ok - %s\n' "$title"
			else
				printf 'not ok - %s\n' "$title"
				printf '%s\n' "$text" | sed 's/^/#   /'
			fi
		done
	done
}

# corpus_check NAME CASE WAY TARGET: says on stdout what differs.
corpus_check() {
	local name=$1 case=$2 way=$3 target=$4 result what want got bad=0
	corpus_result "$way" "$case"
	got=$CORPUS_OUT/$target/$name
	want=$CORPUS_OUT/stock/$name/$result
	if corpus_expected "$name"; then
		corpus_result expect "$case"
		want=$CORPUS_SRC/$name/$result
		corpus_result "$way" "$case"
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
			[[ $(<"$got") != 0 ]] || return 0
		fi
	fi
	if [[ $what == status && $(<"$got") == timeout ]]; then
		printf 'status: timed out\n'
		return 1
	fi
	[[ -s $want || -s $got ]] || return 0
	cmp -s "$want" "$got" && return 0
	printf '%s differs:\n' "$what"
	diff -a -u --label wanted --label got "$want" "$got" | head -n 40
	return 1
}
