/* What gdb looks at in test_debug.py: a page that a child shares, and one that is in swap. */

#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

static char *volatile shared, *volatile swapped;

__attribute__((noinline)) static void look(void)
{
	__asm__ volatile("");
}

__attribute__((noinline)) static char *page_new(char value)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*page = value;
	return page;
}

int main(void)
{
	pid_t child;

	shared = page_new(1);
	swapped = page_new(2);
	madvise(swapped, PAGE, MADV_PAGEOUT);
	child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	look();
	return 0;
}
