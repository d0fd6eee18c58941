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
	uint32_t esp;		     /* Kernel stack pointer while not running. */
	uint32_t kstack_top;	     /* esp0 of the TSS while it runs. */
	uint64_t tls[SEL_TLS_COUNT]; /* GDT descriptors of set_thread_area. */
	struct fpu_state *fpu;	     /* NULL for kernel threads: they never use the FPU. */
};

/* Prepare a context that will start in entry(arg) on the stack that ends at kstack_top, with
 * interrupts off as at any switch. entry must not return. tls and fpu are the caller's to set. */
void context_init(struct context *ctx, uint32_t kstack_top, void (*entry)(void *), void *arg);

/* Prepare a context that will return to user mode through a copy of this frame placed at the top
 * of its stack, after calling first() in it with interrupts off. Returns that copy. tls and fpu
 * are the caller's to set. */
struct trapframe;
struct trapframe *context_init_user(struct context *ctx, uint32_t kstack_top,
				    const struct trapframe *tf, void (*first)(void));

/* Save the running context in from (FPU included when it has one) and continue in to: stack, esp0,
 * TLS descriptors, FPU. Interrupts are off. The page directory is the scheduler's business. */
void context_switch(struct context *from, struct context *to);

/* A fresh FPU as Linux gives it to a new program (control word 0x37F, MXCSR 0x1F80). */
void fpu_state_init(struct fpu_state *fpu);

/* Write the live FPU registers to *fpu, which the registers survive: for fork. */
void fpu_save(struct fpu_state *fpu);

/* Load the FPU registers: fpu_load a state the CPU or fpu_state_init wrote, fpu_restore one that
 * may hold anything, as from a user's signal frame. */
void fpu_load(const struct fpu_state *fpu);
void fpu_restore(struct fpu_state *fpu);
void fpu_reset(void); /* As a program finds them that starts. */

/* The x87 registers alone, in FSAVE's format; saving leaves them as they are, and any image can be loaded. */
struct fsave_image;
void fpu_save_x87(struct fsave_image *image);
void fpu_load_x87(const struct fsave_image *image);

/* Exceptions that are raised and not masked in the live registers: a set of FPU_*. */
#define FPU_INVALID 0x01u
#define FPU_DENORMAL 0x02u
#define FPU_DIVIDE 0x04u
#define FPU_OVERFLOW 0x08u
#define FPU_UNDERFLOW 0x10u
#define FPU_PRECISION 0x20u
#define FPU_EXCEPTIONS 0x3Fu
uint32_t fpu_x87_exceptions(void);
uint32_t fpu_sse_exceptions(void);

/* This CPU's FPU, once cpu_init() has turned it on. */
void fpu_init(void);

/* Make the live TLS descriptors those of ctx, which is the running thread's. */
void tls_load(const struct context *ctx);
