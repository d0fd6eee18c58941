/*
 * Committed_AS counts what was promised: private writable areas and shared anonymous memory from their making
 * on, through mprotect, mremap, brk and fork, and gives it back at the end of each.
 *
 * rows: C5 D16
 * quire-only
 */
#include "brk.h"
#include "counters.h"
#include "shm.h"

#define SIZE (64 * PAGE)

static long first;

/* Pages promised since. */
static long promised(void)
{
	return counter("/proc/meminfo", "Committed_AS") * 1024 / (long)PAGE - first;
}

static char *map(int prot, int flags)
{
	char *p = mmap(NULL, SIZE, prot, flags | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	return p;
}

/* The stack grows now, below where main's callees stand, and not while they count. */
static __attribute__((noinline)) void stack_grow(void)
{
	char room[16 * PAGE];

	touch_write(room, sizeof(room), 1);
}

/* A fork promises all of ours once more. */
static void child(void *arg)
{
	CHECK(promised() >= *(long *)arg + 64);
}

int main(void)
{
	char *p;
	long now;
	int id;

	stack_grow();
	first += promised();
	p = map(PROT_READ, MAP_PRIVATE);
	CHECK(promised() == 0);
	CHECK(mprotect(p, SIZE, PROT_READ | PROT_WRITE) == 0 && (now = promised()) == 64);
	CHECK(child_run(child, &now) == 0 && promised() == 64);
	CHECK(mprotect(p, SIZE, PROT_READ) == 0 && promised() == 64);
	CHECK((p = mremap(p, SIZE, 2 * SIZE, MREMAP_MAYMOVE)) != MAP_FAILED && promised() == 128);
	CHECK(munmap(p + SIZE, SIZE) == 0 && munmap(p, SIZE / 2) == 0 && promised() == 32);
	CHECK(munmap(p, SIZE) == 0 && promised() == 0);
	p = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE);
	CHECK(promised() == 0 && munmap(p, SIZE) == 0);
	p = map(PROT_READ | PROT_WRITE, MAP_SHARED);
	CHECK(promised() == 64 && munmap(p, SIZE) == 0 && promised() == 0);
	p = map(PROT_READ, MAP_SHARED | MAP_NORESERVE);
	CHECK(promised() == 0 && munmap(p, SIZE) == 0);
	CHECK(brk_move(SIZE) && promised() == 64 && brk_move(-SIZE) && promised() == 0);
	id = shmget(IPC_PRIVATE, SIZE, 0600);
	CHECK(id >= 0 && promised() == 64 && shmctl(id, IPC_RMID, NULL) == 0 && promised() == 0);
	return 0;
}
