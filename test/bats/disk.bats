#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# halvm-image --format=: disks, CDs and machines for others than halvm-run. What
# is made is read by tools that aren't ours, and booted.
#
# disk.bash sets `work` and `grub`:
# shellcheck disable=SC2154

bats_require_minimum_version 1.5.0
load common
load disk

ovmf=/usr/share/OVMF

need_ovmf() {
	need_uefi
	[ -r "$ovmf/OVMF_CODE.fd" ] || skip 'no OVMF'
}

# boots OPTION...: so does a machine with nothing else, and the guest has all
boots() {
	need_tool qemu-system-x86_64
	run -0 timeout 120 qemu-system-x86_64 -nodefaults -no-user-config \
		-accel tcg -cpu max -m 128 -display none -no-reboot \
		-serial stdio "$@" </dev/null
	says 'name guest, X a  b, file hello, [one] [two "2"] [] the end'
}

# disk FILE [FORMAT]: the options of a drive that has no device yet
disk() {
	drive=(-drive "if=none,id=d,format=${2:-raw},file=$1,snapshot=on")
}

uefi() {
	cp "$ovmf/OVMF_VARS.fd" "$work/vars.fd"
	firmware=(-machine q35
		-drive "if=pflash,format=raw,readonly=on,file=$ovmf/OVMF_CODE.fd"
		-drive "if=pflash,format=raw,file=$work/vars.fd")
}

@test "BIOS boots the raw disk: IDE" {
	disk bios.raw
	boots "${drive[@]}" -device ide-hd,drive=d
}

@test "BIOS boots the raw disk: AHCI" {
	disk bios.raw
	boots "${drive[@]}" -device ahci,id=a -device ide-hd,drive=d,bus=a.0
}

@test "BIOS boots the raw disk: PVSCSI" {
	disk bios.raw
	boots "${drive[@]}" -device pvscsi -device scsi-hd,drive=d
}

@test "BIOS boots the raw disk: LSI Logic" {
	disk bios.raw
	boots "${drive[@]}" -device lsi -device scsi-hd,drive=d
}

@test "BIOS boots the raw disk: virtio" {
	disk bios.raw
	boots "${drive[@]}" -device virtio-blk-pci,drive=d
}

@test "BIOS boots a disk that UEFI boots, too" {
	need_uefi
	disk both.raw
	boots "${drive[@]}" -device ahci,id=a -device ide-hd,drive=d,bus=a.0
}

@test "UEFI boots the raw disk: AHCI" {
	need_ovmf
	uefi
	disk both.raw
	boots "${firmware[@]}" "${drive[@]}" -device ide-hd,drive=d
}

@test "BIOS boots the CD" {
	boots -cdrom bios.iso
}

@test "UEFI boots the CD, and BIOS the same one" {
	need_uefi
	boots -cdrom both.iso
	need_ovmf
	uefi
	boots "${firmware[@]}" -cdrom both.iso
}

@test "a disk for UEFI alone" {
	need_ovmf
	halvm-image guest --firmware=uefi --format=raw --root=files \
		--env='X=a  b' -o "$work/disk" -- one 'two "2"' ''
	uefi
	disk "$work/disk"
	boots "${firmware[@]}" "${drive[@]}" -device ide-hd,drive=d
	cmp -n 440 "$work/disk" /dev/zero
}

@test "every format is the same disk, and is booted" {
	need_tool qemu-img
	for format in qcow2 vmdk vmdk-sparse; do
		halvm-image guest --firmware=bios --format=$format \
			--root=files --env='X=a  b' -o "$work/disk.$format" \
			-- one 'two "2"' ''
		kind=${format%-sparse}
		run -0 qemu-img check -f "$kind" "$work/disk.$format"
		run -0 qemu-img compare -f raw -F "$kind" bios.raw \
			"$work/disk.$format"
		disk "$work/disk.$format" "$kind"
		boots "${drive[@]}" -device pvscsi -device scsi-hd,drive=d
	done
	run -0 qemu-img info "$work/disk.vmdk"
	says streamOptimized
	run -0 qemu-img info "$work/disk.vmdk-sparse"
	says monolithicSparse
	[ "$(stat -c %s "$work/disk.vmdk")" -lt 600000 ]
}

