/*
 * vdso.h: what the kernel knows of its shared object for programs. Also read by assembly.
 *
 * The object's ELF entry point is __kernel_vsyscall; what the kernel must find lies at fixed
 * distances from there, which vsyscall.S keeps. In memory the page of struct vdso_data comes first:
 *
 *	base			data	[vvar], read-only, one frame for all
 *	base + PAGE_SIZE	object	[vdso]
 */
#pragma once

#define VDSO_SYSENTER 5	     /* The instruction, which CPUs without it get replaced by a NOP. */
#define VDSO_LANDING 9	     /* Where sysenter calls return to; int $0x80 stands before it. */
#define VDSO_SIGRETURN 32    /* __kernel_sigreturn */
#define VDSO_RT_SIGRETURN 48 /* __kernel_rt_sigreturn */
