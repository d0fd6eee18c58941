/*
 * tls.c: set_thread_area and get_thread_area: user descriptors in the GDT's three entries for
 * threads.
 *
 * Only data segments that are present and 32-bit may be set, so that no program makes itself a way
 * to code or to other privilege levels; an empty descriptor frees its entry. Rules and encoding are
 * those of Linux's arch/x86/kernel/tls.c as set_thread_area(2) describes them; descriptor bits:
 * Intel SDM vol. 3, 3.4.5.
 */

#include "kernel/tls.h"

#include "arch/x86/cpu.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/ldt.h"
#include "kernel/lib/string.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

#define DESC_ACCESSED (1u << 8)
#define DESC_WRITABLE (1u << 9)
#define DESC_EXPAND_DOWN (1u << 10)
#define DESC_CODE_OR_DATA (1u << 12)
#define DESC_USER (3u << 13)
#define DESC_PRESENT (1u << 15)
#define DESC_AVAILABLE (1u << 20)
#define DESC_32BIT (1u << 22)
#define DESC_PAGES (1u << 23)

/* Both forms that programs use for "no segment". */
static bool desc_is_empty(const struct user_desc *d)
{
	bool zero = d->base == 0 && d->limit == 0 && d->contents == 0 && !d->seg_32bit &&
		    !d->limit_in_pages && !d->useable;

	return zero && d->read_exec_only == d->seg_not_present;
}

static bool desc_is_allowed(const struct user_desc *d)
{
	return d->seg_32bit && d->contents <= 1 && !d->seg_not_present;
}

static uint64_t desc_encode(const struct user_desc *d)
{
	uint32_t low = (d->limit & 0xFFFF) | d->base << 16;
	uint32_t high = (d->base >> 16 & 0xFF) | (d->base & 0xFF000000) | (d->limit & 0xF0000);

	high |= DESC_ACCESSED | DESC_CODE_OR_DATA | DESC_USER | DESC_PRESENT | DESC_32BIT;
	high |= d->read_exec_only ? 0 : DESC_WRITABLE;
	high |= d->contents == 1 ? DESC_EXPAND_DOWN : 0;
	high |= d->limit_in_pages ? DESC_PAGES : 0;
	high |= d->useable ? DESC_AVAILABLE : 0;
	return (uint64_t)high << 32 | low;
}

static void desc_decode(struct user_desc *d, uint64_t desc)
{
	uint32_t low = (uint32_t)desc, high = (uint32_t)(desc >> 32);

	d->base = low >> 16 | (high & 0xFF) << 16 | (high & 0xFF000000);
	d->limit = (low & 0xFFFF) | (high & 0xF0000);
	d->seg_32bit = (high & DESC_32BIT) != 0;
	d->contents = (high & DESC_EXPAND_DOWN) != 0;
	d->read_exec_only = !(high & DESC_WRITABLE);
	d->limit_in_pages = (high & DESC_PAGES) != 0;
	d->seg_not_present = !(high & DESC_PRESENT);
	d->useable = (high & DESC_AVAILABLE) != 0;
}

/* The index in ctx->tls of a GDT entry number, or -EINVAL. */
static int entry_index(uint32_t entry)
{
	if (entry < SEL_TLS_FIRST || entry >= SEL_TLS_FIRST + SEL_TLS_COUNT)
		return -EINVAL;
	return (int)(entry - SEL_TLS_FIRST);
}

static int set_entry(struct context *ctx, const struct user_desc *d)
{
	int i = entry_index(d->entry_number);

	if (i < 0)
		return i;
	if (desc_is_empty(d)) {
		ctx->tls[i] = 0;
		return 0;
	}
	if (!desc_is_allowed(d))
		return -EINVAL;
	ctx->tls[i] = desc_encode(d);
	return 0;
}

int tls_set_user(struct context *ctx, uint32_t desc_user)
{
	struct user_desc d;

	if (copy_from_user(&d, (const void __user *)desc_user, sizeof(d)))
		return -EFAULT;
	return set_entry(ctx, &d);
}

/* The number of a free entry, or -ESRCH. */
static int32_t free_entry(const struct context *ctx)
{
	for (uint32_t i = 0; i < SEL_TLS_COUNT; i++)
		if (ctx->tls[i] == 0)
			return (int32_t)(SEL_TLS_FIRST + i);
	return -ESRCH;
}

int32_t sys_set_thread_area(uint32_t desc_user)
{
	struct context *ctx = &thread_current()->context;
	struct user_desc d;
	bool choose;
	int32_t err;

	if (copy_from_user(&d, (const void __user *)desc_user, sizeof(d)))
		return -EFAULT;
	if (!desc_is_empty(&d) && !desc_is_allowed(&d))
		return -EINVAL;
	choose = d.entry_number == UINT32_MAX;
	if (choose) {
		int32_t entry = free_entry(ctx);

		if (entry < 0)
			return entry;
		d.entry_number = (uint32_t)entry;
		if (put_user_u32((void __user *)desc_user, d.entry_number))
			return -EFAULT;
	}
	preempt_disable(); /* The descriptor and the GDT change together. */
	err = set_entry(ctx, &d);
	tls_load(ctx);
	preempt_enable();
	return err;
}

int32_t sys_get_thread_area(uint32_t desc_user)
{
	struct user_desc d = {0};
	uint32_t entry;
	int i;

	if (get_user_u32(&entry, (const void __user *)desc_user))
		return -EFAULT;
	i = entry_index(entry);
	if (i < 0)
		return i;
	d.entry_number = entry;
	desc_decode(&d, thread_current()->context.tls[i]);
	return copy_to_user((void __user *)desc_user, &d, sizeof(d));
}
