/*
 * subject.c: three processes that share, copy, move, protect and lose pages, to be traced; then the kernel's own
 * word on every page that they have: lines "PID VA WORD" of /proc/PID/pagemap. Between the mmap and the munmap
 * of MARK only this reading happens.
 */
#include "tests/user/check.h"

#define MARK ((void *)0x7A000000)
#define PAGES 16
#define WORDS 4096
#define VIRTUAL_PAGES (0xC0000000 / PAGE)

static uint64_t words[WORDS];
static char *small, *large, *file, *shared;
static int ready[2], done[2];
static pid_t *grandchild;

/* Memory of each kind, large in tables of its own. */
static void prepare(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);

	small = map_anon(PAGES * PAGE);
	large = map_anon(4 * TABLE_SPAN);
	large = (char *)(((uintptr_t)large + TABLE_SPAN - 1) & ~(TABLE_SPAN - 1));
	shared = map_shared(PAGES * PAGE);
	file = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(fd >= 0 && file != MAP_FAILED);
	touch_write(small, PAGES * PAGE, 1);
	touch_write(large, PAGES * PAGE, 2);
	touch_write(large + TABLE_SPAN, PAGES * PAGE, 3);
	touch_read(large + 2 * TABLE_SPAN, PAGES * PAGE);
	touch_write(shared, PAGES / 2 * PAGE, 4);
	file[0] = 5;
	touch_read(file + PAGE, 2 * PAGE);
}

/* Change what is shared with the others, from page n of each area on. */
static void change(int n)
{
	char *moved;

	CHECK(madvise(small + n * PAGE, PAGE, MADV_DONTNEED) == 0);
	touch_write(small + n * PAGE, 2 * PAGE, 6);
	touch_write(shared + n * PAGE, PAGES / 2 * PAGE, 7);
	CHECK(munmap(small + (n + 2) * PAGE, PAGE) == 0);
	CHECK(mprotect(large + n * PAGE, 3 * PAGE, PROT_READ) == 0);
	CHECK(mprotect(large + (n + 3) * PAGE, PAGE, PROT_NONE) == 0);
	CHECK(madvise(small, (n + 2) * PAGE, MADV_PAGEOUT) == 0);
	CHECK(small[n * PAGE] == 6);
	CHECK(mlock(small + n * PAGE, PAGE) == 0);
	moved = mremap(large + TABLE_SPAN, PAGES / 2 * PAGE, PAGES * PAGE, MREMAP_MAYMOVE);
	CHECK(moved != MAP_FAILED);
	moved[n * PAGE] = 8;
}

static void change_and_wait(int n)
{
	char byte = 0;

	change(n);
	CHECK(write(ready[1], &byte, 1) == 1 && read(done[0], &byte, 1) == 1);
}

static pid_t start(int n, void (*fn)(int))
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		fn(n);
		_exit(0);
	}
	return pid;
}

/* The middle one moves a whole table that all three share. */
static void middle(int n)
{
	char *to = mmap(NULL, 3 * TABLE_SPAN, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t child = start(n + 3, change_and_wait);
	int status;

	to = (char *)(((uintptr_t)to + TABLE_SPAN - 1) & ~(TABLE_SPAN - 1));
	CHECK(mremap(large + 2 * TABLE_SPAN, TABLE_SPAN, TABLE_SPAN, MREMAP_MAYMOVE | MREMAP_FIXED,
		     to) == to);
	*grandchild = child;
	change_and_wait(n);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
}

/* More than there is memory, so that pageout has to find pages of all three. */
static void press(size_t bytes)
{
	char *hog = map_anon(bytes);

	touch_write(hog, bytes, 9);
	CHECK(munmap(hog, bytes) == 0);
}

static void tell(pid_t pid)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open(path, O_RDONLY);
	CHECK(fd >= 0);
	for (uint32_t page = 0; page < VIRTUAL_PAGES; page += WORDS) {
		CHECK(pread64(fd, words, sizeof(words), (off64_t)page * 8) == sizeof(words));
		for (uint32_t i = 0; i < WORDS; i++)
			if (words[i])
				dprintf(1, "%d %x %llx\n", pid, (page + i) * PAGE, words[i]);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	pid_t pids[3] = {getpid()};
	char byte;
	int status;

	CHECK(argc == 2 && pipe(ready) == 0 && pipe(done) == 0);
	grandchild = map_shared(PAGE);
	prepare();
	pids[1] = start(3, middle);
	for (int i = 0; i < 2; i++)
		CHECK(read(ready[0], &byte, 1) == 1);
	pids[2] = *grandchild;
	change(0);
	press(strtoul(argv[1], NULL, 0));
	CHECK(mmap(MARK, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MARK);
	for (int i = 0; i < 3; i++)
		tell(pids[i]);
	CHECK(munmap(MARK, PAGE) == 0);
	CHECK(write(done[1], "12", 2) == 2);
	CHECK(waitpid(pids[1], &status, 0) == pids[1]);
	return status;
}
