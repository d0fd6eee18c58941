/*
 * Three hundred children that all live at once share a thousand pages, each writes to all of them
 * and finds its own values.
 *
 * rows: A29 B27 B30
 * timeout: 300
 * lab: cow
 */
#include "check.h"

#define CHILDREN 300
#define PAGES 1000

static void write_and_check(uint32_t *words, uint32_t who)
{
	for (uint32_t i = 0; i < PAGES; i++) {
		CHECK(words[i * 1024] == i);
		words[i * 1024] = i ^ who << 16;
	}
	for (uint32_t i = 0; i < PAGES; i++)
		CHECK(words[i * 1024] == (i ^ who << 16));
}

int main(void)
{
	uint32_t *words = (uint32_t *)map_anon(PAGES * PAGE);
	int go[2], status;
	char byte;

	CHECK(pipe(go) == 0);
	for (uint32_t i = 0; i < PAGES; i++)
		words[i * 1024] = i;
	for (uint32_t who = 1; who <= CHILDREN; who++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		if (pid == 0) {
			CHECK(read(go[0], &byte, 1) == 1); /* Until all have been made. */
			write_and_check(words, who);
			_exit(0);
		}
	}
	for (int i = 0; i < CHILDREN; i++) {
		CHECK(write(go[1], "g", 1) == 1);
		if (i >= 8) /* Few enough write at once for a small memory. */
			CHECK(wait(&status) > 0 && status == 0);
	}
	while (wait(&status) > 0)
		CHECK(status == 0);
	write_and_check(words, CHILDREN + 1);
	return 0;
}
