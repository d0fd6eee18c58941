/* set_thread_area gives a segment of the asked base, each task's own; what is no plain data is refused. */
#include "check.h"

#include <asm/ldt.h>
#include <sys/syscall.h>

static uint32_t first[4] = {11, 12, 13, 14}, second[4] = {21, 22, 23, 24};

static struct user_desc desc_for(void *base, unsigned entry)
{
	return (struct user_desc){
		.entry_number = entry,
		.base_addr = (unsigned)base,
		.limit = 0xFFFFF,
		.seg_32bit = 1,
		.limit_in_pages = 1,
		.useable = 1,
	};
}

static int set(struct user_desc *d)
{
	return (int)syscall(SYS_set_thread_area, d);
}

/* The word at offset in the segment of this entry, through fs. */
static uint32_t read_through(unsigned entry, uint32_t offset)
{
	uint32_t value, selector = entry << 3 | 3;

	__asm__ volatile("movw %w1, %%fs\n\tmovl %%fs:(%2), %0\n\tmovw %w3, %%fs"
			 : "=&r"(value)
			 : "r"(selector), "r"(offset), "r"(0));
	return value;
}

static void change_own(void *arg)
{
	struct user_desc d = desc_for(second, *(unsigned *)arg);

	CHECK(read_through(d.entry_number, 4) == 12); /* Inherited. */
	CHECK(set(&d) == 0 && read_through(d.entry_number, 4) == 22);
}

static void check_refused(unsigned entry)
{
	struct user_desc d = desc_for(first, entry);

	d.contents = MODIFY_LDT_CONTENTS_CODE;
	CHECK_ERRNO(set(&d), EINVAL);
	d = desc_for(first, entry);
	d.seg_32bit = 0;
	CHECK_ERRNO(set(&d), EINVAL);
	d = desc_for(first, entry);
	d.seg_not_present = 1;
	CHECK_ERRNO(set(&d), EINVAL);
	d = desc_for(first, 0);
	CHECK_ERRNO(set(&d), EINVAL);
	d = desc_for(first, 8000);
	CHECK_ERRNO(set(&d), EINVAL);
	CHECK_ERRNO(set((struct user_desc *)1), EFAULT);
}

int main(void)
{
	struct user_desc d = desc_for(first, -1u), seen;
	unsigned entry;

	CHECK(set(&d) == 0 && d.entry_number != -1u);
	entry = d.entry_number;
	CHECK(read_through(entry, 0) == 11 && read_through(entry, 12) == 14);
	seen.entry_number = entry;
	CHECK(syscall(SYS_get_thread_area, &seen) == 0);
	CHECK(seen.base_addr == (unsigned)first && seen.limit == 0xFFFFF && seen.seg_32bit);
	CHECK(seen.limit_in_pages && !seen.read_exec_only && !seen.seg_not_present && seen.useable);
	CHECK(child_run(change_own, &entry) == 0);
	CHECK(read_through(entry, 4) == 12);
	check_refused(entry);
	memset(&d, 0, sizeof(d));
	d.entry_number = entry;
	d.read_exec_only = d.seg_not_present = 1;
	CHECK(set(&d) == 0); /* Freed: the next one is given it again. */
	d = desc_for(second, -1u);
	CHECK(set(&d) == 0 && d.entry_number == entry && read_through(entry, 0) == 21);
	return 0;
}
