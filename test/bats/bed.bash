# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# What the Bats files share that use a test bed of their own.

# need_bed: what a bed is made with, or the test is skipped.
need_bed() {
	need_tool qemu-system-x86_64
	[ -n "${HALVM_XEN_PACKAGES:-}" ] && return
	need_tool apt-get
	apt-cache show xen-hypervisor-4.17-amd64 >/dev/null 2>&1 ||
		skip "apt knows no Xen 4.17: apt-get update, or HALVM_XEN_PACKAGES"
}
