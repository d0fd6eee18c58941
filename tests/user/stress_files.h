/*
 * stress_files.h: files and folders on /tmp, with contents known by page.
 *
 * Each process has files of its own, in the folder of the worker it belongs to. Their lengths are whole
 * pages except within an action.
 */
#pragma once

#include "stress_memory.h"

#include <sys/stat.h>

#define FILES 4
#define FILE_PAGES 24

struct known_file {
	int fd; /* -1: none. */
	bool named;
	uint32_t pages;
	uint32_t mark[FILE_PAGES];
};

static struct known_file files[FILES] = {{.fd = -1}, {.fd = -1}, {.fd = -1}, {.fd = -1}};
static uint32_t file_page[WORDS];

static inline const char *file_name(uint32_t n, const char *what)
{
	static char path[2][96];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%u-%s%u", me.home, me.name, what, n);
	return path[turn];
}

/* One that exists; made when the slot is empty. */
static inline struct known_file *file_any(void)
{
	uint32_t n = chance_below(FILES);
	struct known_file *f = &files[n];

	if (f->fd < 0) {
		f->fd = open(file_name(n, "file"), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		EXPECT(f->fd >= 0, "A file can be made.");
		f->named = true;
		f->pages = 0;
	}
	return f;
}

static inline void file_remove(uint32_t n)
{
	if (files[n].fd < 0)
		return;
	if (files[n].named)
		EXPECT(unlink(file_name(n, "file")) == 0, "A file can be unlinked.");
	EXPECT(close(files[n].fd) == 0, "A file can be closed.");
	files[n].fd = -1;
}

static inline void files_remove(void)
{
	for (uint32_t n = 0; n < FILES; n++)
		file_remove(n);
}

/* A child leaves its parent's files alone. */
static inline void files_forget(void)
{
	for (struct known_file *f = files; f < files + FILES; f++) {
		if (f->fd >= 0)
			close(f->fd);
		f->fd = -1;
	}
}

static inline void file_expect_size(const struct known_file *f)
{
	struct stat st;

	EXPECT(fstat(f->fd, &st) == 0, "A file can be asked.");
	EXPECT(st.st_size == (off_t)(f->pages * PAGE), "A file has the size it was given.");
}

/* Write some pages, perhaps beyond the end: what lies between is zero. */
static inline void file_write(void)
{
	struct known_file *f = file_any();
	uint32_t i = chance_below(FILE_PAGES), n = chance_below(4);

	for (; n > 0 && i < FILE_PAGES; n--, i++) {
		uint32_t mark = chance();

		page_fill(file_page, mark);
		EXPECT(pwrite(f->fd, file_page, PAGE, (off_t)(i * PAGE)) == PAGE,
		       "A page can be written to a file.");
		while (f->pages <= i)
			f->mark[f->pages++] = 0;
		f->mark[i] = mark;
	}
	file_expect_size(f);
}

static inline void file_expect(const struct known_file *f)
{
	file_expect_size(f);
	EXPECT(lseek(f->fd, 0, SEEK_SET) == 0, "A file can be read from its start.");
	for (uint32_t i = 0; i < f->pages; i++) {
		EXPECT(read(f->fd, file_page, PAGE) == PAGE, "A file can be read to its end.");
		page_expect(file_page, f->mark[i], "file");
	}
	EXPECT(read(f->fd, file_page, PAGE) == 0, "Behind a file's end there is nothing.");
}

static inline void file_check(void)
{
	file_expect(file_any());
}

/* Cut it, not always at a page's line; what was cut is zero when the file grows again. */
static inline void file_truncate(void)
{
	struct known_file *f = file_any();
	uint32_t pages = chance_below(FILE_PAGES), part = 4 * chance_below(WORDS);

	if (pages < f->pages && part > 0) {
		EXPECT(ftruncate(f->fd, (off_t)(pages * PAGE + part)) == 0, "A file can be cut.");
		EXPECT(ftruncate(f->fd, (off_t)((pages + 1) * PAGE)) == 0, "And grown again.");
		EXPECT(pread(f->fd, file_page, PAGE, (off_t)(pages * PAGE)) == PAGE,
		       "The cut page can be read.");
		page_expect_part(file_page, part, f->mark[pages], "cut page");
		for (uint32_t i = part / 4; i < WORDS; i++)
			EXPECT(file_page[i] == 0, "What was cut off has come back.");
	}
	EXPECT(ftruncate(f->fd, (off_t)(pages * PAGE)) == 0, "A file can have any length.");
	for (; f->pages < pages; f->pages++)
		f->mark[f->pages] = 0;
	f->pages = pages;
	file_expect_size(f);
}

/* A private map sees the file, and the file never sees the map. */
static inline void file_map(void)
{
	struct known_file *f = file_any();
	uint32_t pages = f->pages;
	char *p;

	if (pages == 0)
		return;
	p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, f->fd, 0);
	EXPECT(p != MAP_FAILED, "A file can be mapped.");
	for (uint32_t i = 0; i < pages; i++)
		page_expect(p + i * PAGE, f->mark[i], "mapped file");
	for (uint32_t i = 0; i < pages; i += 2)
		page_fill(p + i * PAGE, ~f->mark[i]);
	file_expect(f);
	f->pages = chance_below(pages);
	EXPECT(ftruncate(f->fd, (off_t)(f->pages * PAGE)) == 0, "A mapped file can be cut.");
	for (uint32_t i = 0; i < f->pages; i++)
		page_expect(p + i * PAGE, i % 2 ? f->mark[i] : ~f->mark[i], "map of a cut file");
	fault_expect(p + f->pages * PAGE, false);
	EXPECT(munmap(p, pages * PAGE) == 0, "A map of a file can be unmapped.");
}

