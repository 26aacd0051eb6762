# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154
#
# Two toolchains, stock GHC and HaLVM, each with a cabal store of its own and
# the same repository of sdists; libraries and test suites built by either.
# After lib.bash; $kind is -part for what --part makes
# and empty else.

# repository_config FILE: a cabal configuration with nothing but our sdists.
# shared-cache: the repository's folder stays as it is.
repository_config() {
	local name folder
	for name in packages stand-ins; do
		folder=$REPOSITORY
		[[ $name == packages ]] || folder=$STAND_INS
		printf "repository %s\n  url: file+noindex://%s#shared-cache\n" \
			"$name" "$folder"
	done >"$1"
}

# toolchain_stock, toolchain_halvm: sets identity and prepares its files
toolchain_stock() {
	need "${GHC:=ghc}" ghc
	need "${CABAL:=cabal}" cabal-install
	identity=$({
		"$GHC" --info
		"$CABAL" --numeric-version
	} | sha256sum)
	identity=stock-${identity:0:16}
	home=$WORK/$identity
	mkdir -p "$home"
	repository_config "$home/config$kind"
	printf '%s: %s\n' remote-repo-cache "$home/packages" \
		store-dir "$home/store" logs-dir "$home/logs" >>"$home/config$kind"
	# cabal doesn't look whether the folder has changed.
	rm -f "$home"/packages/*/noindex.cache
}

toolchain_halvm() {
	local bin=$BUILDDIR/bin
	[[ -x $bin/halvm-cabal ]] || fail "no $bin/halvm-cabal: run make first"
	# What makes programs: compiler and libraries. Not the commands, nor
	# the runtimes: those count where programs are run.
	identity=$({
		"$bin/halvm-ghc" --info | grep -v "$BUILDDIR"
		"$bin/halvm-ghc-pkg" dump | grep '^abi:'
	} | sha256sum)
	identity=halvm-${identity:0:16}
	home=$WORK/halvm
	mkdir -p "$home"
	repository_config "$home/user-config$kind"
	rm -f "$home"/packages/*/noindex.cache
}

# path_tools: what suites expect on the path, without telling cabal, is in
# $WORK/tools: hspec-discover, by stock GHC for both
path_tools() {
	local sdist tree
	sdist=$(echo "$REPOSITORY"/hspec-discover-*.tar.gz)
	[[ ! $WORK/tools/hspec-discover -nt $sdist ]] || return 0
	tree=$(mktemp -d)
	mkdir -p "$WORK/tools"
	tar -x --strip-components=1 -C "$tree" -f "$sdist"
	"$GHC" -v0 -package-env - -i"$tree/src" -outputdir "$tree/out" \
		-o "$tree/hspec-discover" "$tree/driver/hspec-discover.hs"
	mv "$tree/hspec-discover" "$WORK/tools/"
	rm -rf "$tree"
}

# toolchain_cabal NAME COMMAND ARGUMENT...: cabal of the toolchain; builds two
# things at a time at most, and other work on the machine goes first
toolchain_cabal() {
	local name=$1
	shift
	local PATH=$PATH:$WORK/tools
	case $name in
	stock)
		CABAL_DIR=$home nice -n 5 "$CABAL" \
			--config-file="$home/config$kind" "$@" \
			--with-compiler="$GHC"
		;;
	halvm)
		HALVM_CABAL_DIR=$home CABAL_CONFIG=$home/user-config$kind \
			nice -n 1 "$BUILDDIR/bin/halvm-cabal" "$@"
		;;
	esac
}

# project FOLDER: cabal.project for what is in it, and a build folder
project() {
	{
		printf 'packages: .\n'
		cat "$HERE/cabal.project"
	} >"$1/cabal.project.new"
	cmp -s "$1/cabal.project.new" "$1/cabal.project" ||
		cp "$1/cabal.project.new" "$1/cabal.project"
	rm -f "$1/cabal.project.new"
}

# is_tool ID: a build tool without a library. HaLVM brings its own hsc2hs.
is_tool() {
	case ${1%-*} in
	happy | hsc2hs) true ;;
	*) false ;;
	esac
}

# build_libraries TOOLCHAIN ID...: into its store, as far as they build.
# $home/log/libraries says how it went.
build_libraries() {
	local toolchain=$1 dir=$home/libraries$kind id
	shift
	mkdir -p "$dir" "$home/log"
	{
		printf '%s\n' 'cabal-version: 2.4' 'name: all-packages' \
			'version: 0' 'library' \
			'    default-language: Haskell2010' \
			'    build-depends: base'
		for id; do
			is_tool "$id" || printf '        , %s ==%s\n' \
				"${id%-*}" "${id##*-}"
		done
	} >"$dir/all-packages.cabal"
	project "$dir"
	(
		cd "$dir" || exit
		toolchain_cabal "$toolchain" build all --only-dependencies \
			--keep-going -j"$JOBS" --builddir="$dir/dist"
	) >"$home/log/libraries$kind" 2>&1
}

# store: where cabal keeps what it has built for the toolchain at hand;
# halvm-cabal has one for each identity of its own
store() {
	case $identity in
	stock-*) printf '%s\n' "$home/store" ;;
	*)
		find "$home" -mindepth 2 -maxdepth 2 -name store \
			-printf "%T@ %p\n" | sort -n | tail -n 1 | cut -d" " -f2-
		;;
	esac
}

# built_libraries: the ids of the packages all of whose libraries are in the
# store
built_libraries() {
	local plan=$home/libraries$kind/dist/cache/plan.json unit name version ids
	local store
	store=$(echo "$(store)"/ghc-*)
	[[ -f $plan && -d $store ]] || return 0
	ids='"id":"[^"]*","pkg-name":"[^"]*","pkg-version":"[^"]*"'
	grep -o "\"type\":\"configured\",$ids" "$plan" | tr -d '"' |
		sed 's/[a-z-]*://g' |
		while IFS=, read -r _ unit name version; do
			# Programs aren't built with a library.
			[[ $unit != "$name-$version"-e-* ]] || continue
			[[ -d $store/$unit ]] && printf '1 ' || printf '0 '
			printf '%s-%s\n' "$name" "$version"
		done |
		awk '{ if (!($2 in all)) all[$2] = 1
			all[$2] = all[$2] && $1 }
			END { for (id in all) if (all[id]) print id }' | sort
}

# suite_program FOLDER SUITE: the executable in the build folder
suite_program() {
	find "$1" -type f -name "$2" -path "*/build/$2/$2" -perm -u+x \
		2>/dev/null | head -n 1
}

# build_suites TOOLCHAIN ID SUITE...: in $home/suites$kind/ID, package/ with the
# package as it comes, and dist/. Its log says why not.
build_suites() {
	local toolchain=$1 id=$2 name=${2%-*} dir=$home/suites$kind/$2 suite
	local -a targets
	shift 2
	targets=("${@/#/$name:test:}")
	rm -rf "$dir/package"
	mkdir -p "$dir/package"
	tar -x --strip-components=1 -C "$dir/package" \
		-f "$REPOSITORY/$id.tar.gz"
	rm -f "$dir"/package/cabal.project*
	project "$dir/package"
	(
		cd "$dir/package" || exit
		toolchain_cabal "$toolchain" build "${targets[@]}" \
			--enable-tests --keep-going -j"$JOBS" \
			--builddir="$dir/dist"
	) >"$dir/log" 2>&1 || return 1
}
