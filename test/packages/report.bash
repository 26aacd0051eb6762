# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2154
#
# What check found, as TAP and as a table. After check's own functions.

# result TARGET ID SUITE: `status passed failed'. Without one, the program wasn't
# built; or, where nothing is built, it isn't known.
result() {
	local file
	file=$(result_file "$@")
	if [[ -f $file ]]; then
		cat "$file"
	elif [[ $known ]]; then
		printf 'unknown 0 0\n'
	else
		printf 'unbuilt 0 0\n'
	fi
}

# words STATUS PASSED FAILED: a result for people
words() {
	case $1 in
	unknown) printf "isn't known" ;;
	unbuilt) printf "doesn't build" ;;
	unlinked) printf "can't be linked" ;;
	stopped) printf 'stopped after its time' ;;
	*)
		printf 'exit status %s' "$1"
		(($2 + $3 == 0)) || printf ', %s passed, %s failed' "$2" "$3"
		;;
	esac
}

# cell TARGET ID: all suites of a package, for the table: how many tests
# passed, and of how many if some didn't. A suite that doesn't count is one.
cell() {
	local target=$1 id=$2 suite status p f passed=0 all=0 odd=''
	while read -r _ suite _; do
		read -r status p f < <(result "$target" "$id" "$suite")
		case $status in
		[0-9]*)
			if ((p + f == 0)); then
				((status == 0)) && p=1 || f=1
			elif ((status && f == 0)); then
				odd="exit $status"
			fi
			;;
		unknown) odd='not run' ;;
		*) odd=$status ;;
		esac
		passed=$((passed + p))
		all=$((all + p + f))
	done < <(suites "$id")
	if ((all == 0)); then
		printf '%s' "${odd:-–}"
	elif ((passed == all)); then
		printf '%s%s' "$passed" "${odd:+, $odd}"
	else
		printf '%s of %s%s' "$passed" "$all" "${odd:+, $odd}"
	fi
}

# remark ID
remark() {
	awk -v name="${1%-*}" '!/^#/ && $1 == name {
		$1 = ""
		print substr($0, 2) }' "$HERE/remarks" | paste -sd ';' -
}

# known_difference ID SUITE TARGET: the word that explains it
known_difference() {
	awk -v n="${1%-*}" -v s="$2" -v t="$3" '$1 == n && $2 == s &&
		$3 == t { print $4; found = 1 } END { exit !found }' \
		"$HERE/differences"
}

# tap ok|skip|bad TEXT...
tap() {
	local ok=$1
	shift
	number=$((number + 1))
	if [[ $ok == skip ]]; then
		printf 'ok %s - %s\n' "$number" "$*"
	elif [[ $ok == ok ]]; then
		passed_checks=$((passed_checks + 1))
		printf 'ok %s - %s\n' "$number" "$*"
	else
		failed_checks=$((failed_checks + 1))
		printf 'not ok %s - %s\n' "$number" "$*"
	fi
}

# report_suite ID SUITE: linux and kvm against stock
report_suite() {
	local target stock ours why
	stock=$(result stock "$1" "$2")
	for target in linux kvm; do
		ours=$(result "$target" "$1" "$2")
		# shellcheck disable=SC2086 # words
		if [[ $stock == unknown* || $ours == unknown* ]]; then
			tap skip "$1: $2 on $target # SKIP not run"
		elif [[ $stock == unbuilt* ]]; then
			tap bad "$1: $2: stock GHC doesn't build it"
		elif [[ $ours == "$stock" ]]; then
			tap ok "$1: $2 on $target: $(words $ours)"
		elif why=$(known_difference "$1" "$2" "$target"); then
			tap ok "$1: $2 on $target: $(words $ours)," \
				"$(words $stock) on stock: $why"
		else
			tap bad "$1: $2 on $target: $(words $ours)," \
				"$(words $stock) on stock"
		fi
	done
}

# boot_version NAME: the sysroot's version of it; empty if it has none
boot_version() {
	local id
	id=$("$BUILDDIR/bin/halvm-ghc-pkg" latest "$1" 2>/dev/null) || return 0
	printf '%s\n' "${id##*-}"
}

# report ID...: of all packages, and the suites of ${with_suites[@]}
report() {
	local id suite built
	local number=0 passed_checks=0 failed_checks=0
	use halvm
	built=" $(built_libraries | tr '\n' ' ') "
	while read -r id; do
		if [[ $(boot_version "$id") ]]; then
			tap ok "$id is in the sysroot"
		else
			tap bad "$id isn't in the sysroot"
		fi
	done < <(rows "$HERE/boot")
	for id; do
		! is_tool "$id" || continue
		if [[ $built == *" $id "* ]]; then
			tap ok "$id builds"
		else
			tap bad "$id doesn't build: see $home/log/libraries$kind"
		fi
	done
	for id in "${with_suites[@]}"; do
		while read -r _ suite _; do
			report_suite "$id" "$suite"
		done < <(suites "$id")
	done
	printf '1..%s\n' "$number"
	[[ -z $table ]] || write_table "$@" >"$table"
	printf '%s passed, %s failed\n' "$passed_checks" "$failed_checks"
	((failed_checks == 0))
}

# write_table ID...
write_table() {
	local id
	cat "$HERE/table-head.md"
	for id; do
		! is_tool "$id" || continue
		printf '| %s | %s | %s | %s | %s | %s | %s |\n' "${id%-*}" \
			"${id##*-}" \
			"$([[ $built == *" $id "* ]] && echo yes || echo no)" \
			"$(cell stock "$id")" "$(cell linux "$id")" \
			"$(cell kvm "$id")" "$(remark "$id")"
	done
	printf '\n%s\n\n| package | version |\n|---|---|\n' \
		'Of those that come with GHC, the sysroot has:'
	while read -r id; do
		printf '| %s | %s |\n' "$id" "$(boot_version "$id")"
	done < <(rows "$HERE/boot")
}
