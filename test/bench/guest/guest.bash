# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154
#
# What an image costs against Linux as a guest: the same portable object, linked
# for each bare-metal target and booted by itself, and linked for linux and booted
# as the init of a Debian kernel, all by the same QEMU, which interprets every
# instruction (TCG). Instructions are counted by the plugin count.c. A start is
# measured on every target; operations and programs on kvm alone, as from its
# start on all have the same runtime.
#
# Rules of use: sourced by run.sh, after measure.bash and run.bash; call
# measure_guest. It leaves, in $out, tabs between the columns:
#
#   guest-start.tsv     guest image what number
#   guest-micro.tsv     guest operation number
#   guest-programs.tsv  guest program way instructions|seconds number
#   guest-sizes.tsv     what image number
#
# guest is kvm, xen, vmware or linux. Without QEMU, or without a kernel, the columns that
# need them stay empty, and a line on stderr says so.
#
# From the environment:
#   QEMU             the emulator (qemu-system-x86_64)
#   BENCH_KERNEL     the kernel of the Linux guest, a bzImage, or `none'. Else
#                    one of Debian's is downloaded by apt-get and kept,
#                    unpacked but not installed, in ${XDG_CACHE_HOME:-~/.cache}/halvm
#   BENCH_TARGETS    the targets beside kvm and linux (xen vmware)
#   BENCH_GUEST_RUNS turns of what is measured in seconds (3)

# Symbols that tell where a program is: its entry, libc's start, main of C, main
# of Haskell as -O compiles it, the end.
guest_marks=(_start halvm_start main Main_main1_info halvm_syscall_exit_group)
guest_debug_exit=0xf4

guest_cache=${XDG_CACHE_HOME:-$HOME/.cache}/halvm/bench

# guest_link NAME OBJECT: $out/guest/GUEST/NAME for each guest
guest_link() {
	local guest image
	for guest in $linked; do
		image=$out/guest/$guest/$1
		mkdir -p "$out/guest/$guest"
		"$HALVM_LD" --target="$guest" "$2" -o "$image" || return 1
		nm "$image" >"$image.nm"
		strip -o "$image.stripped" "$image"
	done
	# Linux would load the symbols into its RAM, too.
	image=$out/guest/linux/$1
	guest_init "$image.stripped" >"$image.cpio"
}

# guest_compile_c NAME SOURCE
guest_compile_c() {
	"$HALVM_CC" -std=gnu11 -O2 -pthread --emit=portable "$2" \
		-o "$out/guest/$1.o" && guest_link "$1" "$out/guest/$1.o"
}

# guest_compile NAME SOURCE OBJECTS FLAG...
guest_compile() {
	local name=$1 source=$2 objects=$3
	shift 3
	mkdir -p "$objects"
	"$HALVM_GHC" "${optimise[@]}" "$@" --make --emit=portable \
		-outputdir "$objects" "$source" -o "$out/guest/$name.o" &&
		guest_link "$name" "$out/guest/$name.o"
}

# mark FILE NAME COLUMN: a number of the plugin's (see count.c), 0 if it never
# was there
mark() {
	awk -v name="$2" -v column="$3" \
		'$1 == name { print $column; n = 1 } END { if (!n) print 0 }' "$1"
}

guest_images=('hello-c:hello of C' 'hello:hello of Haskell'
	'hello-threaded:hello, -threaded')

