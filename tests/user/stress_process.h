/*
 * stress_process.h: fork, vfork, exec and pipes.
 *
 * A fork goes on in its child with a mixture of its own while the parent goes on with his; both know
 * all pages they had in common, so that a write of the one that the other sees is found.
 */
#pragma once

#include "stress_files.h"

#define BUSYBOX "/bin/busybox"
#define FORKS 2		   /* Children of one process that go on. */
#define DEPTH_MAX 2	   /* Of those below a worker. */
#define STREAM (24 * PAGE) /* Bytes through a pipe, at most. */

/* ---- what exec must bring in fresh ---- */

#define IMAGE_WORDS 3000

/* Written by every worker, so that a later exec would find it if the image's pages were written. */
static uint32_t image_blank[IMAGE_WORDS], image_data[IMAGE_WORDS] = {1, 2, 3, [2999] = 2999};

static inline void image_expect_fresh(void)
{
	for (uint32_t i = 0; i < IMAGE_WORDS; i++) {
		EXPECT(image_blank[i] == 0, "The zeroed data of a new image is not zero.");
		EXPECT(image_data[i] == (i < 3	     ? i + 1
					 : i == 2999 ? i
						     : 0),
		       "The data of a new image is not the file's.");
	}
}

static inline void image_dirty(void)
{
	uint32_t from = chance_below(IMAGE_WORDS);

	for (uint32_t i = from; i < IMAGE_WORDS; i++)
		image_blank[i] = image_data[i] = chance();
}

/* stress_mix as TOKEN: what a fresh image does, with TOKEN in its environment too. */
static inline int image_main(const char *token)
{
	const char *same = getenv("STRESS_TOKEN");

	me.doing = "a new image";
	EXPECT(same && strcmp(same, token) == 0, "exec hands over the environment.");
	image_expect_fresh();
	image_dirty();
	stack_deep();
	return atoi(token);
}

/* Replace this process by a fresh image that exits with code. */
static inline void image_exec(int code)
{
	char token[16], variable[32];
	char *argv[] = {"stress_mix", "as", token, NULL}, *envp[] = {variable, NULL};

	snprintf(token, sizeof(token), "%d", code);
	snprintf(variable, sizeof(variable), "STRESS_TOKEN=%d", code);
	execve("/proc/self/exe", argv, envp);
	_exit(126);
}

static inline void process_fork_exec(void)
{
	int code = (int)chance_below(100);
	pid_t pid = child_fork();

	if (pid == 0)
		image_exec(code);
	child_expect_exit(pid, code);
}

static inline void process_vfork_exec(void)
{
	volatile uint32_t lent = 0;
	int code = (int)chance_below(100);
	pid_t pid = vfork();

	if (pid == 0) {
		lent = 1;
		image_exec(code);
	}
	EXPECT(pid > 0, "There is memory and room for a vfork.");
	EXPECT(lent == 1, "A vforked child writes its parent's memory.");
	child_expect_exit(pid, code);
}

static inline void process_vfork_exit(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(9);
	EXPECT(pid > 0, "There is memory and room for a vfork.");
	child_expect_exit(pid, 9);
}

/* An exec that fails leaves everything as it was. */
static inline void process_exec_fails(void)
{
	char *argv[] = {"nothing", NULL};

	CHECK_ERRNO(execve("/tmp/there-is-no-such-file", argv, NULL), ENOENT);
	CHECK_ERRNO(execve("/tmp", argv, NULL), EACCES);
	CHECK_ERRNO(execve("/proc/self/exe", (char **)0xfffff000u, NULL), EFAULT);
	memory_check_all();
}

/* ---- other programs ---- */

/* Run one of busybox's; its whole output goes to out, with a 0 behind. The status. */
static inline int busybox_run(char *argv[], char *out, size_t size)
{
	size_t len = 0;
	ssize_t part;
	int ends[2];
	pid_t pid;

	EXPECT(pipe(ends) == 0, "There is room for a pipe.");
	pid = chance_one_in(2) ? vfork() : child_fork();
	EXPECT(pid >= 0, "There is memory and room for a vfork.");
	if (pid == 0) {
		if (dup2(ends[1], 1) == 1 && close(ends[0]) == 0 && close(ends[1]) == 0)
			execv(BUSYBOX, argv);
		_exit(126);
	}
	close(ends[1]);
	while ((part = read(ends[0], out + len, size - 1 - len)) > 0)
		len += (size_t)part;
	EXPECT(part == 0, "The output of a program can be read.");
	out[len] = '\0';
	close(ends[0]);
	return child_status(pid, 0);
}

static inline void process_busybox(void)
{
	char out[128], command[] = "echo $1 | cat | tr a-f A-F; (exit 3); exit $?";
	char word[12], *echo[] = {"busybox", "echo", word, NULL};
	char *shell[] = {"busybox", "sh", "-c", command, "sh", word, NULL};
	bool simple = chance_one_in(2);
	int status;

	if (access(BUSYBOX, X_OK) != 0)
		return;
	snprintf(word, sizeof(word), "%08x", chance());
	status = busybox_run(simple ? echo : shell, out, sizeof(out));
	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == (simple ? 0 : 3),
	       "busybox ends as it was told.");
	for (char *c = word; !simple && *c; c++)
		*c = *c >= 'a' ? (char)(*c - 'a' + 'A') : *c;
	strcat(word, "\n");
	EXPECT(strcmp(out, word) == 0, "busybox says what it was told.");
}

