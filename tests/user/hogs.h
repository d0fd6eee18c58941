/* hogs.h: ways to eat all memory. Quire only: on the host they would not end. */
#pragma once

#include "counters.h"
#include "outgrow.h"
#include "shm.h"
#include "threads.h"

#include <signal.h>

#define BYSTANDER 256u /* Pages of who only looks on. */
#define PIECE (1u << 20)

static inline void eat_pages(void)
{
	for (;;)
		touch_write(map_anon(PIECE), PIECE, 1);
}

static inline void eat_locked(void)
{
	if (mlockall(MCL_FUTURE) == 0)
		while (mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			    0) != MAP_FAILED)
			;
}

/* Each page takes a table beside it; each generation has tables of its own. */
static inline void eat_tables(void)
{
	static char *places[1024];
	int n = 0;
	char *p;

	while ((p = mmap(NULL, TABLE_SPAN, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) != MAP_FAILED)
		places[n++] = p;
	do
		for (int i = 0; i < n; i++)
			*places[i] = 1;
	while (fork() == 0);
	wait(NULL);
}

static inline void eat_tmpfs(void)
{
	static char part[64 * PAGE];
	int fd = temp_file(0);

	while (write(fd, part, sizeof(part)) > 0)
		;
	eat_pages();
}

static inline void eat_pipes(void)
{
	static char part[16 * PAGE];
	int ends[2];

	while (pipe2(ends, O_NONBLOCK) == 0 && write(ends[1], part, sizeof(part)) > 0)
		;
	eat_pages();
}

static inline void eat_segments(void)
{
	int id;

	while ((id = shmget(IPC_PRIVATE, PIECE, 0600)) >= 0) {
		char *p = shmat(id, NULL, 0);

		shmctl(id, IPC_RMID, NULL);
		if (p == (void *)-1)
			break;
		touch_write(p, PIECE, 1);
	}
	eat_pages();
}

/* Many small ones: each death gives back little. */
static inline void eat_with_children(void)
{
	for (int i = 0; i < 40; i++)
		if (fork() == 0) {
			touch_write(map_anon(2 * PIECE), 2 * PIECE, 1);
			for (;;)
				pause();
		}
	eat_pages();
}

static inline void *eat_in_thread(void *arg)
{
	eat_pages();
	return arg;
}

/* Several threads of one space fault at once. */
static inline void eat_with_threads(void)
{
	threads_run(eat_in_thread);
}

/* In a group of its own, so that what it leaves behind can be found. */
static inline void hog_run(void (*eat)(void))
{
	int status;
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		setpgid(0, 0);
		eat();
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
	kill(-pid, SIGKILL);
}
