/*
 * process.c: fork, and reading other processes' memory.
 *
 * A fork divides the operations after it in three: the child does the first, the parent the second
 * while the child waits, the child the third and exits. Two pipes, out of the way of the programs'
 * descriptors, pass the turn; an end of file says that the other one is dead.
 */
#include "tests/diff/diff.h"

#include <signal.h>
#include <sys/uio.h>
#include <sys/wait.h>

#define PRIVATE_FDS 64

bool is_child;
static int up_read = -1, up_write = -1; /* Our ends to the parent. */

static bool pipe_private(int ends[2])
{
	int made[2];

	if (pipe(made) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(made[i], F_DUPFD, PRIVATE_FDS);
		close(made[i]);
	}
	return ends[0] >= 0 && ends[1] >= 0;
}

/* ---- fork ---- */

static void turn_pass(int fd)
{
	ssize_t done = write(fd, "", 1);

	(void)done;
}

static void turn_await(int fd)
{
	char c;

	while (read(fd, &c, 1) < 0 && errno == EINTR)
		;
}

struct parts {
	uint32_t first, second, third; /* Where each ends. */
	uint32_t how;		       /* The child ends. */
};

static void child_run(const struct parts *p, uint32_t end)
{
	run_until(p->first);
	turn_pass(up_write);
	turn_await(up_read);
	cursor = p->second;
	run_until(p->third < end ? p->third : end);
	survey_memory();
	if (p->how == 0)
		kill(getpid(), SIGKILL);
	if (p->how == 1)
		_exit((int)p->third & 0xff);
	_exit(0);
}

static void act_fork(void)
{
	uint32_t end = program_end;
	struct parts p = {.first = cursor + 1 + below(6), .how = below(10)};
	int down[2], up[2], status = 0;
	pid_t pid;

	p.second = p.first + (percent(60) ? below(8) : 0);
	p.third = p.second + below(6);
	p.first = p.first < end ? p.first : end;
	p.second = p.second < end ? p.second : end;
	p.third = p.third < end ? p.third : end;
	if (!pipe_private(down) || !pipe_private(up)) {
		say("no pipes for a fork\n");
		return;
	}
	say("fork(%u, %u, %u)\n", p.first, p.second, p.third);
	pid = fork();
	if (pid == 0) {
		close(up_read), close(up_write), close(down[1]), close(up[0]);
		up_read = down[0];
		up_write = up[1];
		is_child = true;
		cursor++;
		child_run(&p, end);
	}
	close(down[0]), close(up[1]);
	turn_await(up[0]);
	cursor = p.first;
	run_until(p.second);
	turn_pass(down[1]);
	waitpid(pid, &status, 0);
	close(down[1]), close(up[0]);
	cursor = p.third - 1;
	say("fork ended: %#x, errno %d\n", status, pid < 0 ? errno : 0);
}

/* ---- other processes ---- */

/* The pages here are our own, so that they cannot overlap what is there. */
static bool is_private(const struct range *r)
{
	for (uint32_t i = r->first; i < r->first + r->count; i++)
		if (r->s->page[i].kind != PRIVATE)
			return false;
	return true;
}

static bool overlap(const struct range *a, const struct range *b)
{
	return a->va < b->va + b->len && b->va < a->va + a->len;
}

static void act_process_vm(void)
{
	struct range here = range_mapped(4), there = range_mapped(4);
	bool writes = percent(50), parent = up_read >= 0 && percent(60);
	uint32_t flags = percent(2), read, skip = percent(50) ? 0 : below(PAGE);
	pid_t pid = percent(2) ? 0x7fffffff : parent ? getppid() : getpid();
	struct iovec local, remote;
	long r;

	if (!is_private(&here) || (!parent && overlap(&here, &there)))
		return;
	/* Linux makes room for all that might be written, even if there is not so much to write. */
	read = here.len - skip;
	digest(here.va + skip, &read);
	if (there.len > read)
		there.len = read;
	if (writes)
		there.len = bytes_defined(there.va, there.len);
	local = (struct iovec){(void *)(here.va + skip), here.len - skip};
	remote = (struct iovec){(void *)there.va, there.len};
	say("process_vm_%s(%s, %s %u, %s %u, %u)", writes ? "writev" : "readv",
	    parent ? "parent" : "self", address_name(here.va + skip), here.len - skip,
	    address_name(there.va), there.len, flags);
	r = CALL(writes ? SYS_process_vm_writev : SYS_process_vm_readv, pid, &local, 1, &remote, 1,
		 flags);
	transcript->reserved =
		true; /* How much is brought in, if not all can be, is not defined. */
	say(" = %ld", r);
	if (r > 0)
		say_bytes(here.va + skip, (uint32_t)r);
	say("\n");
}

const struct operation process_operations[] = {
	{"fork", 30, act_fork},
	{"process_vm", 12, act_process_vm},
	{NULL, 0, NULL},
};
