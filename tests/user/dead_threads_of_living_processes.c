/*
 * The first thread of a process has a folder in task until the process is waited for: as a zombie when
 * it ended before the others, and when all did.
 */
#include "procfs.h"

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

static int up[2];

static void *stay(void *arg)
{
	(void)arg;
	sleep_ms(100); /* Until the first thread has gone. */
	CHECK(write(up[1], "u", 1) == 1);
	pause();
	return NULL;
}

static void child(void)
{
	pthread_t id;

	CHECK(pthread_create(&id, NULL, stay, NULL) == 0);
	syscall(SYS_exit, 0);
}

static void expect_zombie(pid_t pid)
{
	char path[64], state;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, pid);
	CHECK(sscanf(proc_text(path), "%*d (%*[^)]) %c", &state) == 1 && state == 'Z');
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	CHECK(sscanf(proc_text(path), "%*d (%*[^)]) %c", &state) == 1 && state == 'Z');
}

int main(void)
{
	char byte;
	pid_t pid;

	CHECK(pipe(up) == 0);
	pid = fork();
	if (pid == 0)
		child();
	CHECK(read(up[0], &byte, 1) == 1);
	expect_zombie(pid);
	CHECK(kill(pid, SIGKILL) == 0 && waitid(P_PID, pid, NULL, WEXITED | WNOWAIT) == 0);
	expect_zombie(pid);
	CHECK(waitpid(pid, NULL, 0) == pid);
	return 0;
}
