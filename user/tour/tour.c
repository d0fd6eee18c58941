/*
 * tour: the first five minutes. A fork that shares page tables, a write that copies one page, a page that goes to
 * disk and comes back: done by this program, told by the kernel.
 *
 * Lines that begin with a bar are the kernel's: events of /proc/vmtrace, and what it says of a fault. Whoever sits
 * at a terminal is waited for between the steps.
 */

#include "user/tour/facts.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGES 4
#define WRITTEN 1  /* The page that the child writes to, and that goes to disk. */
#define PAGEOUT 21 /* madvise: MADV_PAGEOUT, which musl does not name. */
/* Nothing else is in the same 4 MiB, so in the same page table. */
#define ALONE ((void *)0x50000000)
#define COLUMNS 76

static volatile char *pages;
static int parent, child, tell_child[2], tell_parent[2];
static struct events events;

/* ---- words ---- */

static void wait_for_enter(const char *what)
{
	if (!isatty(0))
		return;
	printf("\n[Enter] %s ", what);
	fflush(stdout);
	for (int c = getchar(); c != '\n' && c != EOF;)
		c = getchar();
}

static void heading(const char *text)
{
	printf("\n---- %s\n\n", text);
}

/* A sentence of the kernel's, in lines that fit. */
static void quote(const char *sentence)
{
	while (sentence && *sentence) {
		size_t n = strlen(sentence);

		if (n > COLUMNS)
			for (n = COLUMNS; n > 1 && sentence[n] != ' ';)
				n--;
		printf("  | %.*s\n", (int)n, sentence);
		sentence += n + (sentence[n] == ' ');
	}
}

/* Does the event tell of our pages or of the table that they are in? */
static int is_ours(const struct event *e)
{
	uint32_t at = (uint32_t)strtoul(e->where, NULL, 16), start = (uint32_t)(uintptr_t)pages;

	/* Of events about a slot of a table only evictions: the rest follows from the others. */
	if (strchr(e->where, ':'))
		return strcmp(e->kind, "evict") == 0;
	if (strcmp(e->kind, "swapout") == 0 || strcmp(e->kind, "swapin") == 0)
		return 1;
	return at >= start && at < start + PAGES * PAGE &&
	       (strcmp(e->kind, "table") == 0 || strcmp(e->kind, "copy") == 0 ||
		strcmp(e->kind, "fault") == 0);
}

/* Print what has happened to our pages since the last time. */
static void show_events(void)
{
	events_read(&events);
	for (size_t i = 0; i < events.count; i++) {
		const struct event *e = &events.event[i];

		if (is_ours(e))
			printf("  | [%d] %-7s %-9s %08x -> %08x%s%s\n", e->thread, e->kind,
			       e->where, e->before, e->after, *e->how ? "  " : "", e->how);
	}
}

static void print_page(int pid, volatile char *at)
{
	struct page p = page_of(pid, at);

	switch (p.kind) {
	case FRAME:
		printf("  frame %05x, shown %u time%s", p.number, p.views,
		       p.views == 1 ? " " : "s");
		break;
	case SLOT:
		printf("  in swap, slot %-5u      ", p.number);
		break;
	case NOTHING:
		printf("  %-26s", "nothing");
	}
}

static void show_pages(void)
{
	printf("  %-10s  parent [%d]%*s", "address", parent, child ? 15 : 0, "");
	printf(child ? "child [%d]\n" : "\n", child);
	for (int i = 0; i < PAGES; i++) {
		volatile char *at = pages + i * PAGE;

		printf("  0x%08x", (unsigned int)(uintptr_t)at);
		print_page(parent, at);
		if (child)
			print_page(child, at);
		putchar('\n');
	}
}

/* ---- the child ---- */

static void write_c(volatile char *at)
{
	*at = 'c';
}

static void read_it(volatile char *at)
{
	(void)*at;
}

/* Write when told to, and then stand still to be looked at. */
static void child_main(void)
{
	char c;

	read(tell_child[0], &c, 1);
	explain(write_c, pages + WRITTEN * PAGE);
	c = pages[WRITTEN * PAGE];
	write(tell_parent[1], &c, 1);
	for (;;)
		pause();
}

