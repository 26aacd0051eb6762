# SPDX-License-Identifier: BSD-3-Clause
#
# The steps of a document in Markdown, one file each in the folder OUT, numbered
# in their order: N.run (a command), N.expect (what it prints; absent: anything),
# N.file (a file's content; its first line is the name), N.where (line). See
# README.md in this folder for the format.

function step(kind)
{
	n++
	base = sprintf("%s/%03d", OUT, n)
	printf "%s:%d\n", FILENAME, FNR > (base ".where")
	close(base ".where")
	return base "." kind
}

function end_command()
{
	if (command == "")
		return
	printf "%s", command > target
	close(target)
	if (printed) {
		sub(/run$/, "expect", target)
		printf "%s", expect > target
		close(target)
	}
	command = expect = ""
	printed = 0
}

function complain(text)
{
	printf "%s:%d: %s\n", FILENAME, FNR, text > "/dev/stderr"
	bad = 1
}

# How deep a fence of this document lies, and what it is.
match($0, /^ *```+/) && !inside {
	inside = 1
	fence = $0
	sub(/[^`].*$/, "", fence)
	info = substr($0, RLENGTH + 1)
	kind = "text"
	if (match(info, /file=[^ ]+/)) {
		kind = "file"
		name = substr(info, RSTART + 5, RLENGTH - 5)
		out = step("file")
		print name > out
	} else if (info ~ /^ *(sh|bash|shell)/)
		complain("a block of commands is a ```console, with $ before them")
	else if (info ~ /^ *console/)
		kind = skip ? "skipped" : "console"
	first = 1
	skip = 0
	next
}

inside && $0 ~ /^ *```+ *$/ {
	end_command()
	if (kind == "file")
		close(out)
	inside = 0
	next
}

inside && kind == "text" && first && /^(--|#) FILE [^ ]+$/ {
	kind = "file"
	out = step("file")
	print $3 > out
}

inside && kind == "file" { print > out }

inside { first = 0 }

inside && kind == "console" && /^\$ / {
	end_command()
	target = step("run")
	command = substr($0, 3) "\n"
	next
}

inside && kind == "console" && command != "" && !printed && /^> / {
	command = command substr($0, 3) "\n"
	next
}

inside && kind == "console" {
	if (command == "")
		complain("output without a command")
	expect = expect $0 "\n"
	printed = 1
}

!inside && /^<!-- test: .* -->$/ {
	target = step("run")
	print substr($0, 12, length($0) - 15) > target
	close(target)
}

# The reason, and the test that runs the same: it must be there.
!inside && /^<!-- not run: / {
	skip = 1
	last = $0
	sub(/ *-->$/, "", last)
	if (!match(last, /; [^ ;]+$/)) {
		complain("a block that isn't run names the test that does")
		next
	}
	last = substr(last, RSTART + 2)
	if ((getline line < (SRC "/" last)) < 0)
		complain("no such test: " last)
	close(SRC "/" last)
}

# Indented blocks that look like commands would go untested.
!inside && /^    (\$ |\.\.?\/[a-z]|halvm-|apt|make |qemu-|ld |mkdir |cd )/ {
	complain("a block of commands is a ```console, with $ before them")
}

END {
	if (inside)
		complain("a block without an end")
	exit bad
}
