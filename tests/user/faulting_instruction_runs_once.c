/*
 * An instruction that faults is restarted and takes effect exactly once: string moves over absent
 * pages, push, lock xadd, call.
 *
 * rows: A36
 */
#include "check.h"

static void rep_movsb(char *to, const char *from, size_t n)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
	CHECK(n == 0);
}

/* Push onto, and pop from, a page that is not there yet. */
static uint32_t push_and_pop(char *edge, uint32_t value)
{
	__asm__ volatile("movl %%esp, %%esi\n\t"
			 "movl %1, %%esp\n\t"
			 "pushl %0\n\t"
			 "notl %0\n\t"
			 "popl %0\n\t"
			 "cmpl %1, %%esp\n\t"
			 "je 1f\n\t"
			 "ud2\n"
			 "1:\tmovl %%esi, %%esp"
			 : "+r"(value)
			 : "r"(edge)
			 : "esi", "memory");
	return value;
}

int main(void)
{
	int fd = temp_file(8 * PAGE);
	char *from = mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	char *to = map_anon(16 * PAGE);
	uint32_t *word = (uint32_t *)(to + 8 * PAGE - 2), add = 5;

	CHECK(from != MAP_FAILED);
	rep_movsb(to + PAGE / 2, from + 100, 3 * PAGE);
	CHECK(memcmp(to + PAGE / 2, from + 100, 3 * PAGE) == 0);
	for (int i = 0; i < 3; i++) /* Onto one page, two absent pages, and present ones. */
		__asm__ volatile("lock xaddl %0, %1" : "+r"(add), "+m"(*word) : : "memory");
	CHECK(*word == 10 && add == 5);
	CHECK(push_and_pop(to + 12 * PAGE, 0xCAFE) == 0xCAFE);
	CHECK(*(uint32_t *)(to + 12 * PAGE - 4) == 0xCAFE);
	return 0;
}