/* Give one file the name of another, whose file loses it. */
static inline void file_rename(void)
{
	uint32_t from = chance_below(FILES), to = chance_below(FILES);
	struct known_file moved = files[from];

	if (from == to || files[from].fd < 0 || !files[from].named)
		return;
	EXPECT(rename(file_name(from, "file"), file_name(to, "file")) == 0,
	       "A file can be renamed.");
	if (files[to].fd >= 0)
		file_expect(&files[to]);
	files[to].named = false;
	file_remove(to);
	files[to] = moved;
	files[from].fd = -1;
	EXPECT(access(file_name(from, "file"), F_OK) != 0, "The old name is gone.");
	file_expect(&files[to]);
}

/* A file without a name lives until it is closed. */
static inline void file_unlink(void)
{
	uint32_t n = chance_below(FILES);

	if (files[n].fd < 0)
		return;
	if (files[n].named)
		EXPECT(unlink(file_name(n, "file")) == 0, "A file can be unlinked.");
	files[n].named = false;
	file_expect(&files[n]);
	file_remove(n);
}

/* How many names a folder has beside its own and its parent's. */
static inline uint32_t folder_count(const char *path)
{
	char records[1024];
	int fd = open(path, O_RDONLY | O_DIRECTORY);
	uint32_t names = 0;
	long got;

	EXPECT(fd >= 0, "A folder can be opened.");
	while ((got = syscall(SYS_getdents64, fd, records, sizeof(records))) > 0)
		for (long at = 0; at < got; at += *(uint16_t *)(records + at + 16))
			names++;
	EXPECT(got == 0, "A folder can be read to its end.");
	close(fd);
	return names - 2;
}

static inline void folder_fill(void)
{
	uint32_t wanted = 1 + chance_below(12);
	const char *path = file_name(0, "folder");
	char folder[96], inside[112];

	strcpy(folder, path);
	EXPECT(mkdir(folder, 0700) == 0, "A folder can be made.");
	for (uint32_t i = 0; i < wanted; i++) {
		snprintf(inside, sizeof(inside), "%s/%u", folder, i);
		EXPECT((i % 3 == 0 ? mkdir(inside, 0700) : symlink("..", inside)) == 0,
		       "A name can be made in a folder.");
	}
	EXPECT(folder_count(folder) == wanted, "A folder lists what is in it.");
	CHECK_ERRNO(rmdir(folder), ENOTEMPTY);
	for (uint32_t i = 0; i < wanted; i++) {
		snprintf(inside, sizeof(inside), "%s/%u", folder, i);
		EXPECT((i % 3 == 0 ? rmdir(inside) : unlink(inside)) == 0,
		       "A name can be removed from a folder.");
	}
	EXPECT(folder_count(folder) == 0, "An empty folder lists nothing.");
	EXPECT(rmdir(folder) == 0, "An empty folder can be removed.");
}
