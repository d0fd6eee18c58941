/*
 * A file without a name is read and written through its descriptor and its mapping, counts no
 * links, and is reached again through /proc/self/fd.
 *
 * rows: A15 E40
 * disk-too: 16M -b 1024
 */
#include "files.h"

int main(void)
{
	char path[64], text[64] = "";
	struct stat st;
	int fd, again;
	char *p;

	folder_enter();
	file_make("file", "before");
	fd = open("file", O_RDWR);
	CHECK(fd >= 0 && unlink("file") == 0 && !is_there("file"));
	CHECK(pwrite(fd, "behind", 6, 0) == 6 && fstat(fd, &st) == 0 && st.st_nlink == 0);
	p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY);
	CHECK(again >= 0 && close(fd) == 0);
	CHECK(read(again, text, sizeof(text)) == 6 && strcmp(text, "behind") == 0);
	CHECK(close(again) == 0 && memcmp(p, "behind", 6) == 0);
	return 0;
}
