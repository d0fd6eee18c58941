/*
 * Each thread has a folder in /proc/PID/task, with its own name, state and numbers, as long as it
 * lives.
 */
#include "procfs.h"

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static int ready[2], finish[2];
static pid_t tid;

static void *thread(void *arg)
{
	char byte;

	CHECK(prctl(PR_SET_NAME, "a thread") == 0);
	tid = (pid_t)syscall(SYS_gettid);
	CHECK(write(ready[1], "r", 1) == 1 && read(finish[0], &byte, 1) == 1);
	return arg;
}

int main(void)
{
	char path[64], name[32];
	pthread_t id;
	char byte;
	int pid;

	CHECK(pipe(ready) == 0 && pipe(finish) == 0);
	CHECK(pthread_create(&id, NULL, thread, NULL) == 0 && read(ready[0], &byte, 1) == 1);
	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", tid);
	CHECK(strcmp(proc_text(path), "a thread\n") == 0);
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	CHECK(sscanf(proc_text(path), "%d (%31[^)]) S", &pid, name) == 2);
	CHECK(pid == tid && strcmp(name, "a thread") == 0);
	snprintf(path, sizeof(path), "/proc/self/task/%d/status", tid);
	CHECK(proc_sum(path, "Tgid") == getpid() && proc_sum(path, "Pid") == tid);
	CHECK(proc_sum(path, "Threads") == 2);
	snprintf(path, sizeof(path), "/proc/self/task/%d", tid);
	CHECK(access(path, F_OK) == 0 && access("/proc/self/task/1", F_OK) == -1);
	snprintf(name, sizeof(name), "/proc/self/task/%d", getpid());
	CHECK(access(name, F_OK) == 0);
	CHECK(write(finish[1], "f", 1) == 1 && pthread_join(id, NULL) == 0);
	for (int i = 0; i < 100 && access(path, F_OK) == 0; i++)
		sleep_ms(10); /* pthread_join returns a little before the thread is gone. */
	CHECK(access(path, F_OK) == -1 && errno == ENOENT);
	return 0;
}