measure_guest_start() {
	local entry image title guest
	for entry in "${guest_images[@]}"; do
		image=${entry%%:*} title=${entry#*:}
		for guest in $guests $others; do
			guest_start "$guest" "$image" "$title" ||
				fails "$guest guest: $title"
		done
	done
}

# guest_start GUEST IMAGE TITLE. Linux boots with fewest instructions on
# microvm; but there, unless instructions are its clock, it often fails to find
# the rate of the TSC and hangs, so its seconds are those of pc.
guest_start() {
	local guest=$1 image=$out/guest/$1/$2 title=$3 turn
	local machine=microvm main=Main_main1_info
	local result=$out/guest/result file=$out/guest/result.marks
	[ "$guest" != linux ] || machine=pc
	[ "$2" != hello-c ] || main=main
	say "$guest guest: $title"
	guest_run "$guest" "$image" "$result" --icount --marks on &&
		grep -q '^Hello$' "$result.out" || return 1
	{
		printf 'entry\t%s\n' "$(mark "$file" _start 2)"
		printf 'start\t%s\n' "$(mark "$file" halvm_start 2)"
		printf 'main\t%s\n' "$(mark "$file" "$main" 2)"
		printf 'exit\t%s\n' "$(mark "$file" halvm_syscall_exit_group 2)"
		printf 'end\t%s\n' "$(mark "$file" end 2)"
	} | sed "s/^/$guest\t$2\t/" >>"$out/guest-start.tsv"
	# A second on xen would mean the other guests of the test bed, too.
	[ "$guest" != xen ] || return 0
	for ((turn = 1; turn <= guest_runs; turn++)); do
		guest_run "$guest" "$image" "$result" --machine "$machine" \
			--marks off || return 1
		{
			printf 'entry s\t%s\n' "$(mark "$file" _start 5)"
			printf 'main s\t%s\n' "$(mark "$file" "$main" 5)"
			printf 'end s\t%s\n' "$(mark "$file" end 5)"
		} | sed "s/^/$guest\t$2\t/" >>"$out/guest-start.tsv"
	done
}

# guest_runs_in GUEST IMAGE MEBIBYTES SECONDS
guest_runs_in() {
	guest_timeout=$4 guest_run "$1" "$out/guest/$1/$2" \
		"$out/guest/result" --icount --memory "$3" &&
		grep -q '^Hello$' "$out/guest/result.out"
}

# The least MiB that run each hello.
measure_guest_memory() {
	local entry image guest low high middle seconds
	for guest in $guests $others; do
		for entry in "${guest_images[@]}"; do
			image=${entry%%:*} low=0 high=32 seconds=10
			case $guest in
			xen | vmware) high=64 seconds=30 ;;
			linux) low=32 high=160 seconds=60 ;;
			esac
			say "$guest guest: the least memory of ${entry#*:}"
			guest_runs_in "$guest" "$image" $high $seconds || continue
			while ((high - low > 1)); do
				middle=$(((low + high) / 2))
				if guest_runs_in "$guest" "$image" $middle $seconds; then
					high=$middle
				else
					low=$middle
				fi
			done
			printf '%s\t%s\tmemory\t%s\n' "$guest" "$image" $high \
				>>"$out/guest-start.tsv"
		done
	done
}

measure_guest_sizes() {
	local entry image guest
	for entry in "${guest_images[@]}"; do
		image=${entry%%:*}
		for guest in ${linked/linux/}; do
			printf '%s, the whole image\t%s\t%s\n' "$guest" \
				"$image" "$(stat -c %s \
					"$out/guest/$guest/$image.stripped")"
		done
		printf 'linux, the program alone\t%s\t%s\n' "$image" \
			"$(stat -c %s "$out/guest/linux/$image.stripped")"
		[ -z "$kernel" ] ||
			printf 'linux, the kernel alone\t%s\t%s\n' "$image" \
				"$(stat -L -c %s "$kernel")"
	done >>"$out/guest-sizes.tsv"
}

# Without a PCI bus Linux finds no timer that is precise, so on pc.
measure_guest_micro() {
	local guest batches=11
	[ "$quick" = no ] || batches=3
	for guest in $guests; do
		say "$guest guest: what operations cost"
		guest_run "$guest" "$out/guest/$guest/micro" \
			"$out/guest/result" --machine pc --icount $batches ||
			fails "$guest guest: micro"
		grep -a "$(printf '\t')" "$out/guest/result.out" |
			sed "s/^/$guest\t/" >>"$out/guest-micro.tsv"
	done
}

# guest_program NAME WAY SIZE: counted once in each guest, then timed in turns
guest_program() {
	local name=$1 way=$2 size=$3 guest turn image
	local result=$out/guest/result file=$out/guest/result.marks
	for guest in $guests; do
		image=$out/guest/$guest/$name-$way
		guest_run "$guest" "$image" "$result" --machine pc \
			--memory 1024 --icount --marks on "$size" || return 1
		cp "$result.out" "$image.out"
		printf '%s\t%s\t%s\tinstructions\t%s\n' "$guest" "$name" \
			"$way" $(($(mark "$file" halvm_syscall_exit_group 2) - \
				$(mark "$file" halvm_start 2))) \
			>>"$out/guest-programs.tsv"
	done
	for ((turn = 1; turn <= guest_runs; turn++)); do
		for guest in $guests; do
			guest_run "$guest" "$out/guest/$guest/$name-$way" \
				"$result" --machine pc --memory 1024 \
				--marks off "$size" || return 1
			printf '%s\t%s\t%s\tseconds\t%s\n' "$guest" \
				"$name" "$way" "$(guest_seconds "$file")" \
				>>"$out/guest-programs.tsv"
		done
	done
}

