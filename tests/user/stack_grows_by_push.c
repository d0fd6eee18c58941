/*
 * push and pusha at a page's edge grow the stack, in user mode, exactly once each.
 *
 * rows: A36 E50
 * lab: stack
 */
#include "stack.h"

/* With the stack pointer at the edge: push two words, then eight, and take them off again. */
static void push_at(char *edge, uint32_t out[3])
{
	__asm__ volatile("movl %%esp, %%esi\n\t"
			 "movl %1, %%esp\n\t"
			 "pushl $0x1234\n\t"
			 "pushl $0x5678\n\t"
			 "subl $4088, %%esp\n\t"
			 "pusha\n\t"
			 "movl %%esp, 8(%0)\n\t"
			 "movl -4(%1), %%eax\n\t"
			 "movl %%eax, (%0)\n\t"
			 "movl -8(%1), %%eax\n\t"
			 "movl %%eax, 4(%0)\n\t"
			 "movl %%esi, %%esp"
			 :
			 : "b"(out), "D"(edge)
			 : "eax", "esi", "memory");
}

int main(void)
{
	char *start = stack_start();
	uint32_t out[3];

	push_at(start, out);
	CHECK(out[0] == 0x1234 && out[1] == 0x5678);
	CHECK(out[2] == (uint32_t)start - PAGE - 32);
	CHECK(maps_at(start).start == (uintptr_t)start - 2 * PAGE);
	CHECK(((uint32_t *)out[2])[4] == (uint32_t)out); /* What pusha stored of ebx. */
	return 0;
}
