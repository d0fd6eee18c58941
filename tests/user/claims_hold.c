/*
 * Eight things that a small teaching kernel lacks, each tried once and printed as a table.
 *
 * rows: A9
 * quire-only
 * swap: 16M
 * lab: cow
 */
#include "swap.h"
#include "working_set.h"

#define FRAME(at) (pagemap_of(at) & ((1ull << 55) - 1))

static char *memory(size_t pages, int how)
{
	char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, how | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	return p;
}

static bool file_mapping(void)
{
	int fd = temp_file(2 * PAGE);
	char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), byte;

	p[PAGE] = 77;
	return p[0] == 1 && pread(fd, &byte, 1, PAGE) == 1 && byte == 77;
}

static bool working_set_model(void)
{
	struct working_set ws;

	switch_set("/proc/self/working_set", "64");
	touch_write(memory(200, MAP_PRIVATE), 200 * PAGE, 1);
	return working_set_get(&ws) && ws.pages <= 64 && ws.evictions >= 136;
}

static bool disc_paging(void)
{
	char *p = pages_in_swap(4);

	return p[0] == 1 && p[3 * PAGE] == 4 && !IN_SWAP(p);
}

/* Code that two processes open and map for themselves is in memory once. */
static bool shared_libraries(void)
{
	uint64_t *frames = (uint64_t *)memory(1, MAP_SHARED);
	pid_t pid = fork();
	int status, fd = open("/bin/busybox", O_RDONLY);
	char *code = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	frames[pid == 0] = code[0] == 0x7F ? FRAME(code) : 0;
	if (pid == 0)
		_exit(0);
	return wait(&status) == pid && status == 0 && frames[0] && frames[0] == frames[1];
}

static bool copy_on_write(void)
{
	char *p = memory(2, MAP_PRIVATE), *seen = memory(1, MAP_SHARED);
	int status;

	touch_write(p, 2 * PAGE, 1);
	uint64_t frames[] = {FRAME(p), FRAME(p + PAGE)};

	if (fork() == 0) {
		p[0] = 2;
		seen[0] = FRAME(p) != frames[0] && FRAME(p + PAGE) == frames[1];
		_exit(0);
	}
	return wait(&status) > 0 && seen[0] && p[0] == 1;
}

static bool shared_memory(void)
{
	char *p = memory(1, MAP_SHARED);
	int status;

	if (fork() == 0) {
		p[0] = 42;
		_exit(0);
	}
	return wait(&status) > 0 && p[0] == 42;
}

static bool demand_paging(void)
{
	char *p = memory(1000, MAP_PRIVATE);
	long free = frames_free_now();

	p[500 * PAGE] = 1;
	return free - frames_free_now() <= 2 && FRAME(p + 500 * PAGE) && !FRAME(p + PAGE);
}

static bool growing_stacks(void)
{
	volatile char deep[100 * PAGE];

	deep[0] = 1;
	return deep[0] == 1 && FRAME((char *)deep) && !FRAME((char *)deep + 50 * PAGE);
}

int main(void)
{
	static const struct {
		const char *claim;
		bool (*holds)(void);
	} claims[] = {
		{"file mapping", file_mapping},	       {"working set model", working_set_model},
		{"disc paging", disc_paging},	       {"shared libraries", shared_libraries},
		{"copy-on-write fork", copy_on_write}, {"shared memory", shared_memory},
		{"demand paging", demand_paging},      {"auto-extending stacks", growing_stacks},
	};
	int status, broken = 0;

	for (size_t i = 0; i < sizeof(claims) / sizeof(*claims); i++) {
		if (fork() == 0)
			_exit(!claims[i].holds());
		CHECK(wait(&status) > 0);
		printf("%-22s %s\n", claims[i].claim, status == 0 ? "yes" : "no");
		broken += status != 0;
	}
	return broken;
}
