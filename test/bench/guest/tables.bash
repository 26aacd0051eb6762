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
	printf 'A ratio is that of kvm to Linux. On xen only the instructions '
	printf 'of the domain itself are counted, on vmware all of the machine, '
	printf 'which boots from a disk by SeaBIOS and GRUB.\n'
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
		a = value(guest, image, to)
		b = from == "" ? 0 : value(guest, image, from)
		return a == "" || b == "" ? "" : a - b
	}
	# FROM_LINUX: where the part begins there, if not at FROM
	function part(image, what, format, to, from, from_linux,   i, v, r) {
		v["linux"] = from_linux == "none" ? "" : \
			diff("linux", image, to, from_linux)
		r = title[image] "|" what
		for (i = 1; i <= machines; i++) {
			v[machine[i]] = diff(machine[i], image, to, from)
			r = r "|" shown(format, v[machine[i]])
		}
		row(r "|" shown(format, v["linux"]) "|" \
			shown("%.5f", ratio(v["kvm"], v["linux"])))
	}
	END {
		machines = split("kvm xen vmware", machine, " ")
		row("image|instructions, or what is said|kvm|xen|vmware|Linux" \
			"|ratio")
		for (i = 1; i <= n; i++) {
			m = order[i]
			part(m, "firmware and loader, to the entry", "%d", \
				"entry", "", "none")
			part(m, "runtime or kernel, to the start of libc", \
				"%d", "start", "entry", "")
			part(m, "libc and RTS, to main", "%d", "main", \
				"start", "start")
			part(m, "main and the end, to exit", "%d", "exit", \
				"main", "main")
			part(m, "after exit", "%d", "end", "exit", "exit")
			part(m, "all, from the entry", "%d", "end", "entry", "")
			part(m, "seconds, entry to main", "%.4f", "main s", \
				"entry s", "entry s")
			part(m, "seconds, from reset to the end", "%.4f", \
				"end s", "", "")
			part(m, "least memory, MiB", "%d", "memory", "", "")
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
