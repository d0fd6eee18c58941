/* advice.c: madvise and the calls that keep pages in memory. */
#include "tests/diff/diff.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 1
#endif

static const struct {
	const char *name;
	uint32_t advice;
} advices[] = {
	{"NORMAL", MADV_NORMAL},
	{"RANDOM", MADV_RANDOM},
	{"SEQUENTIAL", MADV_SEQUENTIAL},
	{"WILLNEED", MADV_WILLNEED},
	{"DONTNEED", MADV_DONTNEED},
	{"DONTNEED", MADV_DONTNEED},
	{"DONTNEED", MADV_DONTNEED},
	{"REMOVE", MADV_REMOVE},
	{"REMOVE", MADV_REMOVE},
	{"DONTFORK", MADV_DONTFORK},
	{"DOFORK", MADV_DOFORK},
	{"DONTDUMP", MADV_DONTDUMP},
	{"DODUMP", MADV_DODUMP},
	{"WIPEONFORK", MADV_WIPEONFORK},
	{"KEEPONFORK", MADV_KEEPONFORK},
	{"COLD", MADV_COLD},
	{"POPULATE_READ", MADV_POPULATE_READ},
	{"POPULATE_WRITE", MADV_POPULATE_WRITE},
	{"1000", 1000},
};

static void act_madvise(void)
{
	struct range r = percent(80) ? range_mapped(6) : range_any(8), bad = range_spoilt(r);
	uint32_t i = below(COUNT(advices));

	if (advices[i].advice == MADV_REMOVE && (!on_tmpfs || is_left_out("fallocate")))
		return;
	say("madvise(%s, %u, %s)", address_name(bad.va), bad.len, advices[i].name);
	say_result(CALL(SYS_madvise, bad.va, bad.len, advices[i].advice));
	model_cut(&r);
}

/* ---- MADV_FREE ---- */

static void store_back(void *arg)
{
	volatile uint8_t *p = arg;

	*p = *p;
}

static bool is_writable(const struct range *r)
{
	struct fault f;

	for (uint32_t i = 0; i < r->count; i++)
		if (!attempt(store_back, (void *)(r->va + i * PAGE), &f))
			return false;
	return true;
}

/* Pages that are free hold either what they held or zeroes, until they are written. */
static void act_free(void)
{
	struct range r = range_mapped(6);

	if (bytes_defined(r.va, r.len) < r.len || !is_writable(&r))
		return;
	say("madvise(%s, %u, FREE)", address_name(r.va), r.len);
	say_result(CALL(SYS_madvise, r.va, r.len, MADV_FREE));
	memset((void *)r.va, (int)chance(), r.len);
	model_cut(&r);
}

/* ---- mlock ---- */

static void act_mlock(void)
{
	struct range r = percent(80) ? range_mapped(6) : range_any(8), bad = range_spoilt(r);
	uint32_t how = below(5), flags = percent(80) ? MLOCK_ONFAULT : below(3);
	long result;

	if (how == 0) {
		say("mlock(%s, %u)", address_name(bad.va), bad.len);
		result = CALL(SYS_mlock, bad.va, bad.len);
	} else if (how == 1) {
		say("mlock2(%s, %u, %u)", address_name(bad.va), bad.len, flags);
		result = CALL(SYS_mlock2, bad.va, bad.len, flags);
	} else {
		say("munlock(%s, %u)", address_name(bad.va), bad.len);
		result = CALL(SYS_munlock, bad.va, bad.len);
	}
	say_result(result);
	model_cut(&r);
}

/* MCL_CURRENT 1, MCL_FUTURE 2, MCL_ONFAULT 4. */
static void act_mlockall(void)
{
	static const uint32_t all_flags[] = {1, 2, 3, 5, 6, 7, 4, 0, 8};
	uint32_t flags = PICK(all_flags);

	if (percent(60)) {
		say("munlockall()");
		say_result(CALL(SYS_munlockall));
	} else {
		say("mlockall(%u)", flags);
		say_result(CALL(SYS_mlockall, flags));
	}
}

const struct operation advice_operations[] = {
	{"madvise", 60, act_madvise},  {"free", 6, act_free}, {"mlock", 15, act_mlock},
	{"mlockall", 4, act_mlockall}, {NULL, 0, NULL},
};
