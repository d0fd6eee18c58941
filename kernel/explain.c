/* explain.c: see explain.h. */

#include "kernel/explain.h"

#include "arch/x86/clock.h"
#include "fs/text.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/log.h"
#include "kernel/proc_pid_files.h"
#include "mm/vmstat.h"
#include "mm/vmtrace.h"

#define SENTENCE_MAX 400u /* It is made on the stack; a longer path is cut. */

uint32_t vm_explain;

/* What a tick of the TSC is: with QEMU's -icount shift=0 an instruction, as the option icount says. */
static const char *ticks;

/* ---- the parts of a sentence ---- */

static void say_who(struct text *t, const struct vmtrace_event *e)
{
	const char *verb = e->error & PF_WRITE	 ? "wrote to"
			   : e->error & PF_FETCH ? "executed"
						 : "read";
	const char *name = thread_current()->name;

	if (e->error & PF_USER)
		text_printf(t, "%s[%d] %s 0x%08x", name, e->tid, verb, e->where);
	else
		text_printf(t, "the kernel, for %s[%d], %s 0x%08x", name, e->tid, verb, e->where);
}

static void say_where(struct text *t, const struct vmtrace_event *e)
{
	const char *found = !(e->error & PF_PRESENT) ? "no page was mapped"
			    : e->error & PF_WRITE    ? "the page was write-protected"
						     : "only the kernel may be";

	proc_append_area(t, thread_current()->aspace, e->where);
	text_printf(t, ", where %s (error code 0x%x): ", found, e->error);
}

static void say_failure(struct text *t, const struct vmtrace_event *e)
{
	const char *why = e->result == -EFAULT	 ? "no area is there"
			  : e->result == -EACCES ? "the area does not allow it"
			  : e->result == -ENXIO	 ? "the file is not as long as that"
						 : "the page could not be had";
	bool segv = e->result == -EFAULT || e->result == -EACCES;

	if (e->result == -EINTR)
		text_printf(t, "it is being killed");
	else if (e->error & PF_USER)
		text_printf(t, "%s, so it gets %s", why, segv ? "SIGSEGV" : "SIGBUS");
	else
		text_printf(t, "%s, so the system call fails with EFAULT", why);
}

static const char *decision(const struct vmtrace_event *e)
{
	bool read = e->with & VMTRACE_READ;

	switch (e->how) {
	case VM_FAULT_ZERO:
		return "it sees the page of zeroes that all share";
	case VM_FAULT_ANON:
		return "it got a fresh page of zeroes";
	case VM_FAULT_FILE:
		return read ? "the page was read from there"
			    : "the page was in the page cache and is mapped now";
	case VM_FAULT_PROMOTE:
		return read ? "the page was read from there, and it got a copy of its own"
			    : "it got a copy of its own of the page in the page cache";
	case VM_FAULT_COW_COPY:
		return "others have the page too, so it got a copy";
	case VM_FAULT_COW_REUSE:
		return "nobody else has the page any more, so it may write to it now";
	case VM_FAULT_DIRTY:
		return "the page counts as dirty and may be written to now";
	case VM_FAULT_SWAP:
		return read ? "the page was read back from swap"
			    : "the page had a slot in swap but was still in memory";
	case VM_FAULT_UNPARK:
		return "the page was only hidden, so that this touch is noticed";
	case VM_FAULT_SPURIOUS:
		return "the page was ready for that already";
	default:
		return "somebody else was faster, so it tries again";
	}
}

static void say_what(struct text *t, const struct vmtrace_event *e)
{
	if (e->result)
		say_failure(t, e);
	else
		text_printf(t, "%s", decision(e));
	if (e->with & VMTRACE_TABLE_NEW)
		text_printf(t, ", in a new page table");
	if (e->with & VMTRACE_TABLE_TAKEN)
		text_printf(t, ", in a page table that fork had shared and that is its own again");
	if (e->with & VMTRACE_TABLE_COPIED)
		text_printf(t, ", in its own copy of the page table that fork had shared");
	if (e->with & VMTRACE_STACK)
		text_printf(t, ", after the stack grew");
	if (e->with & VMTRACE_WAITED)
		text_printf(t, ", after a wait for memory");
}

/* ---- the sentence ---- */

/* Is it the turn of one more? Threads that race may count wrong by one. */
static bool may_speak(void)
{
	static uint32_t left = EXPLAIN_BURST, unsaid;
	static uint64_t last;
	uint64_t now = clock_now();
	uint32_t more = (uint32_t)MIN((now - last) / (NSEC_PER_SEC / EXPLAIN_PER_SECOND),
				      (uint64_t)EXPLAIN_BURST);

	if (more > 0) {
		left = MIN(left + more, EXPLAIN_BURST);
		last = now;
	}
	if (left == 0) {
		unsaid++;
		return false;
	}
	if (unsaid > 0)
		log("explain: %u faults more were not told\n", unsaid);
	unsaid = 0;
	left--;
	return true;
}

static void tell(const struct vmtrace_event *e)
{
	char sentence[SENTENCE_MAX];
	struct text t;
	struct uio u;
	ssize_t n;

	if (!thread_current()->is_user || !may_speak())
		return;
	text_init(&t);
	say_who(&t, e);
	say_where(&t, e);
	say_what(&t, e);
	text_printf(&t, "; this took %u %s.", e->arg, ticks);
	uio_init_kernel(&u, sentence, sizeof(sentence));
	n = text_read(&t, &u, 0);
	text_free(&t);
	if (n > 0) /* Else there was no memory for it. */
		log("explain: %.*s\n", (int)n, sentence);
}

void explain_update(void)
{
	vmtrace_listen(vm_explain ? tell : NULL);
}

void explain_init(void)
{
	ticks = cmdline_has("icount") ? "instructions" : "cycles";
	vm_explain = cmdline_get_size("explain", 0) != 0;
	explain_update();
}
