/*
 * Pintos' mmap gives ids from 1 on and munmap takes them: a map outlives the file's descriptor and name, its changes
 * are in the file afterwards, and each error changes nothing.
 * rows: E31 E37 E39 E40 E42 E43
 * quire-only
 * append: lab=pintos
 * lab: mapids
 */
#include "course.h"

#define AT ((char *)0x10000000)

/* Pages there. */
static int mapped(void)
{
	int n = 0;

	for (int i = 0; i < 16; i++)
		n += getpte(AT + i * PAGE) != 0;
	return n;
}

int main(void)
{
	int fd = temp_file(2 * PAGE + 100), other = dup(fd), empty = temp_file(0);
	int folder = open("/", O_RDONLY);
	char byte = 0;

	CHECK(pintos_mmap(empty, AT) == -1 && pintos_mmap(fd, AT + 1) == -1);
	CHECK(pintos_mmap(fd, NULL) == -1 && pintos_mmap(fd, (void *)-PAGE) == -1);
	CHECK(pintos_mmap(0, AT) == -1 && pintos_mmap(1, AT) == -1 && pintos_mmap(99, AT) == -1);
	CHECK(pintos_mmap(folder, AT) == -1);
	CHECK(pintos_mmap(fd, (void *)((uintptr_t)main & ~(PAGE - 1))) == -1);
	CHECK(!pintos_munmap(0) && !pintos_munmap(1) && !pintos_munmap(-1) && mapped() == 0);
	CHECK(pintos_mmap(fd, AT) == 1 && pintos_mmap(fd, AT + 8 * PAGE) == 2);
	CHECK(pintos_mmap(fd, AT + 2 * PAGE) == -1 && mapped() == 6); /* In use. */
	close(fd);
	CHECK(AT[0] == 1 && AT[2 * PAGE] == 3 && AT[2 * PAGE + 100] == 0);
	AT[PAGE] = 'x';
	CHECK(munmap(AT, PAGE) == 0); /* What is left of it is still the first. */
	CHECK(pintos_munmap(1) && !pintos_munmap(1) && mapped() == 3);
	CHECK(AT[9 * PAGE] == 'x' && pread(other, &byte, 1, PAGE) == 1 && byte == 'x');
	CHECK(pintos_mmap(other, AT) == 3 && pintos_munmap(2) && pintos_munmap(3));
	CHECK(mapped() == 0);
	check_output("echo few frames | cat", "few frames\n"); /* And are enough for a shell. */
}
