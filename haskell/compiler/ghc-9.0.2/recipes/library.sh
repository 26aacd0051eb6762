# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# One of GHC's libraries, by Cabal's Setup: static, split sections, registered
# relative to the package database. Row of `libraries`: folder, kind of Setup,
# level of optimisation, jobs, flags for configure. A function prepare_<name>
# may mend the sources.

recipe_inputs()
{
	printf '%s\n' "$GHC_FILES/libraries" "$GHC_FILES/prepare.sh" \
		"$GHC_FILES/ghc-prim.edits" "$GHC_FILES/base.edits" \
		"$GHC_FILES/source-paths.awk" \
		"$SRCDIR/sysroot/checked-edit.awk"
}

# shellcheck source=haskell/compiler/ghc-9.0.2/prepare.sh
. "$GHC_FILES/prepare.sh"

# The prefix that the files believe in; registrations are made relative.
PREFIX=/halvm-sysroot

# C sources of the package itself: which of their functions are leaves, so
# that the package's own imports of them may stay unsafe. After configure,
# which makes some of their headers.
own_leaves()
{
	local f o objs=()
	mkdir -p cbits.o
	for f in src/cbits/*.c src/lib/cbits/*.c; do
		[ -f "$f" ] || continue
		o=cbits.o/$(basename "$f" .c).o
		"$BINDIR/halvm-cc" -O2 -fno-jump-tables -w -Isrc/include \
			-Idist/build/include -Isrc/cbits -Isrc/lib/include \
			"-I$SYSROOT/ghc/include" \
			"-I$SYSROOT/ghc/base-4.15.1.0/include" \
			-c "$f" -o "$o" || continue
		objs+=("$o")
	done
	[ ${#objs[@]} -eq 0 ] || "$BINDIR/halvm-leaf" \
		--known "$SYSROOT/share/leaf-functions" "${objs[@]}" \
		> own.leaves
}

# Sources go by the names that stock GHC compiled them under: they show in call
# stacks. `libraries/<folder>` leads back to the package, and the package says
# that its modules are there.
source_paths()
{
	local up cabal=(src/*.cabal)
	up=$(printf "%s\n" "$1" | sed "s|[^/]*|..|g")
	mkdir -p "src/libraries/$(dirname "$1")"
	ln -s "$up" "src/libraries/$1"
	awk -v at="libraries/$1" -f "$GHC_FILES/source-paths.awk" \
		"${cabal[0]}" > cabal.new
	mv cabal.new "${cabal[0]}"
}

# Paths that only this build knows leave the registration; what libc and the
# runtime bring themselves is not named again.
relocatable_conf()
{
	awk -v prefix="$PREFIX/ghc" -v sysroot="$SYSROOT" '
		/^(extra-libraries|dynamic-library-dirs|data-dir|haddock-interfaces|haddock-html|library-dirs-static|extra-ghci-libraries):/ {
			skip = 1; next
		}
		/^[^ \t]/ { skip = 0 }
		skip { next }
		{
			while (at = index($0, prefix))
				$0 = substr($0, 1, at - 1) "${pkgroot}" \
					substr($0, at + length(prefix))
			while (at = index($0, sysroot))
				$0 = substr($0, 1, at - 1) "${pkgroot}/.." \
					substr($0, at + length(sysroot))
			print
		}' "$1"
}

recipe_build()
{
	local src row folder setup opt jobs flags conf
	src=$(ghc_source)
	row=$(awk -v n="$NAME" '$1 == n' "$GHC_FILES/libraries")
	read -r _ folder setup opt jobs flags <<< "$row"
	cp -r "$src/libraries/$folder" src
	if declare -F "prepare_$NAME" > /dev/null; then
		"prepare_$NAME" "$src"
	fi
	source_paths "$folder"
	: > own.leaves
	cd src || exit
	# shellcheck disable=SC2086
	set -- $flags
	setup=$WORKDIR/host/setup-$setup
	# shellcheck disable=SC2016
	"$setup" configure -v1 --builddir=../dist --ghc \
		"--with-compiler=$BINDIR/halvm-ghc" \
		"--with-hc-pkg=$BINDIR/halvm-ghc-pkg" \
		"--with-hsc2hs=$BINDIR/halvm-hsc2hs" \
		"--with-gcc=$BINDIR/halvm-cc" "--with-ld=$BINDIR/halvm-ld" \
		"--with-ar=$HOST_AR" "--prefix=$PREFIX" \
		"--libdir=$PREFIX/ghc" '--libsubdir=$pkgid' \
		"--dynlibdir=$PREFIX/ghc" "--datadir=$PREFIX/share" \
		"--docdir=$PREFIX/share/doc/\$pkgid" \
		--disable-shared --disable-library-profiling \
		--disable-library-for-ghci --disable-library-stripping \
		--global '--ipid=$pkgid' "--ghc-option=-O$opt" \
		--ghc-option=-split-sections \
		"--ghc-option=-fhalvm-leaf-list=$WORK/own.leaves" \
		"--ghc-option=-fhalvm-ffi-report=$WORK/ffi-report" \
		--ghc-option=-optc-fno-jump-tables \
		"$@" "${CONFIGURE[@]}"
	(cd .. && own_leaves)
	"$setup" build -v1 --builddir=../dist "--ghc-option=-j$jobs" \
		--ghc-options='+RTS -A64m -RTS'
	"$setup" copy -v1 --builddir=../dist "--destdir=$WORK/out"
	"$setup" register -v1 --builddir=../dist \
		"--gen-pkg-config=$WORK/conf"
	# shellcheck disable=SC2103
	cd .. || exit
	conf=$(sed -n 's/^id: *//p' conf)
	mkdir -p "$STAGE/ghc/package.conf.d" "$STAGE/share/ffi-report"
	cp -a "$WORK/out$PREFIX/ghc" "$STAGE/"
	relocatable_conf conf > "$STAGE/ghc/package.conf.d/$conf.conf"
	if declare -F "finish_$NAME" > /dev/null; then
		"finish_$NAME" "$STAGE/ghc/package.conf.d/$conf.conf"
	fi
	[ ! -f ffi-report ] ||
		sort -u ffi-report > "$STAGE/share/ffi-report/$NAME"
}