# guest_seconds FILE: from libc's start to exit
guest_seconds() {
	awk -v from="$(mark "$1" halvm_start 5)" \
		-v to="$(mark "$1" halvm_syscall_exit_group 5)" \
		'BEGIN { print to - from }'
}

# The programs of programs.txt, of the size for counting: TCG is slow. Threaded
# only those that are about threads.
measure_guest_programs() {
	local name way guest flags
	for name in $programs; do
		for way in $(ways_of "$name"); do
			flags=()
			if [ "$way" = threaded ]; then
				[[ $name =~ ^(MVar|Stm|Fork|Chan|Bound) ]] || continue
				flags=(-threaded)
			fi
			say "guests: $name, $way"
			guest_compile "$name-$way" "$here/programs/$name.hs" \
				"$out/guest/objects/$name" "${flags[@]}" || {
				fails "guests: building $name, $way"
				continue
			}
			guest_program "$name" "$way" "$(size_of "$name" 3)" ||
				fails "guests: $name, $way"
			[[ $guests != *' '* ]] ||
				cmp -s "$out/guest/kvm/$name-$way.out" \
					"$out/guest/linux/$name-$way.out" ||
				fails "guests: $name, $way: the outputs differ"
			rm -f "$out"/guest/*/"$name-$way"{,.cpio,.nm,.stripped}
		done
	done
}

# guest_others: $others are the guests beside kvm and linux that can run here,
# $linked all targets that can be linked for
guest_others() {
	local guest
	others='' linked='kvm linux'
	for guest in ${BENCH_TARGETS-xen vmware}; do
		if "$HALVM_LD" --target="$guest" -o /dev/null 2>&1 |
			grep -q 'unknown target'; then
			say "$HALVM_LD knows no target $guest"
			continue
		fi
		linked+=" $guest"
		if [ "$guest" = xen ] && ! {
			command -v "$HALVM_TESTBED" >/dev/null &&
				timeout 900 "$HALVM_TESTBED" prepare
		} >"$out/guest/testbed.log" 2>&1; then
			say "no test bed for xen: see $out/guest/testbed.log"
			continue
		fi
		if [ "$guest" = vmware ] && ! command -v grub-mkimage >/dev/null; then
			say 'no grub-mkimage: nothing of vmware is run'
			continue
		fi
		others+=" $guest"
	done
}

measure_guest() {
	local guests=kvm others linked
	guest_runs=${BENCH_GUEST_RUNS:-3}
	[ "$quick" = no ] || guest_runs=1
	rm -f "$out"/guest-*.tsv
	if ! is_halvm || ! command -v "${QEMU:-qemu-system-x86_64}" >/dev/null; then
		say "no ${QEMU:-qemu-system-x86_64}: guests are not measured"
		return
	fi
	mkdir -p "$out/guest"
	"$CC" -std=gnu11 -O2 -shared -fPIC "$here/guest/count.c" \
		-o "$out/guest/count.so" || {
		fails 'compiling count.c'
		return
	}
	guest_kernel
	guest_others
	[ -z "$kernel" ] || guests='kvm linux'
	printf 'int puts(const char *);\nint main(void)\n{\n\tputs("Hello");\n}\n' \
		>"$out/guest/hello.c"
	printf 'main :: IO ()\nmain = putStrLn "Hello"\n' >"$out/guest/Hello.hs"
	if ! { guest_compile_c hello-c "$out/guest/hello.c" &&
		guest_compile_c micro "$here/guest/micro.c" &&
		guest_compile hello "$out/guest/Hello.hs" "$out/guest/hello" &&
		guest_compile hello-threaded "$out/guest/Hello.hs" \
			"$out/guest/hello" -threaded; }; then
		fails 'building images for the guests'
		return
	fi
	measure_guest_start
	measure_guest_memory
	measure_guest_sizes
	measure_guest_micro
	measure_guest_programs
}
