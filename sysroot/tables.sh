# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Reads the two tables of components: sysroot/components and the one of the
# GHC version. Sourced after lib.sh.
#
# A row is `name recipe [dependency…]`, `#` starts a comment.

component_tables()
{
	awk '{ sub(/#.*/, "") } NF >= 2' "$SRCDIR/sysroot/components" \
		"$GHC_FILES/components"
}

component_names()
{
	component_tables | awk '{ print $1 }'
}

component_row()
{
	component_tables | awk -v n="$1" '$1 == n'
}

component_field()
{
	local v
	v=$(component_row "$1" | awk -v f="$2" '{ print $f }')
	[ -n "$v" ] || fail "no component named '$1'"
	printf '%s\n' "$v"
}

# All that a component builds upon, also through others: a dependency whose
# output stays the same stops nothing that its own dependencies changed.
component_deps()
{
	component_tables | awk -v n="$1" '
		{ for (i = 3; i <= NF; i++) deps[$1] = deps[$1] " " $i }
		function visit(c,    a, k, i) {
			k = split(deps[c], a)
			for (i = 1; i <= k; i++)
				if (!(a[i] in seen)) {
					seen[a[i]] = 1
					print a[i]
					visit(a[i])
				}
		}
		END { visit(n) }' | sort
}

# What depends on the GHC version stands in its folder and wins.
recipe_file()
{
	if [ -f "$GHC_FILES/recipes/$1.sh" ]; then
		printf '%s\n' "$GHC_FILES/recipes/$1.sh"
	else
		printf '%s\n' "$SRCDIR/sysroot/recipes/$1.sh"
	fi
}
