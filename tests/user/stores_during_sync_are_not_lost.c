/*
 * What one process stores in a shared mapping while another syncs the file again and again is in the file
 * after one more sync, however the two meet.
 *
 * rows: E25 E43 E45
 * disk-too: 16M -b 1024
 */
#include "check.h"

#include <signal.h>

#define PAGES 24
#define ROUNDS 5

static volatile uint32_t *word_of(char *p, uint32_t i)
{
	return (volatile uint32_t *)(p + i * PAGE);
}

/* Until somebody ends us: the parent, or the alarm should it fail. */
static void store(char *p)
{
	alarm(30);
	for (uint32_t n = 1;; n++)
		*word_of(p, n % PAGES) = n;
}

int main(void)
{
	int fd = temp_file(PAGES * PAGE), rw = PROT_READ | PROT_WRITE;
	uint32_t stored[PAGES], found;
	pid_t pid;
	char *p;

	for (int round = 0; round < ROUNDS; round++) {
		p = mmap(NULL, PAGES * PAGE, rw, MAP_SHARED, fd, 0);
		pid = p == MAP_FAILED ? -1 : fork();
		CHECK(pid >= 0);
		if (pid == 0)
			store(p);
		for (int i = 0; i < 8; i++)
			CHECK((i % 2 ? fsync(fd) : msync(p, PAGES * PAGE, MS_SYNC)) == 0);
		CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
		for (uint32_t i = 0; i < PAGES; i++)
			stored[i] = *word_of(p, i);
		CHECK(fsync(fd) == 0 && munmap(p, PAGES * PAGE) == 0);
		CHECK(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
		for (uint32_t i = 0; i < PAGES; i++)
			CHECK(pread(fd, &found, 4, i * PAGE) == 4 && found == stored[i]);
	}
	return 0;
}
