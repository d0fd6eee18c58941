/*
 * Two files that are mapped in turns, so that one always is, get ids that no other map has, however often.
 * rows: E31
 * quire-only
 * lab: mapids
 */
#include "course.h"

#define AT ((char *)0x10000000)
#define TIMES 5000 /* More than there are ids. */

int main(void)
{
	int fd = temp_file(PAGE), id, last = pintos_mmap(fd, AT);

	for (int i = 1; i < TIMES; i++) {
		id = pintos_mmap(fd, AT + i % 2 * PAGE);
		CHECK(id > 0 && id != last && pintos_munmap(last));
		last = id;
	}
	CHECK(pintos_munmap(last) && !pintos_munmap(last));
}
