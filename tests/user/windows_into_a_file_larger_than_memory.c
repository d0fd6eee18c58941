/*
 * A window of any pages of a file can be mapped, also of one that memory could not hold, and be read and written
 * in any order.
 *
 * rows: A11 A17 A20 E30
 * mem: 64M
 */
#include "check.h"

#define FILE_SIZE (1ll << 30)
#define WINDOWS 40
#define WINDOW (16 * PAGE)

int main(void)
{
	int fd = temp_file(0);
	off_t at[WINDOWS];
	char *w;

	CHECK(ftruncate(fd, FILE_SIZE) == 0);
	srand(11);
	for (int i = 0; i < WINDOWS; i++) {
		at[i] = (off_t)i * (FILE_SIZE / WINDOWS) / PAGE * PAGE;
		CHECK(pwrite(fd, &i, sizeof(i), at[i] + 3 * PAGE) == sizeof(i));
	}
	for (int n = 0; n < 4 * WINDOWS; n++) {
		int i = rand() % WINDOWS, seen;

		w = mmap(NULL, WINDOW, PROT_READ | PROT_WRITE, MAP_SHARED, fd, at[i]);
		CHECK(w != MAP_FAILED && *(int *)(w + 3 * PAGE) == i && w[2 * PAGE] == 0);
		*(int *)(w + 5 * PAGE) += 1;
		CHECK(pread(fd, &seen, sizeof(seen), at[i] + 5 * PAGE) == sizeof(seen));
		CHECK(seen == *(int *)(w + 5 * PAGE) && munmap(w, WINDOW) == 0);
	}
	w = mmap(NULL, WINDOW, PROT_READ, MAP_SHARED, fd, FILE_SIZE - PAGE);
	CHECK(w != MAP_FAILED && w[PAGE - 1] == 0 && lseek(fd, 0, SEEK_CUR) == 0);
	return 0;
}
