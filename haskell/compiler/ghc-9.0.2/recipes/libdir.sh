# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# GHC's library folder without the packages: settings, headers, tables. What
# is not ours comes from the distribution's ghc package, whose headers of
# generated constants hold for any x86-64 Linux ABI, musl's too.

recipe_inputs()
{
	printf '%s\n' "$GHC_FILES/settings.awk"
}

recipe_build()
{
	local from f
	from=$("$GHC" --print-libdir)
	mkdir -p "$STAGE/ghc/package.conf.d"
	for f in platformConstants llvm-targets llvm-passes template-hsc.h \
		ghc-usage.txt ghci-usage.txt; do
		cp "$from/$f" "$STAGE/ghc/"
	done
	cp -r "$from/include" "$STAGE/ghc/include"
	awk -v ar="${HOST_AR##*/}" -f "$GHC_FILES/settings.awk" "$from/settings" \
		> "$STAGE/ghc/settings"
}
