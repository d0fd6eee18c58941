/*
 * context.h: what a thread leaves behind when it is switched away from.
 *
 * The callee-saved registers are on its kernel stack (switch.S); esp points at them. The FPU is
 * saved eagerly, so no register of one process is ever visible to another.
 */
#pragma once

#include "arch/x86/layout.h"
#include "kernel/lib/types.h"

struct fpu_state {
	uint8_t bytes[512]; /* fxsave image, or fnsave (108 bytes) on a CPU without FXSR. */
} __attribute__((aligned(16)));

struct context {
	uint32_t esp;			  /* Kernel stack pointer while not running. */
	uint32_t kstack_top;		  /* esp0 of the TSS while it runs. */
	uint64_t tls[SEL_TLS_COUNT];	  /* GDT descriptors of set_thread_area. */
	struct fpu_state *fpu;		  /* NULL for kernel threads: they never use the FPU. */
};

/* Prepare a context that will start in entry(arg) on the stack that ends at kstack_top. entry must
 * not return. */
void context_init(struct context *ctx, uint32_t kstack_top, void (*entry)(void *), void *arg);

/* Prepare a context that will return to user mode through a copy of this frame placed at the top of
 * its stack, after calling first() in it. Returns that copy. */
struct trapframe;
struct trapframe *context_init_user(struct context *ctx, uint32_t kstack_top,
				    const struct trapframe *tf, void (*first)(void));

/* Save the running context in from (FPU included when it has one) and continue in to: stack, esp0,
 * TLS descriptors, FPU. Interrupts are off. The page directory is the scheduler's business. */
void context_switch(struct context *from, struct context *to);

/* A fresh FPU as Linux gives it to a new program (control word 0x37F, MXCSR 0x1F80). */
void fpu_state_init(struct fpu_state *fpu);

/* Write the live FPU registers to *fpu, or load them from it: for fork and signal frames. */
void fpu_save(struct fpu_state *fpu);
void fpu_restore(const struct fpu_state *fpu);

/* Make the live TLS descriptors those of ctx, which is the running thread's. */
void tls_load(const struct context *ctx);