@test "more than a grain table, and grains of zeros" {
	need_tool qemu-img
	mkdir "$work/files"
	head -c 40000000 guest /dev/urandom >"$work/files/a"
	truncate -s 90000000 "$work/files/b"
	for format in raw qcow2 vmdk vmdk-sparse; do
		halvm-image guest --firmware=bios --format=$format \
			--root="$work/files" -o "$work/disk.$format"
		[ $format = raw ] || run -0 qemu-img check \
			-f "${format%-sparse}" "$work/disk.$format"
		[ $format = raw ] || run -0 qemu-img compare -f raw \
			-F "${format%-sparse}" "$work/disk.raw" \
			"$work/disk.$format"
		# 90 MB of zeros take no room
		[ "$(($(stat -c '%b * %B' "$work/disk.$format")))" -lt 60000000 ] ||
			[ $format = raw ]
	done
}

@test "made twice, a file is the same: name, folder and time don't matter" {
	mkdir "$work/a" "$work/b"
	cp guest "$work/b"
	for format in raw qcow2 vmdk vmdk-sparse iso ova vmx; do
		halvm-image guest --format=$format --root=files \
			-o "$work/a/x.$format" -- a
		(cd "$work/b" && TZ=Asia/Tokyo halvm-image guest \
			--format=$format --root="$BATS_FILE_TMPDIR/files" \
			-o x.$format -- a)
		cmp "$work/a/x.$format" "$work/b/x.$format"
	done
	cmp "$work/a/x.vmdk" "$work/b/x.vmdk"
	# without a cache, too
	XDG_CACHE_HOME=$work/none halvm-image guest --format=raw --root=files \
		-o "$work/again" -- a
	cmp "$work/a/x.raw" "$work/again"
	HOME='' XDG_CACHE_HOME='' halvm-image guest --format=raw --root=files \
		-o "$work/again" -- a
	cmp "$work/a/x.raw" "$work/again"
	# and it follows what is in it
	halvm-image guest --format=vmdk --root=files -o "$work/other" -- b
	run cmp "$work/a/x.vmdk" "$work/other"
	[ "$status" = 1 ]
}

# partition FILE: the file system of a raw disk
partition() {
	dd if="$1" of="$work/fat" bs=1M skip=1 status=none
}

@test "the partition is a good FAT, with the time that was given" {
	partition bios.raw
	need_tool mdir
	run -0 env MTOOLS_SKIP_CHECK=0 mdir -i "$work/fat" ::
	says 'IMAGE    ELF'
	says '2001-09-09'
	mcopy -i "$work/fat" ::CMDLINE.TXT "$work/line"
	run -0 tr -d '\0' <"$work/line"
	[ "$output" = \
		'"halvm.env=X=a  b" halvm.argv0=guest -- one "two \"2\"" ""' ]
	mcopy -i "$work/fat" ::IMAGE.ELF "$work/image"
	# what is loaded is there, and nothing else
	[ "$(readelf -lW guest | grep LOAD)" = \
		"$(readelf -lW "$work/image" | grep LOAD)" ]
	[ "$(stat -c %s "$work/image")" -lt "$(stat -c %s guest)" ]
	fsck=$(PATH=$PATH:/sbin:/usr/sbin command -v fsck.fat) ||
		skip 'no fsck.fat'
	for disk in bios.raw both.raw; do
		[ -e $disk ] || continue
		partition $disk
		run -0 "$fsck" -vn "$work/fat"
		says ' 16 bit entries'
	done
}

@test "the CD is a good one" {
	need_tool xorriso
	run -0 xorriso -indev bios.iso -report_el_torito plain -find / \
		-exec report_lba
	says 'IMAGE.ELF'
	says 'BIOS  y   none'
	says_not FAILURE
	[ -e both.iso ] || skip 'no GRUB for UEFI'
	run -0 xorriso -indev both.iso -report_el_torito plain
	says 'BIOS  y   none'
	says 'UEFI  y   none'
}

@test "a disk goes through a pipe" {
	halvm-image guest --firmware=bios --format=raw --root=files \
		--env='X=a  b' -o /dev/stdout -- one 'two "2"' '' |
		cmp - bios.raw
}

