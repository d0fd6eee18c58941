/* trace.c: trace files. */

#include "tools/replay/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int complain(const char *path, const char *what)
{
	fprintf(stderr, "replay: %s: %s\n", path, what);
	return -1;
}

/* Count references and pages; 0, or -1 when there is a page number that cannot be. */
static int look_through(struct trace *t)
{
	for (size_t i = 0; i < t->count; i++) {
		struct trace_record r = t->records[i];

		if (trace_kind(r) > TRACE_EVICTED || trace_kind(r) == TRACE_TICK)
			continue;
		if (r.page == 0 || r.page > TRACE_PAGES_MAX)
			return -1;
		if (r.page > t->pages)
			t->pages = r.page;
		t->references += trace_kind(r) <= TRACE_WRITE;
	}
	return 0;
}

int trace_open(struct trace *t, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	const char *file;

	if (fd < 0 || fstat(fd, &st) != 0)
		return complain(path, strerror(errno));
	if (st.st_size < TRACE_MAGIC_SIZE)
		return complain(path, "no trace");
	file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED)
		return complain(path, strerror(errno));
	close(fd);
	if (memcmp(file, TRACE_MAGIC, TRACE_MAGIC_SIZE) != 0)
		return complain(path, "no trace");
	*t = (struct trace){
		.records = (const struct trace_record *)(file + TRACE_MAGIC_SIZE),
		.count = ((size_t)st.st_size - TRACE_MAGIC_SIZE) / sizeof(struct trace_record),
	};
	if (look_through(t) != 0)
		return complain(path, "a page number is out of range");
	return 0;
}
