/*
 * diff.h: random programs of file and memory calls that say what each call did.
 *
 * A program is made of operations. Operation i draws its numbers from a generator seeded by the
 * program's seed and i alone, so leaving others out (a skip list) changes nothing else: that is how a
 * failing program is made short. An operation chooses its arguments by what the program has mapped
 * and opened so far, does one call, and says in one line of the transcript what the call was, what it
 * gave and what bytes it moved. Nothing in a line depends on what two kernels may decide
 * differently: an address that the kernel chose is named, not printed, and so on.
 *
 * The same program runs here and there; the first line that differs is the bug.
 *
 * Memory is known by *spaces*: the arena, a fixed range that is ours alone and lies across a line
 * between two page tables; the heap of brk; and floats, each a mapping whose place the kernel chose. What the
 * model knows of their pages serves only to choose well, never to judge.
 */
#pragma once

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096u
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define UP(len) (((len) + PAGE - 1) & ~(PAGE - 1))

/* ---- the run (main.c) ---- */

/* What differs by file system is said only where it is defined. */
extern bool on_tmpfs;

/* Has this process a parent among the program's? */
extern bool is_child;

/* Is it defined how many pages files have, and which? */
bool blocks_are_known(void);
bool pages_are_known(void);

/* Do operations [cursor, end) in this process. An operation that forks moves the cursor itself. */
extern uint32_t cursor;
void run_until(uint32_t end);

/* Was this operation not to be done? */
bool is_left_out(const char *name);

/* Where the program as a whole ends. */
extern uint32_t program_end;

/* ---- chance (chance.c) ---- */

void chance_seed(uint32_t seed, uint32_t index);
uint32_t chance(void);
uint32_t below(uint32_t n);
bool percent(uint32_t p);

/* One of the values of a table. */
#define PICK(table) ((table)[below(COUNT(table))])

/* A length in bytes: often some pages, often odd, seldom 0. At most max. */
uint32_t chance_length(uint32_t max);

/* A place in a file: near its start, or now and then far out or negative. */
int64_t chance_offset(void);

/* ---- the transcript (transcript.c) ---- */

/* Memory that all processes of a program write in turn. */
struct transcript {
	uint32_t used;
	/* A write met a bad buffer; what room it took all the same is not defined. */
	bool vague;
	/* Files may have room that holds nothing yet: neither data nor a hole. */
	bool reserved;
	char text[(1 << 20) - 8];
};
extern struct transcript *transcript;

void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* " = 17" or " = -22" and the end of the line. */
void say_result(long result);

/* An address by its space, such as A+3.100 (page 3, byte 256). In one of a few static buffers. */
const char *address_name(uint32_t va);

/* The system call, with -errno for errors. An address of the upper half is no error. */
#define CALL(...) result_of(syscall(__VA_ARGS__))
long result_of(long result);

static inline bool is_error(long result)
{
	return (unsigned long)result > -4096ul;
}

/* 64-bit arguments of i386 calls. */
#define LOW(n) (uint32_t)(n)
#define HIGH(n) (uint32_t)((uint64_t)(n) >> 32)

/* A number that stands for the bytes; how many could be read comes with it in *n. */
uint32_t digest(uint32_t va, uint32_t *n);

/* Say the digest of the n bytes at va, up to the first that cannot be read. */
void say_bytes(uint32_t va, uint32_t n);

/* ---- faults (touch.c) ---- */

struct fault {
	int signal, code;
	uint32_t va;
};

void faults_catch(void);

/* Run fn(arg); false when it faulted, and *f says how. */
bool attempt(void (*fn)(void *), void *arg, struct fault *f);

/* What every page of the spaces and every file holds. */
void survey_memory(void);
void survey_files(void);

/* ---- memory (space.c) ---- */

enum kind { FREE, PRIVATE, SHARED, FILE_PRIVATE, FILE_SHARED, GROWS };

struct page {
	uint8_t kind;
	uint8_t prot;
	uint16_t tag;	/* Neighbours with one tag are surely parts of one area. */
	uint16_t file;	/* backing_of() what is shown; 0: no file. */
	uint32_t pgoff; /* The file's page. */
};

#define SPACE_PAGES 96
#define SPACES 10

struct space {
	uint32_t base, pages; /* pages 0: not in use. */
	struct page page[SPACE_PAGES];
};

enum { ARENA, HEAP, FLOATS };
extern struct space spaces[SPACES];

/* len bytes, not always whole pages, in pages [first, first + count) of s. */
struct range {
	struct space *s;
	uint32_t first, count, va, len;
};

void spaces_init(void);
uint16_t tag_new(void);

/* Any pages of any space; pages that are mapped (if some can be found); pages of one area. */
struct range range_any(uint32_t max_pages);
struct range range_mapped(uint32_t max_pages);
struct range range_of_one_area(uint32_t max_pages);

/* The same pages with now and then a length of 0, an odd one or an unaligned start. */
struct range range_spoilt(struct range r);

/* An address for n bytes to be read or written by a call: mostly good. */
uint32_t buffer_any(uint32_t n, int prot);

/* The model follows what was done to pages. */
void model_map(struct space *s, uint32_t first, uint32_t count, struct page like);
void model_unmap(struct space *s, uint32_t first, uint32_t count);
void model_cut(const struct range *r);

/* A mapping whose place the kernel chose: a new float, or NULL when there is none left. */
struct space *float_add(uint32_t va, uint32_t pages);
struct space *space_of(uint32_t va);

/* ---- files (files.c) ---- */

enum fd_kind { FD_NONE, FD_FILE, FD_FOLDER, FD_PIPE, FD_PATH };

#define FD_LIMIT 24 /* Of ours; the harness's are above. */
#define FD_FIRST 3

extern uint8_t fd_kinds[FD_LIMIT];
extern const char *const names[];
extern const uint32_t name_count;

/* An open file (mostly), an open anything, or now and then a bad number. */
int fd_file(void);
int fd_any(void);
bool same_file(int a, int b);
int64_t size_of(int fd);

/* A number for the file, which can be asked for its size even when it is closed; 0: no more numbers. */
uint16_t backing_of(int fd);
int64_t backing_size(uint16_t file);

/* How many of the n bytes at va come before one that lies behind a file's end in its last page: what is
 * stored there is not defined to last. */
uint32_t bytes_defined(uint32_t va, uint32_t n);

/* ---- operations ---- */

struct operation {
	const char *name;
	uint32_t weight;
	void (*act)(void);
};

extern const struct operation file_operations[], io_operations[], map_operations[],
	advice_operations[], touch_operations[], process_operations[];