@test "a command line of one's own, up to the limit" {
	line="halvm.env=X=1 -- \$x \"y z\" \\\\"
	halvm-image guest --firmware=bios --format=raw -o "$work/disk" \
		--command-line="$line"
	partition "$work/disk"
	need_tool mcopy
	mcopy -i "$work/fat" ::CMDLINE.TXT "$work/line"
	[ "$(tr -d '\0' <"$work/line")" = "$line" ]
	long=$(head -c 100000 /dev/zero | tr '\0' x)
	args=("$long" "$long" "$long" "$long" "$long" "$long")
	halvm-image guest --format=raw -o "$work/disk" -- "${args[@]}"
	fails_with 1 halvm-image guest --format=raw -o "$work/never" -- \
		"${args[@]}" "${args[@]}"
	says '--root'
	[ ! -e "$work/never" ]
}

@test "with --reboot, what can't be loaded ends" {
	need_tool qemu-system-x86_64
	halvm-image guest --firmware=bios --reboot --format=raw -o "$work/disk"
	# the file is there no more: its name has become another
	at=$(grep -abo 'IMAGE   ELF' "$work/disk" | head -n 1 | cut -d: -f1)
	printf X | dd of="$work/disk" bs=1 seek="$at" conv=notrunc status=none
	run -0 timeout 60 qemu-system-x86_64 -nodefaults -accel tcg -m 64 \
		-display none -no-reboot -serial stdio -drive \
		"file=$work/disk,format=raw" </dev/null
	says_not 'the end'
}

@test "what is missing is named" {
	mkdir "$work/grub"
	HALVM_GRUB_DIR=$work/grub fails_with 1 halvm-image guest --format=raw \
		-o "$work/never"
	says grub-pc-bin
	ln -s "$grub/i386-pc" "$work/grub"
	HALVM_GRUB_DIR=$work/grub fails_with 1 halvm-image guest \
		--firmware=uefi --format=raw -o "$work/never"
	says grub-efi-amd64-bin
	HALVM_GRUB_DIR=$work/grub works halvm-image guest --format=raw \
		-o "$work/disk"
	HALVM_GRUB_MKIMAGE=$work/no XDG_CACHE_HOME=$work fails_with 1 \
		halvm-image guest --format=raw -o "$work/never"
	HALVM_GRUB_MKIMAGE=false XDG_CACHE_HOME=$work fails_with 1 \
		halvm-image guest --format=raw -o "$work/never"
	[ ! -e "$work/never" ]
	[ -z "$(find "$work" . -name '.halvm*')" ]
}

@test "what can't be done is told, and leaves nothing behind" {
	fails_with 1 halvm-image guest.linux --format=raw -o "$work/never"
	says multiboot2
	fails_with 1 halvm-image guest.c --format=raw -o "$work/never"
	fails_with 2 halvm-image guest --format=xl -o "$work/never"
	says Xen
	fails_with 1 halvm-image guest --format=raw --root=guest.c \
		-o "$work/never"
	says archive
	fails_with 1 halvm-image guest --format=raw -o "$work/no/such"
	fails_with 1 halvm-image guest --format=qcow2 -o /dev/full
	fails_with 1 halvm-image guest --format=raw -o /dev/full
	fails_with 2 halvm-image guest --format=raw
	fails_with 2 halvm-image guest --format=raw --strip -o "$work/never"
	fails_with 2 halvm-image guest --format=raw --memory=1G -o "$work/never"
	says '--memory is not for --format=raw'
	fails_with 2 halvm-image guest --root=files -o "$work/never" -- a
	fails_with 2 halvm-image guest --format=raw --command-line=a \
		-o "$work/never" -- a
	fails_with 2 halvm-image guest --format=raw --env=X -o "$work/never"
	fails_with 2 halvm-image guest --format=raw --firmware=x -o "$work/never"
	fails_with 2 halvm-image guest --format=ova --memory=0 -o "$work/never"
	fails_with 2 halvm-image guest --format=ova --memory=99999999T \
		-o "$work/never"
	fails_with 2 halvm-image guest --format=ova --cpus=0 -o "$work/never"
	fails_with 2 halvm-image guest --format=ova --name=$'a\nb' \
		-o "$work/never"
	fails_with 2 halvm-image guest --format=ova --name=$'\xff' \
		-o "$work/never"
	fails_with 2 halvm-image guest --format=vmx -o "$work/never"
	says .vmx
	SOURCE_DATE_EPOCH=x fails_with 2 halvm-image guest --format=raw \
		-o "$work/never"
	[ ! -e "$work/never" ]
	[ -z "$(find "$work" . -name '.halvm*')" ]
}