/* ---- forks that go on ---- */

static pid_t forks[FORKS];

static inline void fork_collect(pid_t *fork)
{
	if (*fork > 0)
		child_expect_exit(*fork, 0);
	*fork = 0;
}

static inline void forks_collect(void)
{
	for (uint32_t i = 0; i < FORKS; i++)
		fork_collect(&forks[i]);
}

static void stress_go(uint32_t steps);

static inline void process_fork(void)
{
	pid_t *slot = &forks[chance_below(FORKS)];

	if (me.depth == DEPTH_MAX)
		return;
	fork_collect(slot);
	*slot = child_fork();
	if (*slot > 0)
		return;
	memset(forks, 0, sizeof(forks));
	regions_forget_shared();
	files_forget();
	memory_check_all();
	stress_go(5 + chance_below(40));
	_exit(0);
}

/* A child that writes each page it has, or leaves at once; not one of its writes comes back. */
static inline void process_fork_write(void)
{
	pid_t pid = child_fork();

	if (pid == 0) {
		regions_forget_shared();
		for (uint32_t i = 0; i < 20; i++)
			memory_write();
		image_dirty();
		memory_check_all();
		_exit(5);
	}
	memory_write();
	if (chance_one_in(2))
		memory_check_all();
	child_expect_exit(pid, 5);
	memory_check_all();
}

/* Shared memory is one memory: the child writes it, and the parent finds that. */
static inline void process_share(void)
{
	uint32_t pages = 1 + chance_below(REGION_PAGES), mark = chance();
	char *p = map_shared(pages * PAGE);
	pid_t pid;

	page_fill(p, mark);
	pid = child_fork();
	if (pid == 0) {
		page_expect(p, mark, "memory shared with the parent");
		for (uint32_t i = 0; i < pages; i++)
			page_fill(p + i * PAGE, mark + i);
		_exit(6);
	}
	child_expect_exit(pid, 6);
	for (uint32_t i = 0; i < pages; i++)
		page_expect(p + i * PAGE, mark + i, "memory shared with a child");
	EXPECT(munmap(p, pages * PAGE) == 0, "Shared memory can be unmapped.");
}

/* ---- pipes ---- */

static inline unsigned char stream_byte(uint32_t seed, uint32_t at)
{
	return (unsigned char)(mix(seed, at / 64) + at);
}

static inline void stream_write(int fd, uint32_t seed, uint32_t total)
{
	unsigned char bytes[3000];

	for (uint32_t at = 0; at < total;) {
		uint32_t n = 1 + chance_below(sizeof(bytes)), left = total - at;
		ssize_t put;

		n = n < left ? n : left;
		for (uint32_t i = 0; i < n; i++)
			bytes[i] = stream_byte(seed, at + i);
		put = write(fd, bytes, n);
		EXPECT(put > 0 || errno == EINTR, "A pipe takes what is written.");
		at += put > 0 ? (uint32_t)put : 0;
	}
}

static inline void stream_read(int fd, uint32_t seed, uint32_t total)
{
	unsigned char bytes[5000];
	uint32_t at = 0;
	ssize_t got;

	while ((got = read(fd, bytes, 1 + chance_below(sizeof(bytes)))) != 0) {
		EXPECT(got > 0 || errno == EINTR, "A pipe can be read.");
		for (ssize_t i = 0; i < got; i++)
			EXPECT(bytes[i] == stream_byte(seed, at++), "A pipe has changed a byte.");
	}
	EXPECT(at == total, "A pipe gives all that was written.");
}

static inline void process_pipe(void)
{
	uint32_t total = chance_below(STREAM), seed = chance();
	int ends[2];
	pid_t pid;

	EXPECT(pipe(ends) == 0, "There is room for a pipe.");
	pid = child_fork();
	if (pid == 0) {
		close(ends[0]);
		stream_write(ends[1], seed, total);
		_exit(0);
	}
	close(ends[1]);
	stream_read(ends[0], seed, total);
	close(ends[0]);
	child_expect_exit(pid, 0);
}

/* Nobody reads any more: EPIPE, or death by SIGPIPE. */
static inline void process_pipe_breaks(void)
{
	bool ignore = chance_one_in(2);
	int ends[2], status;
	pid_t pid;

	EXPECT(pipe(ends) == 0, "There is room for a pipe.");
	pid = child_fork();
	if (pid == 0) {
		close(ends[0]);
		handle(SIGPIPE, ignore ? SIG_IGN : SIG_DFL, 0);
		while (write(ends[1], ends, sizeof(ends)) > 0)
			;
		_exit(errno == EPIPE ? 7 : 8);
	}
	close(ends[1]);
	sleep_ms((int)chance_below(3));
	close(ends[0]);
	status = child_status(pid, 0);
	EXPECT(ignore ? WIFEXITED(status) && WEXITSTATUS(status) == 7
		      : WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE,
	       "Writing to a broken pipe ends as it should.");
}
