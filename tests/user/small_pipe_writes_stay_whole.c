/*
 * Writes of up to PIPE_BUF bytes that several processes make to one pipe are never mixed, even when
 * the pipe is full most of the time.
 */
#include "check.h"

#include <limits.h>

#define EACH 60

static void write_records(int fd, char who)
{
	char record[PIPE_BUF];

	memset(record, who, sizeof(record));
	for (int i = 0; i < EACH; i++)
		CHECK(write(fd, record, sizeof(record)) == (ssize_t)sizeof(record));
	_exit(0);
}

int main(void)
{
	int fds[2], counts[4] = {0};
	char record[PIPE_BUF];

	CHECK(pipe(fds) == 0);
	for (char who = 0; who < 4; who++)
		if (fork() == 0)
			write_records(fds[1], who);
	close(fds[1]);
	for (int i = 0; i < 4 * EACH; i++) {
		for (size_t got = 0; got < sizeof(record);) {
			ssize_t n = read(fds[0], record + got, sizeof(record) - got);

			CHECK(n > 0);
			got += n;
		}
		CHECK(memcmp(record, record + 1, sizeof(record) - 1) == 0);
		counts[(int)record[0]]++;
	}
	CHECK(read(fds[0], record, 1) == 0);
	for (int i = 0; i < 4; i++)
		CHECK(counts[i] == EACH);
	return 0;
}
