/*
 * What is stored in a shared mapping, in holes, in the last page, and behind what was the end of the
 * file when that page was first written to, is in the file after its disk was unmounted.
 *
 * quire-only
 * disk: 16M -b 1024
 */
#include "files.h"

#include <sys/mount.h>

#define LENGTH (20 * PAGE)

int main(void)
{
	int fd = open("file", O_CREAT | O_RDWR, 0644);
	char *p, byte;

	CHECK(ftruncate(fd, LENGTH - PAGE + 100) == 0);
	p = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	for (uint32_t at = 10; at < LENGTH - PAGE + 100; at += 3 * PAGE / 2)
		p[at] = 'm';
	p[LENGTH - PAGE] = 'e';
	CHECK(ftruncate(fd, LENGTH - 500) == 0);
	p[LENGTH - 600] = 'l';
	p[LENGTH - 400] = 'x'; /* Behind the end: no file has it. */
	CHECK(munmap(p, LENGTH) == 0 && close(fd) == 0);
	CHECK(chdir("/") == 0 && umount("/tmp") == 0);
	CHECK(mount("/dev/hda", "/tmp", "ext2", 0, NULL) == 0);
	fd = open("/tmp/file", O_RDWR);
	for (uint32_t at = 10; at < LENGTH - PAGE + 100; at += 3 * PAGE / 2)
		CHECK(pread(fd, &byte, 1, at) == 1 && byte == 'm');
	CHECK(pread(fd, &byte, 1, 3000) == 1 && byte == '\0');
	CHECK(pread(fd, &byte, 1, LENGTH - PAGE) == 1 && byte == 'e');
	CHECK(pread(fd, &byte, 1, LENGTH - 600) == 1 && byte == 'l');
	CHECK(ftruncate(fd, LENGTH) == 0 && pread(fd, &byte, 1, LENGTH - 400) == 1);
	CHECK(byte == '\0');
	return 0;
}
