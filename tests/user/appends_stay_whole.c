/*
 * Records that four processes append to one file at the same time are all there, each in one piece.
 *
 * disk-too: 16M -b 1024
 */
#include "files.h"

#define RECORD 300
#define EACH 100

static void append(char who)
{
	int fd = open("log", O_WRONLY | O_APPEND | O_CREAT, 0644);
	char record[RECORD];

	memset(record, who, RECORD);
	for (int i = 0; i < EACH; i++)
		CHECK(write(fd, record, RECORD) == RECORD);
	_exit(0);
}

int main(void)
{
	int status, counts[4] = {0};
	char record[RECORD];
	FILE *log;

	folder_enter();
	for (char who = 0; who < 4; who++)
		if (fork() == 0)
			append(who);
	for (int i = 0; i < 4; i++)
		CHECK(wait(&status) > 0 && status == 0);
	log = fopen("log", "r");
	while (fread(record, RECORD, 1, log) == 1) {
		CHECK(record[0] >= 0 && record[0] < 4);
		counts[(int)record[0]]++;
		CHECK(memcmp(record, record + 1, RECORD - 1) == 0);
	}
	for (int i = 0; i < 4; i++)
		CHECK(counts[i] == EACH);
	return 0;
}
