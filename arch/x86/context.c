/*
 * context.c: making and switching contexts; the stack change itself is in switch.S.
 */

#include "arch/x86/context.h"

#include "arch/x86/cpu.h"
#include "arch/x86/trapframe.h"

/* What context_switch_stack() pops: see switch.S. */
struct switch_frame {
	uint32_t edi, esi, ebx, ebp, eip;
};

void context_switch_stack(uint32_t *save_esp, uint32_t load_esp);
void context_start_kernel(void);
void context_start_user(void);

void context_init(struct context *ctx, uint32_t kstack_top, void (*entry)(void *), void *arg)
{
	struct switch_frame *sf = (struct switch_frame *)kstack_top - 1;

	*sf = (struct switch_frame){
		.ebx = (uint32_t)entry,
		.esi = (uint32_t)arg,
		.eip = (uint32_t)context_start_kernel,
	};
	ctx->esp = (uint32_t)sf;
	ctx->kstack_top = kstack_top;
}

struct trapframe *context_init_user(struct context *ctx, uint32_t kstack_top,
				    const struct trapframe *tf, void (*first)(void))
{
	struct trapframe *copy = (struct trapframe *)kstack_top - 1;
	struct switch_frame *sf = (struct switch_frame *)copy - 1;

	*copy = *tf;
	*sf = (struct switch_frame){
		.ebx = (uint32_t)first,
		.eip = (uint32_t)context_start_user,
	};
	ctx->esp = (uint32_t)sf;
	ctx->kstack_top = kstack_top;
	return copy;
}

void context_switch(struct context *from, struct context *to)
{
	if (from->fpu)
		fpu_save(from->fpu);
	if (to->fpu)
		fpu_load(to->fpu);
	tls_load(to);
	tss_set_stack(to->kstack_top);
	context_switch_stack(&from->esp, to->esp);
}
