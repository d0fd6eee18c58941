/*
 * proc_trace_files.c: /proc/vmtrace and vmtrace.bin: the events of mm/vmtrace.h as text and as they are.
 *
 * In both every event has the same number of bytes, so that a position in the file is the number of an
 * event. A reader that is too slow finds one event of kind "start" instead of all that are gone, which
 * counts them.
 */

#include "fs/procfs.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/proc_files.h"
#include "mm/vmstat.h"
#include "mm/vmtrace.h"

#define LINE 160u /* With the newline. */

/* How an event is shown. */
struct format {
	uint32_t size; /* Bytes for each, at most LINE. */
	void (*put)(uint64_t number, const struct vmtrace_event *e, char *out);
};

static void put_binary(uint64_t number, const struct vmtrace_event *e, char *out)
{
	(void)number;
	memcpy(out, e, sizeof(*e));
}

/* What was wanted, what was done, what else had to be, and what came of it. */
static int put_fault(const struct vmtrace_event *e, char *out, size_t size)
{
	static const char *const with[] = {" table-new", " table-taken", " table-copied",
					   " read",	 " stack",	 " waited"};
	int n = scnprintf(out, size, "%s%s%s %s", e->error & PF_USER ? "user-" : "kernel-",
			  e->error & PF_WRITE	? "write"
			  : e->error & PF_FETCH ? "exec"
						: "read",
			  e->error & PF_PRESENT ? "-denied" : "",
			  e->how ? vm_event_names[e->how] : "-");

	for (uint32_t i = 0; i < ARRAY_SIZE(with); i++)
		if (e->with & 1u << i)
			n += scnprintf(out + n, size - (size_t)n, "%s", with[i]);
	if (e->result)
		n += scnprintf(out + n, size - (size_t)n, " error %d", -e->result);
	return n;
}

static int put_numbers(const struct vmtrace_event *e, char *out, size_t size)
{
	char where[12];

	if (e->kind >= VMTRACE_MAP && e->kind <= VMTRACE_EVICT)
		snprintf(where, sizeof(where), "%05x:%03x", e->where >> 10,
			 e->where % PTRS_PER_TABLE);
	else
		snprintf(where, sizeof(where), "%08x", e->where);
	return scnprintf(out, size, "%-9s %08x %08x %10u %7u ", where, e->before, e->after, e->arg,
			 e->free);
}

static void put_text(uint64_t number, const struct vmtrace_event *e, char *out)
{
	char name[16];
	int n = scnprintf(out, LINE, "%8llu %6llu.%06llu %5d %5u %-8s ", number, e->ns / 1000000000,
			  e->ns / 1000 % 1000000, e->tid, e->space, vmtrace_kind_names[e->kind]);

	if (e->kind == VMTRACE_EXEC) {
		memcpy(name, &e->where, sizeof(name));
		n += scnprintf(out + n, LINE - (size_t)n, "%.16s", name);
	} else {
		n += put_numbers(e, out + n, LINE - (size_t)n);
	}
	if (e->kind == VMTRACE_FAULT)
		n += put_fault(e, out + n, LINE - (size_t)n);
	memset(out + n, ' ', LINE - (uint32_t)n);
	out[LINE - 1] = '\n';
}

static ssize_t read_events(const struct procfs_entry *entry, struct uio *u, loff_t *pos)
{
	const struct format *f = entry->arg;
	struct vmtrace_event e;
	ssize_t done = 0;
	char out[LINE];

	while (u->resid > 0) {
		uint64_t number = (uint64_t)*pos / f->size;
		uint32_t skip = (uint32_t)((uint64_t)*pos % f->size);
		size_t want = MIN(f->size - skip, u->resid), moved;

		if (!vmtrace_get(&number, &e))
			break;
		f->put(number, &e, out);
		moved = uio_copy_out(u, out + skip, want);
		*pos = (loff_t)(number * f->size + skip + moved);
		done += (ssize_t)moved;
		if (moved < want)
			return done > 0 ? done : -EFAULT;
	}
	return done;
}

static struct format text = {LINE, put_text}, binary = {sizeof(struct vmtrace_event), put_binary};

static struct procfs_entry entries[] = {
	{.path = "vmtrace", .mode = 0400, .read = read_events, .arg = &text},
	{.path = "vmtrace.bin", .mode = 0400, .read = read_events, .arg = &binary},
};

void proc_trace_files_init(void)
{
	procfs_register_all(entries, ARRAY_SIZE(entries));
}
