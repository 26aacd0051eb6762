# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154
#
# Tables of what guest.bash measured, in the style of ../tables.bash, which is
# sourced before. A ratio is HaLVM's figure over the Linux guest's.

tables_guest() {
	printf '\n# HaLVM against Linux as a guest\n\n'
	printf 'The same portable objects, in the same QEMU (%s), without KVM. ' \
		"$("${QEMU:-qemu-system-x86_64}" --version | head -n 1)"
	if [ -n "${kernel:-}" ]; then
		printf 'Linux is %s with the program as init, mitigations off. ' \
			"${kernel##*/}"
		printf 'The machine is microvm, but where pc is named, and '
		printf 'for the seconds of Linux, which needs its timers. '
	fi
	printf 'Instructions are exact (-icount), seconds medians of %d runs. ' \
		"$guest_runs"
	printf 'A ratio is HaLVM to Linux.\n'
	if [ -e "$out/guest-start.tsv" ]; then
		table_guest_start
	fi
	if [ -e "$out/guest-sizes.tsv" ]; then
		table_guest_sizes
	fi
	if [ -e "$out/guest-micro.tsv" ]; then
		table_guest_micro
	fi
	if [ -e "$out/guest-programs.tsv" ]; then
		table_guest_programs
	fi
}

# Parts of a run. Linux has no entry of its own worth a row: its boot counts from
# the machine's reset, with firmware and loader (under 1 % of it).
table_guest_start() {
	printf '\n## From the machine to the program and back\n\n'
	awk -F '\t' "$library"'
	BEGIN {
		title["hello-c"] = "hello of C"
		title["hello"] = "hello of Haskell"
		title["hello-threaded"] = "hello, -threaded"
	}
	{
		if (!($2 in seen)) { seen[$2]; order[++n] = $2 }
		list[$1, $2, $3] = list[$1, $2, $3] " " $4
	}
	function value(guest, image, what) {
		return median(list[guest, image, what])
	}
	function diff(guest, image, to, from,   a, b) {
		a = value(guest, image, to); b = value(guest, image, from)
		return a == "" || b == "" ? "" : a - b
	}
	function line(image, what, format, k, l) {
		row(title[image] "|" what "|" shown(format, k) "|" \
			shown(format, l) "|" shown("%.5f", ratio(k, l)))
	}
	function part(image, what, to, from) {
		line(image, what, "%d", diff("kvm", image, to, from), \
			diff("linux", image, to, from))
	}
	END {
		row("image|instructions, or what is said|HaLVM|Linux|ratio")
		for (i = 1; i <= n; i++) {
			m = order[i]
			line(m, "firmware and loader, to the entry", "%d", \
				value("kvm", m, "entry"), "")
			line(m, "runtime or kernel, to the start of libc", "%d", \
				diff("kvm", m, "start", "entry"), \
				value("linux", m, "start"))
			part(m, "libc and RTS, to main", "main", "start")
			part(m, "main and the end, to exit", "exit", "main")
			part(m, "after exit", "end", "exit")
			line(m, "all, from the entry", "%d", \
				diff("kvm", m, "end", "entry"), \
				value("linux", m, "end"))
			line(m, "seconds, entry to main", "%.4f", \
				diff("kvm", m, "main s", "entry s"), \
				value("linux", m, "main s"))
			line(m, "seconds, from reset to the end", "%.4f", \
				value("kvm", m, "end s"), \
				value("linux", m, "end s"))
			line(m, "least memory, MiB", "%d", \
				value("kvm", m, "memory"), \
				value("linux", m, "memory"))
		}
		print_rows()
	}' "$out/guest-start.tsv"
}

table_guest_sizes() {
	printf '\n## Stripped images, bytes\n\n'
	awk -F '\t' "$library"'
	{
		if (!($1 in seen)) { seen[$1]; order[++n] = $1 }
		bytes[$1, $2] = $3
	}
	END {
		row("what|hello of C|hello of Haskell|hello, -threaded")
		for (i = 1; i <= n; i++)
			row(order[i] "|" bytes[order[i], "hello-c"] "|" \
				bytes[order[i], "hello"] "|" \
				bytes[order[i], "hello-threaded"])
		print_rows()
	}' "$out/guest-sizes.tsv"
}

table_guest_micro() {
	printf '\n## What operations cost, instructions (machine pc)\n\n'
	awk -F '\t' "$library"'
	{
		if (!($2 in seen)) { seen[$2]; order[++n] = $2 }
		value[$2, $1] = $3
	}
	END {
		row("operation|HaLVM|Linux|ratio")
		for (i = 1; i <= n; i++) {
			k = value[order[i], "kvm"]; l = value[order[i], "linux"]
			row(order[i] "|" shown("%d", k) "|" shown("%d", l) \
				"|" shown("%.3f", ratio(k, l)))
		}
		print_rows()
	}' "$out/guest-micro.tsv"
}

table_guest_programs() {
	printf '\n## Programs, -O2, from the start of libc to exit (machine pc)\n\n'
	awk -F '\t' "$library"'
	{
		key = $2 "|" $3
		if (!(key in seen)) { seen[key]; order[++n] = key }
		list[key, $1, $4] = list[key, $1, $4] " " $5
	}
	function pair(key, what, format, scale,   k, l, r) {
		k = median(list[key, "kvm", what])
		l = median(list[key, "linux", what])
		r = ratio(k, l)
		mean_add(what, r)
		return shown(format, k == "" ? k : k / scale) "|" \
			shown(format, l == "" ? l : l / scale) "|" \
			shown("%.3f", r)
	}
	END {
		row("program|way|HaLVM M instr.|Linux M instr.|ratio|" \
			"HaLVM s|Linux s|ratio")
		for (i = 1; i <= n; i++)
			row(order[i] "|" \
				pair(order[i], "instructions", "%.1f", 1e6) \
				"|" pair(order[i], "seconds", "%.3f", 1))
		row("geometric mean| | | |" shown("%.3f", mean("instructions")) \
			"| | |" shown("%.3f", mean("seconds")))
		print_rows()
	}' "$out/guest-programs.tsv"
}