/* ---- the steps ---- */

static void begin(void)
{
	heading("Before");
	pages = mmap(ALONE, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		     0);
	if (pages == MAP_FAILED || pipe(tell_child) != 0 || pipe(tell_parent) != 0) {
		perror("tour");
		exit(1);
	}
	for (int i = 0; i < PAGES; i++)
		pages[i * PAGE] = 'p';
	parent = getpid();
	printf("This program, process %d, has written to %d pages of memory:\n\n", parent, PAGES);
	show_pages();
}

/* How many pages and tables were copied before the fork was done. */
static int copies_in_fork(void)
{
	int copies = 0;

	for (size_t i = 0; i < events.count && strcmp(events.event[i].kind, "fork") != 0; i++)
		copies += strcmp(events.event[i].kind, "copy") == 0;
	return copies;
}

static void step_fork(void)
{
	heading("1. A fork shares its tables");
	fflush(stdout);
	events_read(&events);
	child = fork();
	if (child < 0) {
		perror("fork");
		exit(1);
	}
	if (child == 0)
		child_main();
	printf("fork() made process %d. What became of the entry for the page table in both directories:\n\n",
	       child);
	show_events();
	printf("\nAn entry is a frame's number and three digits of rights: 7 at the end may be written,\n"
	       "5 only read. Both processes use one table now, and %d pages were copied:\n\n",
	       copies_in_fork());
	show_pages();
}

static void step_write(void)
{
	char seen;

	heading("2. A write copies one page");
	fflush(stdout);
	events_read(&events);
	write(tell_child[1], "", 1);
	read(tell_parent[0], &seen, 1);
	printf("The child wrote 'c' to 0x%08x, which the processor refused. The kernel says:\n\n",
	       (unsigned int)(uintptr_t)(pages + WRITTEN * PAGE));
	quote(explained(child, pages + WRITTEN * PAGE));
	printf("\nIn events: first the table was copied, because it was shared, then the page:\n\n");
	show_events();
	printf("\nThe child reads '%c' there, the parent still '%c'. The other pages are where they were:\n\n",
	       seen, pages[WRITTEN * PAGE]);
	show_pages();
}

static void step_swap(void)
{
	volatile char *at = pages + WRITTEN * PAGE;
	struct sectors before = swap_sectors(), out, in;

	heading("3. A page goes to disk and comes back");
	if (!swap_is_on()) {
		printf("There is no swap disk here: a page without a file has to stay in memory.\n");
		return;
	}
	fflush(stdout);
	events_read(&events);
	if (madvise((void *)at, PAGE, PAGEOUT) != 0)
		perror("madvise");
	out = swap_sectors();
	printf("The parent said that it does not need that page now (madvise). %lu bytes were written to\n"
	       "the swap disk, and the entry holds a slot there instead of a frame:\n\n",
	       (out.written - before.written) * 512);
	show_events();
	putchar('\n');
	show_pages();
	wait_for_enter("lets the parent read the page again.");
	events_read(&events);
	explain(read_it, at);
	in = swap_sectors();
	printf("\nIt reads '%c', after %lu bytes came from the disk. The kernel says:\n\n", *at,
	       (in.read - out.read) * 512);
	quote(explained(parent, at));
	putchar('\n');
	show_events();
	putchar('\n');
	show_pages();
}

static void end(void)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	facts_end();
	heading("That was it");
	printf("Look on in the shell:\n\n"
	       "  vmtop                           every process and every frame, live; q leaves\n"
	       "  echo 1 >/proc/sys/vm/explain    from now on dmesg tells of each fault\n"
	       "  cat /proc/self/maps             a process's areas\n"
	       "  tour                            this once more\n\n"
	       "Outside of this machine, ./quire map --svg out.svg draws what you have just seen.\n\n");
}

int main(void)
{
	printf("\nThree things that happen to memory all the time. Lines with a bar are what the kernel says.\n");
	facts_begin();
	begin();
	wait_for_enter("forks.");
	step_fork();
	wait_for_enter("lets the child write to a page.");
	step_write();
	wait_for_enter("sends a page to disk.");
	step_swap();
	end();
	return 0;
}
