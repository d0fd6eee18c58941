/*
 * An instruction that lies across a page line runs although neither page was there.
 *
 * rows: A36 E13
 */
#include "check.h"

/* movl $0x12345678, %eax; ret */
static const unsigned char code[] = {0xB8, 0x78, 0x56, 0x34, 0x12, 0xC3};

int main(void)
{
	int fd = temp_file(2 * PAGE);

	for (unsigned before = 0; before <= sizeof(code); before++) {
		uint32_t (*function)(void);
		char *p;

		CHECK(pwrite(fd, code, sizeof(code), PAGE - before) == sizeof(code));
		p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
		CHECK(p != MAP_FAILED);
		function = (uint32_t(*)(void))(p + PAGE - before);
		CHECK(function() == 0x12345678);
		CHECK(munmap(p, 2 * PAGE) == 0);
	}
	return 0;
}
