/*
 * The files of processes that fork, map, exec and die meanwhile can be read all the time; each read
 * gives bytes, the end, or says that the process is gone.
 */
#include "procfs.h"

#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>

#define ROUNDS 20

static const char *const names[] = {"maps",  "smaps",	"smaps_rollup", "pagemap", "status", "stat",
				    "statm", "cmdline", "environ",	"mem",	   "limits"};

/* Always one of these is being born, changes its memory, or dies. */
static void churn(void)
{
	char *p = map_anon(32 * PAGE);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int n = 0;; n++) {
		pid_t pid = fork();

		touch_write(p, 32 * PAGE, (char)n);
		if (pid == 0 && n % 3 == 0)
			execl("/proc/self/exe", "churn", "end", NULL);
		if (pid == 0)
			_exit(munmap(p, 16 * PAGE) != 0);
		if (mmap(p, PAGE, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0) != p ||
		    waitpid(pid, NULL, 0) != pid)
			_exit(1);
	}
}

static void read_file(const char *pid, const char *name)
{
	static char text[8192];
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY);
	if (fd < 0) {
		CHECK(errno == ENOENT || errno == ESRCH);
		return;
	}
	if (strcmp(name, "pagemap") == 0)
		lseek64(fd, 0x400 * 8, SEEK_SET);
	while ((n = read(fd, text, sizeof(text))) != 0)
		if (n < 0 || *name == 'p') {
			CHECK(n > 0 || errno == ESRCH || errno == EIO || errno == ENOMEM);
			break;
		}
	close(fd);
}

/* One of ours: the machine may run others. */
static bool is_ours(const char *pid)
{
	char path[64], text[128] = "";
	int fd, group = 0;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return false;
	CHECK(read(fd, text, sizeof(text) - 1) > 0 || errno == ESRCH);
	close(fd);
	sscanf(text, "%*d (%*[^)]) %*c %*d %d", &group);
	return group == getpgrp();
}

int main(int argc, char **argv)
{
	pid_t pids[3];

	(void)argv;
	if (argc > 1)
		return 0;
	setpgid(0, 0); /* Or else we lead a session, and so our group, already. */
	for (int i = 0; i < 3; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			churn();
	}
	for (int round = 0; round < ROUNDS; round++) {
		DIR *proc = opendir("/proc");
		struct dirent *entry;

		while ((entry = readdir(proc)) != NULL)
			if (atoi(entry->d_name) >= pids[0] && is_ours(entry->d_name))
				for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
					read_file(entry->d_name, names[i]);
		closedir(proc);
	}
	for (int i = 0; i < 3; i++)
		CHECK(kill(pids[i], SIGKILL) == 0 && waitpid(pids[i], NULL, 0) == pids[i]);
	return 0;
}
