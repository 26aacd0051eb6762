# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154
#
# Turns run.sh's raw numbers (see measure.bash) into tables: Markdown, aligned
# to be read as it is. A ratio is HaLVM's figure over stock GHC's: below 1 is
# better than stock.

# What all tables' awk programs use: medians, and rows kept until the widths
# are known.
library='
function median(list,   n, v, i, j, t) {
	n = split(list, v, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && v[j] + 0 < v[j - 1] + 0; j--) {
			t = v[j]; v[j] = v[j - 1]; v[j - 1] = t
		}
	if (n == 0) return ""
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}
function ratio(a, b) {
	return a == "" || b == "" || b == 0 ? "" : a / b
}
# mean_add(name, x), mean(name): geometric means
function mean_add(name, x) {
	if (x != "" && x > 0) { logs[name] += log(x); terms[name]++ }
}
function mean(name) {
	return terms[name] ? exp(logs[name] / terms[name]) : ""
}
function shown(format, x) { return x == "" ? "-" : sprintf(format, x) }
function row(text) { rows[++nrows] = text }
function print_rows(   i, j, n, c, w, line) {
	for (i = 1; i <= nrows; i++) {
		n = split(rows[i], c, "|")
		for (j = 1; j <= n; j++)
			if (length(c[j]) > w[j]) w[j] = length(c[j])
	}
	for (i = 1; i <= nrows; i++) {
		n = split(rows[i], c, "|")
		line = "|"
		for (j = 1; j <= n; j++)
			line = line sprintf(j == 1 ? " %-" w[j] "s |" : \
				" %" w[j] "s |", c[j])
		print line
		if (i > 1) continue
		line = "|"
		for (j = 1; j <= n; j++) {
			t = sprintf("%" w[j] + 2 "s", ""); gsub(" ", "-", t)
			if (j > 1) t = substr(t, 2) ":"
			line = line t "|"
		}
		print line
	}
}
'

# existing FILE: it, or an empty file in its place
existing() {
	if [ -e "$1" ]; then
		printf '%s\n' "$1"
	else
		printf '/dev/null\n'
	fi
}

tables() {
	table_head
	if [ -e "$out/times.tsv" ]; then
		table_programs
	fi
	if [ -e "$out/compiles.tsv" ]; then
		table_compiles
	fi
	if [ -e "$out/foreign.tsv" ]; then
		table_foreign
	fi
	if [ -e "$out/calls.tsv" ]; then
		printf '\n## A system call, nanoseconds (getppid)\n\n'
		table_medians 'road' ns "$out/calls.tsv" %.1f
	fi
	if [ -e "$out/links.tsv" ]; then
		printf '\n## Relinking a portable object for linux, seconds\n\n'
		table_medians 'object' s "$out/links.tsv" %.3f
	fi
	if [ -e "$out/sizes.tsv" ]; then
		table_sizes
	fi
}

table_head() {
	local by="instructions are counted by $counter, of vanilla programs"
	[ "$counts" = yes ] || by='instructions were not counted'
	[ "$counts$counter" != yesvalgrind ] || by+=', on smaller problems'
	printf '# HaLVM against stock GHC\n\n'
	printf '%s; %s.\n' "$("$HALVM_GHC" --version | head -n 1)" \
		"$("$STOCK_GHC" --version)"
	printf '%s, %d CPUs. ' "$(sed -n 's/^model name[^:]*: //p' \
		/proc/cpuinfo | head -n 1)" "$(nproc)"
	printf 'Medians of %d runs in turns; %s. ' "$runs" "$by"
	printf 'A ratio is HaLVM to stock.\n'
}

table_programs() {
	printf '\n## Programs, -O2\n\n'
	awk "$library"'
	FILENAME ~ /counts/ { count[$1, $2] = $3; next }
	{
		key = $1 " " $2
		if (!(key in seen)) { seen[key]; order[++n] = key }
		wall[key, $3] = wall[key, $3] " " $4
		cpu[key, $3] = cpu[key, $3] " " $5
	}
	END {
		row("program|way|stock s|HaLVM s|ratio|CPU ratio|instructions")
		for (i = 1; i <= n; i++) {
			split(order[i], k, " ")
			s = median(wall[order[i], "stock"])
			h = median(wall[order[i], "halvm"])
			c = ratio(median(cpu[order[i], "halvm"]), \
				median(cpu[order[i], "stock"]))
			q = k[2] == "vanilla" ? ratio(count[k[1], "halvm"], \
				count[k[1], "stock"]) : ""
			mean_add("wall", ratio(h, s)); mean_add("cpu", c)
			mean_add("wall " k[2], ratio(h, s)); mean_add("count", q)
			mean_add("cpu " k[2], c)
			row(k[1] "|" k[2] "|" shown("%.3f", s) "|" \
				shown("%.3f", h) "|" shown("%.3f", ratio(h, s)) \
				"|" shown("%.3f", c) "|" shown("%.3f", q))
		}
		split("vanilla threaded", w, " ")
		for (i = 1; i <= 2; i++)
			row("geometric mean|" w[i] "| | |" \
				shown("%.3f", mean("wall " w[i])) "|" \
				shown("%.3f", mean("cpu " w[i])) "|" \
				(i == 1 ? shown("%.3f", mean("count")) : "-"))
		row("geometric mean|both| | |" shown("%.3f", mean("wall")) \
			"|" shown("%.3f", mean("cpu")) "|" \
			shown("%.3f", mean("count")))
		print_rows()
	}' "$(existing "$out/counts.tsv")" "$out/times.tsv"
}

