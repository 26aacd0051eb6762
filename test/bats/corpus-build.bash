# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2154
#
# How the corpus builds a program: once by stock GHC, whose results it keeps,
# and once by halvm-ghc, to a portable object for each way of the RTS. Each
# target's images are then linked by halvm-ld from these same objects.
#
# Rules of use: those of corpus.bash, which is sourced before. In $CORPUS_OUT:
#
#   stock/NAME/<way>[.<case>].{out,err,status}    the reference
#   work/NAME/obj                   what halvm-ghc compiled; stays
#   work/NAME/<way>/NAME.halvm.o    portable objects, until all targets are done
#   work/NAME/portable              their checksums and times
#   TARGET/NAME/<way>[.<case>].{out,err,status}   what the images did
#   TARGET/NAME/portable            the objects as this target's link saw them

corpus_way_flags() {
	way_flags=()
	[[ $1 == vanilla ]] || way_flags=(-threaded)
}

# corpus_compile GHC NAME WORK EXTENSION FLAG...: compiles NAME once into
# WORK/obj and has GHC make WORK/<way>/NAME<EXTENSION> of that for each way.
corpus_compile() {
	local ghc=$1 name=$2 work=$3 extension=$4 way c
	local -a flags objects=()
	shift 4
	corpus_conf "$name"
	mkdir -p "$work/obj" || return 1
	flags=(-v1 -package-env - -no-user-package-db -outputdir "$work/obj"
		-I"$work/obj" -rtsopts "${conf_ghc[@]}")
	cd "$CORPUS_SRC/$name" || return 1
	if ((${#conf_csource[@]})); then
		# First the Haskell side: it writes Main_stub.h for the C side.
		"$ghc" --make Main.hs -no-link "${flags[@]}" || return 1
		for c in "${conf_csource[@]}"; do
			objects+=("$work/obj/${c%.c}.o")
			"$ghc" -c "$c" -o "$work/obj/${c%.c}.o" \
				"${flags[@]}" || return 1
		done
	fi
	for way in $conf_ways; do
		mkdir -p "$work/$way" || return 1
		corpus_way_flags "$way"
		"$ghc" --make Main.hs "${objects[@]}" "${flags[@]}" \
			"${way_flags[@]}" "$@" -o "$work/$way/$name$extension" ||
			return 1
	done
}

# corpus_key NAME: a name for the cached results of the stock compiler.
corpus_key() {
	{
		printf 'format 2\n'
		cat "$CORPUS_OUT/stock-info"
		cd "$CORPUS_SRC/$1" && find . -type f -print0 |
			LC_ALL=C sort -z | xargs -0 sha256sum
	} | sha256sum | cut -c1-40
}

# corpus_reference NAME: has $CORPUS_OUT/stock/NAME made by the stock compiler,
# from the cache where it can.
corpus_reference() {
	local name=$1 key cache work out=$CORPUS_OUT/stock/$1
	if corpus_expected "$name"; then
		return 0
	fi
	rm -rf "$out"
	mkdir -p "$out" || return 1
	key=$(corpus_key "$name") || return 1
	cache=$CORPUS_CACHE/$name-$key
	if [[ -e $cache/done ]]; then
		cp "$cache"/* "$out/"
		return
	fi
	work=$(mktemp -d) || return 1
	if ! (corpus_compile "$STOCK_GHC" "$name" "$work" '') \
		>"$out/build.log" 2>&1; then
		rm -rf "$work"
		return 1
	fi
	mkdir -p "$work/results"
	corpus_exec_all "$name" host "$work" "$work/results"
	cp "$work"/results/* "$out/"
	# What timed out is not worth keeping, nor is a half result.
	if ! grep -qx timeout "$work"/results/*.status; then
		: >"$work/results/done"
		if mkdir -p "$CORPUS_CACHE" 2>/dev/null &&
			cp -R "$work/results" "$cache.$$" 2>/dev/null; then
			mv -T "$cache.$$" "$cache" 2>/dev/null ||
				rm -rf "$cache.$$"
		fi
	fi
	rm -rf "$work"
}

# corpus_compiler_stamp: changes when the compiler under test does.  GHC's own
# recompilation check sees libraries and flags, not a new compiler.
corpus_compiler_stamp() {
	local libdir
	libdir=$("$HALVM_GHC" --print-libdir 2>/dev/null)
	"$HALVM_GHC" --info 2>&1
	stat -L -c '%n %s %Y' "$(command -v "$HALVM_GHC")" \
		"$libdir/settings" "$libdir/bin/ghc" \
		"$libdir/package.conf.d/package.cache" 2>/dev/null
}

# corpus_subject NAME: makes NAME's portable objects.
corpus_subject() {
	local name=$1 work=$CORPUS_OUT/work/$1
	mkdir -p "$work" || return 1
	rm -rf "$work/vanilla" "$work/threaded" "$work/portable"
	if ! cmp -s "$CORPUS_OUT/compiler" "$work/compiler"; then
		rm -rf "$work/obj"
		cp "$CORPUS_OUT/compiler" "$work/compiler"
	fi
	(corpus_compile "$HALVM_GHC" "$name" "$work" .halvm.o \
		--emit=portable) >"$work/build.log" 2>&1 &&
		corpus_portable "$work" >"$work/portable"
}

# corpus_portable WORK: the portable objects there: checksums, and when they
# were last written, by whatever it was.
corpus_portable() {
	cd "$1" && sha256sum ./*/*.halvm.o && stat -c '%n %i %y' ./*/*.halvm.o
}

# corpus_link NAME TARGET: links the images $CORPUS_OUT/TARGET/NAME/<way>/NAME
corpus_link() {
	local way work=$CORPUS_OUT/work/$1 out=$CORPUS_OUT/$2/$1
	rm -rf "$out"
	mkdir -p "$out" || return 1
	if [[ ! -e $work/portable ]]; then
		cp "$work/build.log" "$out/build.log"
		return 1
	fi
	(corpus_portable "$work") >"$out/portable"
	corpus_conf "$1"
	for way in $conf_ways; do
		mkdir -p "$out/$way" &&
			"$HALVM_LD" --target="$2" "$work/$way/$1.halvm.o" \
				-o "$out/$way/$1" >>"$out/build.log" 2>&1 ||
			return 1
	done
}
