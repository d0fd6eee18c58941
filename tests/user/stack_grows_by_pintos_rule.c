/*
 * With stackgrow=pintos only an access at most 32 bytes below the stack pointer grows the stack.
 *
 * rows: E50 E52
 * quire-only
 * append: stackgrow=pintos
 * lab: stack
 */
#include "probe.h"
#include "stack.h"

/* Set the stack pointer to edge and read 4 bytes at edge - below. */
static void read_below(char *edge, unsigned below)
{
	__asm__ volatile("movl %%esp, %%esi\n\t"
			 "movl %0, %%esp\n\t"
			 "subl %1, %0\n\t"
			 "movl (%0), %1\n\t"
			 "movl %%esi, %%esp"
			 : "+D"(edge), "+b"(below)
			 :
			 : "esi", "memory");
}

static char *edge;
static void read_at_33(void *arg)
{
	(void)arg;
	read_below(edge, 33);
}

static void read_at_page(void *arg)
{
	(void)arg;
	read_below(edge, PAGE);
}

int main(void)
{
	edge = stack_start();
	CHECK(probe(read_at_33, NULL).number == SIGSEGV);
	CHECK(probe(read_at_page, NULL).number == SIGSEGV);
	CHECK(probe_read(edge - PAGE).number == SIGSEGV);
	read_below(edge, 32);
	CHECK(maps_at(edge - PAGE).start == (uintptr_t)edge - PAGE);
	edge -= PAGE;
	read_below(edge, 4);
	edge -= PAGE;
	CHECK(probe(read_at_page, NULL).number == SIGSEGV);
	return 0;
}
