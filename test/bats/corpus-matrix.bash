# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2154
#
# The corpus as a matrix: which targets can be run here, what all of them had
# in common, and the table of all.
#
# Rules of use: those of corpus.bash, which is sourced before.

matrix_all_targets='linux kvm xen vmware'

# matrix_targets: takes from $TARGETS what can't be run here; ${absent[TARGET]}
# says why, $target_count how many are left.
matrix_targets() {
	local target left=''
	[[ $TARGETS != all ]] || TARGETS=$matrix_all_targets
	target_count=0
	for target in $TARGETS; do
		if ! matrix_lacks "$target"; then
			left+=${left:+ }$target
			target_count=$((target_count + 1))
		else
			absent["$target"]=$lack
		fi
	done
	TARGETS=$left
	# The test bed comes last: it ends after minutes of being idle.
	if [[ " $TARGETS " == *' xen '* ]] && ! matrix_bed_start; then
		absent[xen]=$lack
		target_count=$((target_count - 1))
		TARGETS=" $TARGETS "
		TARGETS=${TARGETS/ xen / }
	fi
}

# matrix_lacks TARGET: 0, and $lack says what, when something isn't there
matrix_lacks() {
	local tool modules
	lack=''
	[[ $1 != linux ]] || return 1
	for tool in "$HALVM_RUN" "$HALVM_LD"; do
		command -v "$tool" >/dev/null || lack="no $tool"
	done
	# It has nothing to link, so it fails; the question is why.
	if "$HALVM_LD" --target="$1" -o /dev/null 2>&1 |
		grep -q 'unknown target'; then
		lack="$HALVM_LD knows no such target"
		return 0
	fi
	case $1 in
	kvm | xen | vmware)
		command -v "${HALVM_QEMU:-qemu-system-x86_64}" >/dev/null ||
			lack="no ${HALVM_QEMU:-qemu-system-x86_64}"
		;;
	esac
	case $1 in
	xen)
		corpus_beside halvm-testbed "${HALVM_TESTBED:-}"
		HALVM_TESTBED=$beside
		command -v "$HALVM_TESTBED" >/dev/null ||
			lack="no $HALVM_TESTBED"
		;;
	vmware)
		modules=${HALVM_GRUB:-/usr/lib/grub}/i386-pc
		[[ -d $modules ]] || lack="no $modules"
		command -v grub-mkimage >/dev/null || lack='no grub-mkimage'
		;;
	esac
	[[ -n $lack ]]
}

# matrix_bed_start: a test bed runs, or $lack says why not; $bed_broken is
# yes if that isn't for want of something (status 77 of halvm-testbed)
bed_started=no bed_broken=no
matrix_bed_start() {
	local text status
	timeout 60 "$HALVM_TESTBED" status >/dev/null 2>&1 && return 0
	text=$(timeout 900 "$HALVM_TESTBED" start 2>&1 >/dev/null)
	status=$?
	if ((status)); then
		lack="no test bed (status $status): $(tail -n 1 <<<"$text")"
		((status == 77)) || bed_broken=yes
		return 1
	fi
	bed_started=yes
	trap matrix_bed_stop EXIT
	trap 'exit 143' TERM INT HUP
}

matrix_bed_stop() {
	[[ $bed_started == yes ]] || return 0
	bed_started=no
	timeout 60 "$HALVM_TESTBED" stop >/dev/null 2>&1
}

# matrix_absent: a skipped test for each target that can't be run
matrix_absent() {
	local target
	for target in "${!absent[@]}"; do
		if [[ $target == xen && $bed_broken == yes ]]; then
			printf 'not ok - the corpus on xen: %s\n' \
				"${absent[xen]}"
		else
			printf 'ok - the corpus on %s # SKIP %s\n' "$target" \
				"${absent[$target]}"
		fi
	done
}

# matrix_compiled_once PROGRAM...: what every target was linked from, bytes and
# times of writing, is what the compiler left before the first.
matrix_compiled_once() {
	local name target text=''
	for name; do
		for target in $TARGETS; do
			# Linked at all?
			[[ -e $CORPUS_OUT/$target/$name/portable ]] || continue
			cmp -s "$CORPUS_OUT/work/$name/portable" \
				"$CORPUS_OUT/$target/$name/portable" ||
				text+="#   $name, $target"$'\n'
		done
	done
	[[ -z $text ]] || printf 'not '
	printf 'ok - one compilation: all targets had the same objects\n%s' \
		"$text"
}

# matrix_table PROGRAM...: a row for each: how many of its cases, in all ways,
# are fine on each target, how many aren't.
matrix_table() {
	local name target
	for name; do
		for target in $TARGETS; do
			sed -n "s/^/$name $target /p" \
				"$CORPUS_OUT/$target/$name/verdict"
			[[ ! -e $CORPUS_OUT/$target/$name/time ]] ||
				sed "s/^/$name $target time /" \
					"$CORPUS_OUT/$target/$name/time"
		done
	done | awk -v targets="$TARGETS" '
	function cell(name, t,   text) {
		text = ok[name, t] + 0
		if (skipped[name, t])
			text = (ok[name, t] ? ok[name, t] " + " : "") \
				"(" skipped[name, t] ")"
		if (failed[name, t])
			text = ok[name, t] + 0 ", " failed[name, t] " FAILED"
		return text
	}
	function row(name,   i, line) {
		line = sprintf("%-26s", name)
		for (i = 1; i <= n; i++)
			line = line sprintf(" %15s", cell(name, target[i]))
		print line
	}
	BEGIN { n = split(targets, target) }
	!($1 in seen) { seen[$1]; order[++rows] = $1 }
	/# SKIP/ { skipped[$1, $2]++; skipped["all", $2]++; next }
	$3 == "time" { time[$2] += $4; next }
	$3 == "ok" { ok[$1, $2]++; ok["all", $2]++ }
	$3 == "not" { failed[$1, $2]++; failed["all", $2]++ }
	END {
		printf "%-26s", "cases, both RTS ways"
		for (i = 1; i <= n; i++)
			printf " %15s", target[i]
		print ""
		for (i = 1; i <= rows; i++)
			row(order[i])
		row("all")
		printf "%-26s", "seconds, all jobs together"
		for (i = 1; i <= n; i++)
			printf " %15.0f", time[target[i]] / 1e6
		print "\n(in parentheses: skipped, as no unikernel can run them)"
	}'
	for target in "${!absent[@]}"; do
		printf 'not run: %s (%s)\n' "$target" "${absent[$target]}"
	done
}
