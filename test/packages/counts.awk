# SPDX-License-Identifier: BSD-3-Clause
#
# What a test suite says it has run: `passed failed`, by the summaries of
# hspec, tasty, test-framework, HUnit and QuickCheck; 0 0 if it doesn't say.

# number AFTER: the number in the line that follows the text
function number(after,   at) {
	at = index($0, after)
	return at ? substr($0, at + length(after)) + 0 : 0
}

# before TEXT: the number that the text follows
function before(text,   at, rest, words, n) {
	at = index($0, text)
	if (!at)
		return 0
	rest = substr($0, 1, at - 1)
	n = split(rest, words, /[^0-9]+/)
	return words[n] == "" ? words[n - 1] + 0 : words[n] + 0
}

function add(p, f) {
	passed += p
	failed += f
}

# Colours, and lines that are written over: the last counts.
{
	gsub(/\033\[[0-9;?]*[A-Za-z]/, "")
	sub(/\r+$/, "")
	sub(/.*\r/, "")
}

# hspec
/^[0-9]+ examples?, [0-9]+ failures?/ {
	f = before(" failure")
	add($1 - f, f)
}

# tasty
/^All [0-9]+ tests passed/ { add($2, 0) }
/^[0-9]+ out of [0-9]+ tests failed/ { add($4 - $1, $1) }

# test-framework: a table whose last column is the sum
/^ *Passed +[0-9]/ { add($NF, 0) }
/^ *Failed +[0-9]/ { add(0, $NF) }

# HUnit
/^Cases: [0-9]+ +Tried: [0-9]+ +Errors: [0-9]+ +Failures: [0-9]+/ {
	f = number("Errors: ") + number("Failures: ")
	cases = number("Cases: ")
	if (number("Tried: ") == cases)
		add(cases - f, f)
}

# QuickCheck by itself
/\+\+\+ OK, passed [0-9]+ test/ { quick++ }
/\*\*\* (Failed|Gave up)/ { quickfailed++ }

END {
	if (!passed && !failed)
		add(quick, quickfailed)
	print passed + 0, failed + 0
}
