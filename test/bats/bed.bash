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

# enter_bed: for setup of a file whose tests run guests in it
enter_bed() {
	need_sysroot
	need_bed
	cd "$BATS_TEST_TMPDIR" || return
}

# leave_bed: for teardown_file; the bed of $HALVM_BED ends
leave_bed() {
	timeout 60 halvm-testbed stop || :
}
