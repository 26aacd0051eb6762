#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# halvm-image --format=ova, vmx, xl: descriptions of machines for an image.
#
# disk.bash sets `work` and `grub`:
# shellcheck disable=SC2154

bats_require_minimum_version 1.5.0
load common
load disk

# content FILE XPATH: what it is there
content() {
	xmllint --xpath "string($2)" "$1"
}

@test "an OVA: order, sums, and the disk in it" {
	need_tool qemu-img
	halvm-image guest --format=ova --firmware=bios --root=files \
		--env='X=a  b' -o "$work/x.ova" -- one 'two "2"' ''
	cd "$work"
	run -0 tar tf x.ova
	[ "$output" = $'guest.ovf\nguest.mf\nguest-disk1.vmdk' ]
	tar xf x.ova
	# as openssl writes it, and sha256sum doesn't read it
	sed -n 's/^SHA256(\(.*\))= \(.*\)$/\2  \1/p' guest.mf >sums
	[ "$(cut -c67- sums | tr '\n' ' ')" = 'guest.ovf guest-disk1.vmdk ' ]
	run -0 sha256sum --strict -c sums
	run -0 qemu-img compare -f raw -F vmdk "$BATS_FILE_TMPDIR/bios.raw" \
		guest-disk1.vmdk
	[[ $(tar tvf x.ova) == *2001-09-09* ]]
}

@test "an OVA's descriptor" {
	need_tool xmllint
	halvm-image guest --format=ova --name='A <b> & "c"' --memory=100M \
		--cpus=2 --network='VM Network' -o "$work/x.ova"
	cd "$work"
	tar xf x.ova
	ovf=A--b-----c-.ovf
	xmllint --noout --nonet $ovf
	[ "$(content $ovf 'namespace-uri(/*)')" = \
		http://schemas.dmtf.org/ovf/envelope/1 ]
	[ "$(content $ovf '//*[local-name()="Name"]')" = 'A <b> & "c"' ]
	[ "$(content $ovf '//*[local-name()="VirtualSystemType"]')" = vmx-13 ]
	[ "$(content $ovf '//*[local-name()="File"]/@*[local-name()="size"]')" \
		= "$(stat -c %s ./*.vmdk)" ]
	[ -e "$(content $ovf '//*[local-name()="File"]/@*[local-name()="href"]')" ]
	# References, then sections, then the system; in an item, the order of
	# the alphabet (DSP8023)
	[ "$(xmllint --xpath '/*/*' $ovf | grep -oE \
		'^ *<(References|DiskSection|NetworkSection|VirtualSystem)|^<[A-Z][A-Za-z]*' |
		tr -d ' <' | tr '\n' ' ')" = \
		'References DiskSection NetworkSection VirtualSystem ' ]
	awk '/<Item/ { last = "" }
	     /<rasd:/ { sub(/>.*/, ""); sub(/.*<rasd:/, "")
	                if ($0 < last) { print; bad = 1 } last = $0 }
	     END { exit bad }' $ovf
	# the hardware: CPU, memory, SCSI, disk, serial port, network
	[ "$(grep -oE 'ResourceType>[0-9]+' $ovf | tr -dc '0-9\n' |
		tr '\n' ' ')" = '3 4 6 17 21 10 ' ]
	for text in '<rasd:VirtualQuantity>100<' '<rasd:VirtualQuantity>2<' \
		'<rasd:ResourceSubType>VirtualSCSI<' \
		'<rasd:ResourceSubType>VmxNet3<' \
		'ovf:transport="com.vmware.guestInfo"' \
		'<rasd:HostResource>ovf:/disk/vmdisk1<' \
		'vmw:key="firmware" vmw:value="bios"'; do
		grep -q "$text" $ovf || {
			echo "no $text"
			false
		}
	done
	# every reference has what it refers to
	[ "$(content $ovf '//*[local-name()="Disk"]/@*[local-name()="fileRef"]')" \
		= "$(content $ovf '//*[local-name()="File"]/@*[local-name()="id"]')" ]
	run -0 grep -c '<rasd:Connection>VM Network<' $ovf
	run -0 grep -c '<Network ovf:name="VM Network">' $ovf
}

@test "a .vmx and its disk" {
	need_tool qemu-img
	halvm-image guest --format=vmx --name='my "machine"|' --memory=30M \
		--root=files --env='X=a  b' --firmware=bios \
		-o "$work/m.vmx" -- one 'two "2"' ''
	run -0 qemu-img compare -f raw -F vmdk bios.raw "$work/m.vmdk"
	grep -q '^RW 32768 SPARSE "m.vmdk"$' "$work/m.vmdk"
	run -0 cat "$work/m.vmx"
	says 'displayName = "my |22machine|22|7C"'
	says 'memSize = "32"'
	says 'firmware = "bios"'
	says 'scsi0.virtualDev = "pvscsi"'
	says 'scsi0:0.fileName = "m.vmdk"'
	says 'serial0.fileType = "file"'
	# every line is one, and no key comes twice
	[ "$(grep -cvE '^[.a-zA-Z][a-zA-Z0-9.:]* = "[^"]*"$' "$work/m.vmx")" = 0 ]
	[ "$(cut -d' ' -f1 "$work/m.vmx" | sort | uniq -d)" = '' ]
	need_uefi
	halvm-image guest --format=vmx --firmware=uefi --serial=pipe:console \
		--network=nat -o "$work/m.vmx"
	run -0 cat "$work/m.vmx"
	says 'firmware = "efi"'
	says 'serial0.fileType = "pipe"'
	says 'ethernet0.virtualDev = "vmxnet3"'
}

@test "a machine has room for its files" {
	mkdir "$work/files"
	truncate -s 40M "$work/files/zeros"
	fails_with 1 halvm-image guest --format=ova --firmware=bios \
		--memory=40M --root="$work/files" -o "$work/never"
	says --memory=49M
	[ ! -e "$work/never" ]
	halvm-image guest --format=ova --firmware=bios --memory=49M \
		--root="$work/files" -o "$work/x.ova"
}

@test "a configuration for xl" {
	[ -r "$HALVM_BUILD/lib/halvm/targets/xen/runtime.o" ] ||
		skip 'the target xen is not built'
	halvm-cc --target=xen guest.c -o "$work/guest"
	cd "$work"
	halvm-image guest --format=xl --name='my guest' --memory=65M --cpus=2 \
		--env='X=a  b' -o guest.cfg -- one 'two "2"'
	run -0 cat guest.cfg
	says 'name = "my-guest"'
	says 'type = "pvh"'
	says 'kernel = "guest"'
	says 'memory = 65'
	says 'vcpus = 2'
	says '-- one \"two \\\"2\\\"\"'
	fails_with 2 halvm-image guest --format=raw -o never
	says --format=xl
	fails_with 2 halvm-image guest --format=xl --root="$BATS_FILE_TMPDIR" \
		-o never
	[ ! -e never ]
}
