# SPDX-License-Identifier: BSD-3-Clause
# Applies edits to a source tree; each must match exactly once.
#
#   awk -v root=DIR -f checked-edit.awk EDITS
#
# EDITS is a list of
#
#   edit FILE            (below root; text up to here is comment)
#   <<<<
#   the old lines
#   ====
#   the new lines
#   >>>>
#
# Old and new are compared as they stand, without patterns; the last newline
# of each is left out, so a part of a line can be named. Nothing is written
# unless every edit fits. Exit status 1 and a message otherwise.

function die(s)
{
	printf "%s:%d: %s\n", FILENAME, NR, s > "/dev/stderr"
	failed = 1
	exit 1
}

function slurp(path,    s, l, r, n)
{
	s = ""
	n = 0
	while ((r = (getline l < path)) > 0) {
		s = s (n++ ? "\n" : "") l
	}
	if (r < 0)
		die("cannot read " path)
	close(path)
	return s "\n"
}

function apply(    s, at, rest, path)
{
	path = root "/" file
	s = (path in text) ? text[path] : slurp(path)
	at = index(s, old)
	if (!at)
		die(file ": the text before this line does not occur")
	rest = substr(s, at + length(old))
	if (index(rest, old))
		die(file ": the text before this line occurs more than once")
	text[path] = substr(s, 1, at - 1) new rest
}

state == "" && /^edit / { file = substr($0, 6); next }
state == "" && $0 == "<<<<" {
	if (file == "")
		die("no file named before the edit")
	state = "old"; old = ""; lines = 0
	next
}
state == "old" && $0 == "====" {
	if (!lines)
		die("an edit without old text")
	state = "new"; new = ""; lines = 0
	next
}
state == "new" && $0 == ">>>>" { apply(); state = ""; file = ""; next }
state == "old" { old = old (lines++ ? "\n" : "") $0; next }
state == "new" { new = new (lines++ ? "\n" : "") $0; next }

END {
	if (failed)
		exit 1
	if (state != "")
		die("the last edit does not end")
	for (p in text)
		printf "%s", text[p] > p
}
