/*
 * Memory keeps every word while several processes, which have more than RAM, write, evict, discard, lock, move, protect
 * and fork it at random; and while policies, the pool, swappiness and working sets change, and swap goes off and on.
 *
 *	storm_of_swap SECONDS SEED
 *
 * rows: A47
 * quire-only
 * label: stress
 * args: 60 1
 * mem: 24M
 * swap: 96M
 * timeout: 400
 */
#include "outgrow.h"

#include "counters.h"
#include "kernel/lib/xorshift.h"
#include "policy.h"

#include <sys/swap.h>

#define WORKERS 4
#define AREAS 3
#define AREA 600u /* Pages. */
#define DEVICE "/dev/hda"

struct area {
	char *at;
	bool shared;	     /* With children, which therefore leave it alone. */
	uint32_t seed[AREA]; /* Of each page, as outgrow.h has it; 0: it is zero. */
};

static struct area areas[AREAS];
static uint32_t random_state, depth; /* Of forks. */
static time_t end;

static uint32_t chance(uint32_t n)
{
	return xorshift32(&random_state) % n;
}

/* ---- what a worker does with some pages of an area ---- */

static void check(struct area *a, uint32_t first, uint32_t n)
{
	static const char zeroes[PAGE];

	for (uint32_t i = first; i < first + n; i++) {
		char *page = a->at + i * PAGE;

		if (a->seed[i])
			CHECK(page_is((uint32_t *)page, a->seed[i], i));
		else
			CHECK(memcmp(page, zeroes, PAGE) == 0);
	}
}

static void write_pages(struct area *a, uint32_t first, uint32_t n)
{
	for (uint32_t i = first; i < first + n; i++) {
		a->seed[i] = chance(1 << 30) + 1;
		page_fill((uint32_t *)(a->at + i * PAGE), a->seed[i], i);
	}
}

static void evict(struct area *a, uint32_t first, uint32_t n)
{
	madvise(a->at + first * PAGE, n * PAGE, MADV_PAGEOUT);
}

static void discard(struct area *a, uint32_t first, uint32_t n)
{
	CHECK(munlock(a->at, AREA * PAGE) == 0);
	if (!a->shared && madvise(a->at + first * PAGE, n * PAGE, MADV_DONTNEED) == 0)
		memset(&a->seed[first], 0, n * sizeof(a->seed[0]));
}

static void lock(struct area *a, uint32_t first, uint32_t n)
{
	if (mlock(a->at + first * PAGE, n / 4 * PAGE) == 0 && chance(3))
		CHECK(munlock(a->at, AREA * PAGE) == 0);
}

static void protect(struct area *a, uint32_t first, uint32_t n)
{
	if (mprotect(a->at + first * PAGE, n * PAGE, PROT_NONE) == 0)
		while (mprotect(a->at, AREA * PAGE, PROT_READ | PROT_WRITE) != 0)
			CHECK(errno == ENOMEM);
}

static void move(struct area *a, uint32_t first, uint32_t n)
{
	char *to = mmap(NULL, (AREA + first) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *at = mremap(a->at, AREA * PAGE, AREA * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to);

	(void)n;
	if (at == to)
		a->at = to;
}

static void act(uint32_t times);

static void fork_some(struct area *a, uint32_t first, uint32_t n)
{
	pid_t pid = depth < 2 ? fork() : -1;
	int status;

	(void)a;
	if (pid == 0) {
		depth++;
		random_state += first + 1;
		act(n);
		_exit(0);
	}
	CHECK(pid < 0 || (waitpid(pid, &status, 0) == pid && (status == 0 || status == SIGKILL)));
}

static void act(uint32_t times)
{
	static void (*const actions[])(struct area *, uint32_t, uint32_t) = {
		write_pages, write_pages, check, check,	  evict,
		discard,     lock,	  move,	 protect, fork_some};

	while (times-- > 0) {
		struct area *a = &areas[chance(AREAS)];
		uint32_t first = chance(AREA - 80), n = 1 + chance(80);

		if (!a->shared || depth == 0)
			actions[chance(sizeof(actions) / sizeof(*actions))](a, first, n);
	}
	for (uint32_t i = 0; i < AREAS; i++)
		if (!areas[i].shared || depth == 0)
			check(&areas[i], 0, AREA);
}

static pid_t worker_start(uint32_t seed)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid > 0)
		return pid;
	random_state = 2 * seed + 1; /* Never 0. */
	switch_set("/proc/self/oom_score_adj", "0");
	for (uint32_t i = 0; i < AREAS; i++) {
		areas[i].shared = i == 0;
		areas[i].at = i == 0 ? map_shared(AREA * PAGE) : map_anon(AREA * PAGE);
	}
	while (time(NULL) < end)
		act(100);
	_exit(0);
}

/* ---- what changes around them ---- */

static void set_number(const char *path, uint32_t below)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", chance(below));
	switch_set(path, text);
}

/* A worker that has just died has none. */
static void limit(pid_t pid)
{
	char path[32], text[32];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/working_set", pid);
	snprintf(text, sizeof(text), "%u %s", 8 + chance(900), policies[chance(POLICIES)]);
	file = fopen(path, "w");
	if (file) {
		fputs(chance(3) ? text : "0", file);
		fclose(file);
	}
}

static void change(pid_t worker)
{
	switch (chance(8)) {
	case 0:
		CHECK(policy_choose(policies[chance(POLICIES)]) == 0);
		break;
	case 1:
		set_number("/proc/sys/vm/zpool", 2);
		break;
	case 2:
		set_number("/proc/sys/vm/swappiness", 201);
		break;
	case 3:
		set_number("/proc/sys/vm/swapin_process", 2);
		break;
	case 4:
		limit(worker);
		break;
	case 5:
		if (swapoff(DEVICE) == 0)
			while (swapon(DEVICE, 0) != 0)
				CHECK(errno == ENOMEM);
	}
}

int main(int argc, char **argv)
{
	pid_t workers[WORKERS];
	int status;

	CHECK(argc == 3);
	end = time(NULL) + atoi(argv[1]);
	switch_set("/proc/self/oom_score_adj", "-1000");
	for (uint32_t i = 0; i < WORKERS; i++)
		workers[i] = worker_start((uint32_t)atoi(argv[2]) * 7919 + i);
	random_state = 2 * (uint32_t)atoi(argv[2]) + 1;
	while (time(NULL) < end) {
		sleep_ms(50);
		change(workers[chance(WORKERS)]);
	}
	for (uint32_t i = 0; i < WORKERS; i++)
		CHECK(wait(&status) > 0 && (status == 0 || status == SIGKILL));
	CHECK(swapoff(DEVICE) == 0);
	vm_check();
	return 0;
}
