# SPDX-License-Identifier: BSD-3-Clause
#
# What gdb needs to know of a HaLVM program on bare metal, in gdb's own language.
# halvm-run --gdb says how to start gdb with it. By hand:
#
#	gdb -x halvm.gdb IMAGE
#	(gdb) target remote :1234
#	(gdb) halvm threads
#
# It reads the runtime's structures (core/thread.h, arch/context.h) by the
# image's debugging information: an image without it (strip -g) has symbols for
# backtraces and breakpoints, and no threads.

set pagination off
set confirm off
# Haskell's code has no frames that gdb could follow without end.
set backtrace limit 64
set backtrace past-main on

define-prefix halvm
document halvm
What there is to see in a HaLVM program: halvm threads, halvm thread TID.
end

# Puts the registers back that halvm threads changed. Only needed if that was
# interrupted.
define halvm restore
	if $halvm_changed
		set $halvm_changed = 0
		set $rip = $halvm_rip
		set $rsp = $halvm_rsp
		set $rbp = $halvm_rbp
		set $rbx = $halvm_rbx
		set $r12 = $halvm_r12
		set $r13 = $halvm_r13
		set $r14 = $halvm_r14
		set $r15 = $halvm_r15
	end
end
document halvm restore
Puts the processor's registers back, if halvm threads was interrupted.
end
set $halvm_changed = 0

# Makes thread $halvm_t's registers those of the processor: gdb then sees it.
# A thread that gave the CPU up has on its stack, from arch.rsp on, control
# words, r15, r14, r13, r12, rbx, rbp and the return address (arch/context.S).
define halvm-enter
	select-frame 0
	set $halvm_rip = $rip
	set $halvm_rsp = $rsp
	set $halvm_rbp = $rbp
	set $halvm_rbx = $rbx
	set $halvm_r12 = $r12
	set $halvm_r13 = $r13
	set $halvm_r14 = $r14
	set $halvm_r15 = $r15
	set $halvm_changed = 1
	if $halvm_t->arch.preempted
		set $rip = $halvm_t->arch.frame.rip
		set $rsp = $halvm_t->arch.frame.rsp
		set $rbp = $halvm_t->arch.frame.rbp
		set $rbx = $halvm_t->arch.frame.rbx
		set $r12 = $halvm_t->arch.frame.r12
		set $r13 = $halvm_t->arch.frame.r13
		set $r14 = $halvm_t->arch.frame.r14
		set $r15 = $halvm_t->arch.frame.r15
	else
		set $halvm_stack = (unsigned long *)$halvm_t->arch.rsp
		set $r15 = $halvm_stack[1]
		set $r14 = $halvm_stack[2]
		set $r13 = $halvm_stack[3]
		set $r12 = $halvm_stack[4]
		set $rbx = $halvm_stack[5]
		set $rbp = $halvm_stack[6]
		set $rip = $halvm_stack[7]
		set $rsp = (unsigned long)($halvm_stack + 8)
	end
end

# One thread's line, and its backtrace.
define halvm-show
	printf "thread %d \"%s\" ", $halvm_t->tid, $halvm_t->name
	output $halvm_t->state
	if $halvm_t->arch.preempted
		printf ", preempted"
	end
	if $halvm_t->is_idle
		printf ", the idle thread"
	end
	printf "\n"
	if $halvm_t->state == THREAD_RUNNING
		select-frame 0
		backtrace
	else
		if $halvm_t->state != THREAD_ENDED
			halvm-enter
			backtrace
			halvm restore
		end
	end
end

# Sets $halvm_t to the thread of a node of the list thread_all.
define halvm-thread-of
	set $halvm_t = (struct thread *)((char *)$halvm_node - (unsigned long)&((struct thread *)0)->all_node)
end

define halvm threads
	set $halvm_node = thread_all.next
	while $halvm_node != &thread_all
		halvm-thread-of
		halvm-show
		set $halvm_node = $halvm_node->next
	end
end
document halvm threads
Shows all threads: number, name, state and backtrace.
end

define halvm thread
	set $halvm_found = 0
	set $halvm_node = thread_all.next
	while $halvm_node != &thread_all
		halvm-thread-of
		if $halvm_t->tid == $arg0
			set $halvm_found = 1
			halvm-show
		end
		set $halvm_node = $halvm_node->next
	end
	if !$halvm_found
		printf "there is no thread %d\n", $arg0
	end
end
document halvm thread
Shows one thread, by its number: halvm thread TID.
end

# Registers of a thread that isn't running, until `halvm restore`.
define halvm enter
	set $halvm_found = 0
	set $halvm_node = thread_all.next
	while $halvm_node != &thread_all
		halvm-thread-of
		if $halvm_t->tid == $arg0
			set $halvm_found = 1
			halvm restore
			if $halvm_t->state != THREAD_RUNNING
				halvm-enter
			end
			select-frame 0
		end
		set $halvm_node = $halvm_node->next
	end
	if !$halvm_found
		printf "there is no thread %d\n", $arg0
	end
end
document halvm enter
Looks at a thread as if it ran: halvm enter TID. Before the program goes on,
`halvm restore` takes its registers away again.
end
