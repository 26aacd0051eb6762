/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * main.c - the order in which the runtime starts.
 *
 * What is listed later may use what is listed earlier.  Layers that can start
 * when they are first used do (file system, entropy), so that a small program
 * pays for what it needs.
 */
#include "arch/cpu_init.h"
#include "arch/fpu.h"
#include "arch/trap.h"
#include "boot/boot.h"
#include "boot/machine.h"
#include "core/panic.h"
#include "core/process.h"
#include "core/signal.h"
#include "core/thread.h"
#include "core/timer.h"
#include "core/vm.h"
#include "lib/string.h"

static void use_options(const struct boot_options *options)
{
	log_level = options->log_level;
	platform_set_debug_exit(options->debug_exit);
	process.arguments = options->arguments;
	process.environment = options->environment;
	if (options->host_name)
		string_copy(process.host_name, options->host_name,
			    sizeof process.host_name);
}

_Noreturn void boot_main(const struct boot_info *info)
{
	static const struct trap_hooks hooks = {
	    .page_fault = vm_fault,
	    .exception = signal_exception,
	    .leave = thread_leave_interrupt,
	};
	static struct boot_options options;

	cpu_init(0);
	fpu_init();
	trap_set_hooks(&hooks);
	trap_init();
	boot_memory(info);
	vm_init();
	if (boot_options_parse(machine_command_line(info->command_line),
			       &options))
		panic(NULL, "no memory for the command line");
	use_options(&options);
	/* The loader's data are out of reach from here on. */
	boot_map_image();
	if (thread_init())
		panic(NULL, "no memory for the first thread");
	platform_init(info, timer_interrupt);
	boot_devices(&options);
	boot_options_report(&options);
	boot_files(info, &options);
	boot_program(&options);
}
