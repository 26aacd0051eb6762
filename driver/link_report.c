/* SPDX-License-Identifier: BSD-3-Clause */
/* What a program can reach: the syscall report and its checks. */
#include "link.h"

bool link_report(const struct link_job *job, const char *portable)
{
	(void)job;
	die(EXIT_FAILED, "%s: the report isn't built yet", portable);
}

void link_warn_refused(const struct link_job *job, const char *image)
{
	(void)job;
	(void)image;
}

void link_check_forbidden(const struct link_job *job)
{
	if (job->args->forbidden.n)
		die(EXIT_USAGE, "--forbid-syscall isn't built yet");
}
