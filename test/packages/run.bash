# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2154
#
# Runs a test suite on stock, linux or kvm, and tells what came of it. After
# build.bash.

# suite_command TARGET PROGRAM FOLDER MEMORY: $command, what runs it
suite_command() {
	case $1 in
	stock | linux) command=("$2") ;;
	kvm)
		command=("$BUILDDIR/bin/halvm-run" --memory="$4"
			--clear-env --env=LANG=C.UTF-8 --env=HOME=/tmp
			--env="${datadir}=/" --root="$3" "$2")
		;;
	esac
}

# run_suite TARGET ID SUITE MEMORY SECONDS OPTION...: writes a line `status
# passed failed` to standard output, and what the suite says to
# $home/suites/ID/SUITE.TARGET. Each run has a fresh copy of the package's
# folder; a machine is emulated, and gets ten times the time.
run_suite() {
	local target=$1 id=$2 suite=$3 memory=$4 seconds=$5 status=0
	local dir=$home/suites$kind/$2 program output datadir copy
	local -a command
	shift 5
	program=$(suite_program "$dir/dist" "$suite")
	output=$dir/$suite.$target
	datadir=${id%-*}
	datadir=${datadir//-/_}_datadir
	copy=$(mktemp -d)
	cp -R "$dir/package/." "$copy"
	if [[ $target == kvm ]]; then
		seconds=$((10 * seconds))
		"$BUILDDIR/bin/halvm-ld" --target=kvm "$program" \
			-o "$dir/$suite.image" >"$output" 2>&1 || {
			rm -rf "$copy"
			printf 'unlinked 0 0\n'
			return
		}
		program=$dir/$suite.image
	fi
	suite_command "$target" "$program" "$copy" "$memory"
	(
		cd "$copy"
		ulimit -c 0
		env -i PATH=/usr/bin:/bin HOME="$copy" LANG=C.UTF-8 \
			"$datadir=$copy" timeout -k 10 "$seconds" \
			"${command[@]}" "$@"
	) >"$output" 2>&1 </dev/null || status=$?
	rm -rf "$copy" "$dir/$suite.image"
	[[ $status != 124 && $status != 137 ]] || status=stopped
	printf '%s %s\n' "$status" "$(awk -f "$HERE/counts.awk" "$output")"
}
