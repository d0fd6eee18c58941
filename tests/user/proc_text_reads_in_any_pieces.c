/*
 * A long file of /proc is the same text whether it is read in large pieces, small ones, or from the
 * middle; and it has an end.
 */
#include "procfs.h"

#include <signal.h>
#include <sys/prctl.h>

#define AREAS 600

static char *again(int fd, size_t piece)
{
	static char text[1 << 20];
	ssize_t part, len = 0;

	CHECK(lseek(fd, 0, SEEK_SET) == 0);
	while ((part = read(fd, text + len, piece)) > 0)
		len += part;
	CHECK(part == 0);
	text[len] = '\0';
	return text;
}

static void same_in_all_pieces(pid_t pid, const char *name)
{
	char path[64], part[100], *text;
	size_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY);
	CHECK(fd >= 0 && again(fd, 4096)); /* The first time takes pages that we share. */
	for (int round = 0; round < 2; round++)
		text = proc_text(path);
	len = strlen(text);
	CHECK(strcmp(again(fd, 1 << 16), text) == 0);
	CHECK(strcmp(again(fd, 4096), text) == 0 && strcmp(again(fd, 61), text) == 0);
	for (size_t at = len - 50; at > len / 2; at -= len / 11)
		CHECK(pread(fd, part, 40, at) == 40 && memcmp(part, text + at, 40) == 0);
	CHECK(pread(fd, part, 40, len) == 0 && pread(fd, part, 40, len + 100000) == 0);
	CHECK(lseek(fd, 100, SEEK_SET) == 100 && read(fd, part, 5) == 5);
	CHECK(memcmp(part, text + 100, 5) == 0);
	CHECK_ERRNO(lseek(fd, 0, SEEK_END), EINVAL);
	close(fd);
}

int main(void)
{
	char *p = map_anon(2 * AREAS * PAGE);
	pid_t pid;

	for (int i = 0; i < AREAS; i++)
		CHECK(mprotect(p + 2 * i * PAGE, PAGE, PROT_READ) == 0);
	pid = fork();
	if (pid == 0) /* Stopped, it changes no page; and it does not outlive us. */
		_exit(prctl(PR_SET_PDEATHSIG, SIGKILL) || raise(SIGSTOP));
	CHECK(waitpid(pid, NULL, WUNTRACED) == pid);
	same_in_all_pieces(pid, "maps");
	same_in_all_pieces(pid, "smaps");
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	return 0;
}
