/*
 * test_usercopy.c: the kernel's way to user memory: exact counts, every bad address, SMAP.
 *
 * rows: A5 E32 E33 E36
 */

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "mm/check.h"
#include "mm/uio.h"
#include "tests/kernel/mm_fixture.h"
#include "tests/kernel/selftest.h"

static char buf[3 * PAGE_SIZE];

/* A current space with two pages at TEST_VA and nothing after them. */
static struct aspace *two_pages(void)
{
	struct aspace *as = fixture_enter();

	EXPECT(fixture_map(as, TEST_VA, 2));
	return as;
}

static void leave(struct aspace *as)
{
	fixture_leave();
	aspace_put(as);
	EXPECT_EQ(vm_check(), 0);
}

/* Bytes go out and come back, over page lines, into pages that were never touched. */
static void test_round_trip(void)
{
	struct aspace *as = two_pages();
	char *at = (char *)TEST_VA + PAGE_SIZE - 5;

	EXPECT_EQ(copy_to_user(at, "across the line", 16), 0);
	EXPECT_EQ(copy_from_user(buf, at, 16), 0);
	EXPECT(strcmp(buf, "across the line") == 0);
	EXPECT_EQ(clear_user(at, 16), 0);
	EXPECT_EQ(copy_from_user(buf, at, 16), 0);
	EXPECT(buf[0] == 0 && buf[15] == 0);
	leave(as);
}

/* Null, unmapped, kernel and wrapping addresses are EFAULT in both directions (features E6, E32, E33). */
static void test_bad_addresses(void)
{
	static const uint32_t bad[] = {0,
				       4,
				       TEST_VA - 4,
				       TEST_VA + 2 * PAGE_SIZE,
				       USER_END - 4,
				       USER_END,
				       KERNEL_BASE + 0x100000,
				       UINT32_MAX - 3};
	struct aspace *as = two_pages();
	uint32_t word;

	for (uint32_t i = 0; i < ARRAY_SIZE(bad); i++) {
		void *p = (void *)bad[i];

		EXPECT_EQ(copy_to_user(p, buf, 8), -EFAULT);
		EXPECT_EQ(copy_from_user(buf, p, 8), -EFAULT);
		EXPECT_EQ(clear_user(p, 8), -EFAULT);
		EXPECT_EQ(get_user_u32(&word, p), -EFAULT);
		EXPECT_EQ(put_user_u32(p, 1), -EFAULT);
		EXPECT_EQ(strncpy_from_user(buf, p, 16), -EFAULT);
		EXPECT_EQ(cmpxchg_user_u32(p, 0, 1, &word), -EFAULT);
	}
	EXPECT_EQ(copy_to_user((void *)TEST_VA, buf, UINT32_MAX), -EFAULT);
	leave(as);
}

/* A copy that runs off the end says exactly how much it did not copy. */
static void test_partial(void)
{
	struct aspace *as = two_pages();
	char *end = (char *)TEST_VA + 2 * PAGE_SIZE;

	for (uint32_t good = 0; good < 9; good++) {
		memset(buf, 'x', 64);
		EXPECT_EQ(copy_to_user_partial(end - good, buf, 20), 20 - good);
		EXPECT_EQ(copy_from_user_partial(buf, end - good, 20), 20 - good);
	}
	EXPECT_EQ(copy_to_user_partial(end - 3 * PAGE_SIZE, buf, 8), 8);
	leave(as);
}

/* A read-only page is not written, a copy-on-write page is copied (features A32, E33). */
static void test_rights(void)
{
	struct aspace *as = two_pages(), *child;

	EXPECT(poke(TEST_VA, 1));
	child = aspace_fork(as);
	EXPECT(poke(TEST_VA, 2));
	fixture_switch(child);
	EXPECT(peek_is(TEST_VA, 1));
	EXPECT_EQ(aspace_protect(child, TEST_VA, PAGE_SIZE, VM_READ), 0);
	EXPECT(!poke(TEST_VA, 3) && peek_is(TEST_VA, 1));
	EXPECT_EQ(aspace_protect(child, TEST_VA, PAGE_SIZE, 0), 0);
	EXPECT(!peek_is(TEST_VA, 1));
	aspace_put(as);
	leave(child);
}

/* Strings: their length, a missing end, too long, cut by the end of memory. */
static void test_strings(void)
{
	struct aspace *as = two_pages();
	char *end = (char *)TEST_VA + 2 * PAGE_SIZE;

	EXPECT_EQ(copy_to_user(end - 4, "abc", 4), 0);
	EXPECT_EQ(strncpy_from_user(buf, end - 4, 16), 3);
	EXPECT_EQ(strnlen_user(end - 4, 16), 3);
	EXPECT_EQ(strncpy_from_user(buf, end - 4, 4), 3);
	EXPECT_EQ(strncpy_from_user(buf, end - 4, 3), -ENAMETOOLONG);
	EXPECT_EQ(copy_to_user(end - 4, "abcd", 4), 0);
	EXPECT_EQ(strncpy_from_user(buf, end - 4, 16), -EFAULT);
	leave(as);
}

/* The versions that may not sleep give up on a page that is not there yet, and work on one that is. */
static void test_nofault(void)
{
	struct aspace *as = two_pages();

	EXPECT_EQ(copy_from_user_nofault(buf, (void *)TEST_VA, 8), 8);
	EXPECT_EQ(aspace_resident(as), 0);
	EXPECT(poke(TEST_VA, 0x61626364));
	EXPECT_EQ(copy_from_user_nofault(buf, (void *)TEST_VA, 8), 0);
	EXPECT(buf[0] == 0x64);
	EXPECT_EQ(copy_to_user_nofault((void *)(TEST_VA + PAGE_SIZE), buf, 4), 4);
	leave(as);
}

/* A uio walks its segments, skips empty ones, and stops at the first bad byte. */
static void test_uio(void)
{
	struct aspace *as = two_pages();
	struct iov iov[] = {{TEST_VA, 3}, {TEST_VA + 100, 0}, {TEST_VA + 2 * PAGE_SIZE - 2, 8}};
	struct uio u = {.iov = iov, .count = 3, .resid = 11};

	EXPECT_EQ(uio_copy_out(&u, "hello world", 11), 5);
	EXPECT_EQ(u.resid, 6);
	EXPECT_EQ(copy_from_user(buf, (void *)TEST_VA, 3), 0);
	EXPECT(memcmp(buf, "hel", 3) == 0);
	uio_init_kernel(&u, buf, 4);
	EXPECT_EQ(uio_copy_out(&u, "abcdef", 6), 4);
	EXPECT(memcmp(buf, "abcd", 4) == 0 && u.resid == 0);
	leave(as);
}

static const struct selftest_case cases[] = {
	{"round_trip", test_round_trip},
	{"bad_addresses", test_bad_addresses},
	{"partial", test_partial},
	{"rights", test_rights},
	{"strings", test_strings},
	{"nofault", test_nofault},
	{"uio", test_uio},
	{NULL, NULL},
};

const struct selftest_suite selftest_usercopy = {"usercopy", cases};
