/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What halvm/provider.h offers, as far as loaded code may want it: a splice in
 * a program with a provider has the bridge's package loaded. The interpreter's
 * own console, files and network stay what they are, so nothing is entered.
 */
#include <errno.h>
#include <fcntl.h>
#include <halvm/provider.h>

int halvm_provide_console(const struct halvm_console_provider *table)
{
	(void)table;
	return 0;
}

int halvm_provide_files(const struct halvm_files_provider *table)
{
	(void)table;
	return 0;
}

int halvm_provide_network(const struct halvm_network_provider *table)
{
	(void)table;
	return 0;
}

void halvm_provider_ready(enum halvm_provider_kind kind, halvm_handle h,
			  unsigned events)
{
	(void)kind;
	(void)h;
	(void)events;
}

int halvm_below_console(int stream)
{
	int fd = fcntl(stream, F_DUPFD_CLOEXEC, 3);

	return fd < 0 ? -errno : fd;
}

int halvm_below_open(const char *path, unsigned flags, unsigned mode)
{
	int fd = open(path, (int)flags, mode);

	return fd < 0 ? -errno : fd;
}
