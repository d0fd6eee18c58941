/*
 * A file that begins with "#!" is run by the interpreter it names, with at most one argument, the
 * script's path and the caller's arguments; scripts may be interpreters, but not without end.
 *
 * rows: C10
 * disk-too: 16M -b 4096
 */
#include "check.h"

#include <sys/stat.h>

static char dir[] = "/tmp/scripts-XXXXXX";

static void make(const char *name, const char *first_line)
{
	int fd;

	CHECK(chdir(dir) == 0);
	fd = open(name, O_WRONLY | O_CREAT, 0700);
	CHECK(fd >= 0 && dprintf(fd, "#!%s\n", first_line) > 0 && close(fd) == 0);
}

/* The arguments with which name, run with "x" and "y", reaches this program, joined by '|'. */
static void expect(const char *name, const char *joined)
{
	char path[64], said[512] = "";
	char *args[] = {"ignored", "x", "y", NULL};
	int ends[2], status;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	CHECK(pipe(ends) == 0);
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], 1);
		execve(path, args, (char *[]){NULL});
		_exit(1);
	}
	close(ends[1]);
	for (ssize_t n, at = 0; (n = read(ends[0], said + at, sizeof(said) - 1 - at)) > 0;)
		at += n;
	close(ends[0]);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	for (char *d; (d = strstr(said, dir)) != NULL;)
		memmove(d, d + strlen(dir) + 1, strlen(d + strlen(dir) + 1) + 1);
	if (strcmp(said, joined) != 0)
		dprintf(2, "%s: %s, not %s\n", name, said, joined);
	CHECK(strcmp(said, joined) == 0);
}

static void say_arguments(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		dprintf(1, "%s|", argv[i]);
}

static void check_nesting(void)
{
	char line[64], name[16], path[64];

	make("n0", "self said");
	for (int i = 1; i <= 6; i++) {
		snprintf(line, sizeof(line), "%s/n%d", dir, i - 1);
		snprintf(name, sizeof(name), "n%d", i);
		make(name, line);
	}
	snprintf(path, sizeof(path), "%s/n6", dir);
	CHECK_ERRNO(execl(path, path, NULL), ELOOP);
}

int main(int argc, char **argv)
{
	char self[256] = "", path[64];

	if (argc > 1) {
		say_arguments(argc, argv);
		return 0;
	}
	CHECK(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0 && mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/self", dir);
	CHECK(symlink(self, path) == 0);
	make("plain", path);
	expect("plain", "plain|x|y|");
	snprintf(self, sizeof(self), " \t%s  -a  b c \t", path);
	make("one", self);
	expect("one", "-a  b c|one|x|y|");
	snprintf(self, sizeof(self), "%s/one deep", dir);
	make("two", self);
	expect("two", "-a  b c|one|deep|two|x|y|");
	check_nesting();
	snprintf(self, sizeof(self), "rm -r %s", dir);
	CHECK(system(self) == 0);
	return 0;
}