table_compiles() {
	printf '\n## Compiling, seconds\n\n'
	awk "$library"'
	FILENAME ~ /large/ {
		k = FILENAME ~ /Trivial/ ? "t" : FILENAME ~ /Loads/ ? "c" : "l"
		w[k, $1] = w[k, $1] " " $2; c[k, $1] = c[k, $1] " " $3
		next
	}
	{
		if (!($3 in known)) { known[$3]; programs++ }
		wt[$1, $2] += $4; ct[$1, $2] += $5
		if ($1 > turns) turns = $1
	}
	function line(title, k) {
		s = median(w[k, "stock"]); h = median(w[k, "halvm"])
		x = median(c[k, "stock"]); y = median(c[k, "halvm"])
		if (s != "")
			row(title "|" shown("%.2f", s) "|" shown("%.2f", h) \
				"|" shown("%.3f", ratio(h, s)) "|" \
				shown("%.3f", ratio(y, x)))
	}
	END {
		for (t = 1; t <= turns; t++) {
			w["p", "stock"] = w["p", "stock"] " " wt[t, "stock"]
			w["p", "halvm"] = w["p", "halvm"] " " wt[t, "halvm"]
			c["p", "stock"] = c["p", "stock"] " " ct[t, "stock"]
			c["p", "halvm"] = c["p", "halvm"] " " ct[t, "halvm"]
		}
		row("what|stock|HaLVM|ratio|CPU ratio")
		line("the programs above (" programs "), -O2", "p")
		line("a larger program, -O1", "l")
		line("a module with a trivial splice", "t")
		line("a module whose splice loads Cabal", "c")
		print_rows()
	}' "$out/compiles.tsv" "$(existing "$out/large.tsv")" \
		"$(existing "$out/large-Trivial.tsv")" \
		"$(existing "$out/large-Loads.tsv")"
}

table_foreign() {
	printf '\n## A foreign call, nanoseconds\n\n'
	awk -F '\t' "$library"'
	{
		split($1, k, " ")
		kind = substr($1, length(k[1] k[2]) + 3)
		key = kind "|" k[1]
		if (!(key in seen)) { seen[key]; order[++n] = key }
		ns[key, k[2]] = ns[key, k[2]] " " $2
	}
	END {
		row("call|way|stock|HaLVM|ratio")
		for (i = 1; i <= n; i++) {
			s = median(ns[order[i], "stock"])
			h = median(ns[order[i], "halvm"])
			row(order[i] "|" shown("%.1f", s) "|" shown("%.1f", h) \
				"|" shown("%.3f", ratio(h, s)))
		}
		print_rows()
	}' "$out/foreign.tsv"
}

# table_medians TITLE UNIT FILE FORMAT: lines of a name, a tab, a number
table_medians() {
	awk -F '\t' -v title="$1" -v unit="$2" -v format="$4" "$library"'
	{
		if (!($1 in list)) order[++n] = $1
		list[$1] = list[$1] " " $2
	}
	END {
		row(title "|" unit)
		for (i = 1; i <= n; i++)
			row(order[i] "|" shown(format, median(list[order[i]])))
		print_rows()
	}' "$3"
}

table_sizes() {
	printf '\n## Stripped images, bytes\n\n'
	awk -F '\t' "$library"'
	{
		split($2, v, " ")
		if (!($1 in seen)) { seen[$1]; order[++n] = $1 }
		bytes[$1, v[1]] = v[2]
	}
	END {
		row("image|stock (needs shared libraries)|HaLVM (static)")
		for (i = 1; i <= n; i++)
			row(order[i] "|" shown("%d", bytes[order[i], "stock"]) \
				"|" shown("%d", bytes[order[i], "halvm"]))
		print_rows()
	}' "$out/sizes.tsv"
}
