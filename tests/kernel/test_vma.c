/*
 * test_vma.c: areas inside the kernel: splitting, merging, placing, limits, the break, the stack.
 *
 * rows: A16 A17 B33 C14
 * lab: stack
 */

#include "kernel/abi/errno.h"
#include "mm/check.h"
#include "tests/kernel/mm_fixture.h"
#include "tests/kernel/selftest.h"

#define RW (VM_READ | VM_WRITE | VM_MAYWRITE)

static int32_t map_at(struct aspace *as, uint32_t va, uint32_t len, uint32_t how)
{
	return aspace_map(as, va, len, RW, how, NULL, 0);
}

/* A hole cut in the middle splits; filling it makes one area again. */
static void test_split_and_merge(void)
{
	struct aspace *as = aspace_create();

	EXPECT(fixture_map(as, TEST_VA, 10));
	EXPECT_EQ(as->vmas.count, 1);
	EXPECT_EQ(aspace_unmap(as, TEST_VA + 4 * PAGE_SIZE, 2 * PAGE_SIZE), 0);
	EXPECT_EQ(as->vmas.count, 2);
	EXPECT_EQ(as->vmas.pages, 8);
	EXPECT(fixture_map(as, TEST_VA + 4 * PAGE_SIZE, 2));
	EXPECT_EQ(as->vmas.count, 1);
	EXPECT_EQ(as->vmas.pages, 10);
	EXPECT(vma_check(&as->vmas) == NULL);
	aspace_put(as);
}

/* Placement goes downwards from the top, reuses holes, and honours free hints (features A16). */
static void test_placement(void)
{
	struct aspace *as = aspace_create();
	int32_t a = map_at(as, 0, PAGE_SIZE, 0);
	int32_t b = aspace_map(as, 0, PAGE_SIZE, VM_READ, 0, NULL, 0);
	int32_t c = map_at(as, 0, PAGE_SIZE, 0);

	EXPECT_EQ((uint32_t)a, as->mmap_top - PAGE_SIZE);
	EXPECT_EQ(b, a - PAGE_SIZE);
	EXPECT_EQ(c, b - PAGE_SIZE);
	EXPECT_EQ(aspace_unmap(as, (uint32_t)b, PAGE_SIZE), 0);
	EXPECT_EQ(map_at(as, 0, PAGE_SIZE, 0), b);
	EXPECT_EQ(map_at(as, TEST_VA, PAGE_SIZE, 0), TEST_VA);
	EXPECT(map_at(as, TEST_VA, PAGE_SIZE, 0) != TEST_VA);
	EXPECT_EQ(map_at(as, TEST_VA, PAGE_SIZE, MAP_HOW_NOREPLACE), -EEXIST);
	aspace_put(as);
}

/* What cannot be mapped says why and changes nothing. */
static void test_errors(void)
{
	struct aspace *as = aspace_create();

	EXPECT_EQ(map_at(as, 0, 0, 0), -EINVAL);
	EXPECT_EQ(map_at(as, TEST_VA + 1, PAGE_SIZE, MAP_HOW_FIXED), -EINVAL);
	EXPECT_EQ(map_at(as, 0, PAGE_SIZE, MAP_HOW_FIXED), -EPERM);
	EXPECT_EQ(map_at(as, USER_END, PAGE_SIZE, MAP_HOW_FIXED), -ENOMEM);
	EXPECT_EQ(map_at(as, USER_END - PAGE_SIZE, 2 * PAGE_SIZE, MAP_HOW_FIXED), -ENOMEM);
	EXPECT_EQ(map_at(as, 0, UINT32_MAX, 0), -ENOMEM);
	EXPECT_EQ(aspace_unmap(as, TEST_VA + 1, PAGE_SIZE), -EINVAL);
	EXPECT_EQ(aspace_unmap(as, TEST_VA, 0), -EINVAL);
	EXPECT_EQ(aspace_unmap(as, USER_END - PAGE_SIZE, 2 * PAGE_SIZE), -EINVAL);
	EXPECT_EQ(aspace_unmap(as, TEST_VA, PAGE_SIZE), 0);
	EXPECT_EQ(aspace_protect(as, TEST_VA, PAGE_SIZE, VM_READ), -ENOMEM);
	EXPECT_EQ(aspace_protect(as, TEST_VA + 8, PAGE_SIZE, VM_READ), -EINVAL);
	EXPECT_EQ(as->vmas.count, 0);
	aspace_put(as);
}

/* A write-protected shared map of a read-only file may not become writable. */
static void test_maywrite(void)
{
	struct aspace *as = aspace_create();

	EXPECT_EQ(aspace_map(as, TEST_VA, PAGE_SIZE, VM_READ, MAP_HOW_FIXED, NULL, 0), TEST_VA);
	EXPECT_EQ(aspace_protect(as, TEST_VA, PAGE_SIZE, VM_READ | VM_WRITE), -EACCES);
	aspace_put(as);
}

/* The break moves to the byte; pages follow in whole (features C7, C8). */
static void test_brk(void)
{
	struct aspace *as = aspace_create();

	as->brk_start = as->brk = TEST_VA;
	EXPECT_EQ(aspace_brk(as, 0), TEST_VA);
	EXPECT_EQ(aspace_brk(as, TEST_VA + 1), TEST_VA + 1);
	EXPECT_EQ(as->vmas.pages, 1);
	EXPECT_EQ(aspace_brk(as, TEST_VA + 101), TEST_VA + 101);
	EXPECT_EQ(as->vmas.pages, 1);
	EXPECT_EQ(aspace_brk(as, TEST_VA + PAGE_SIZE + 1), TEST_VA + PAGE_SIZE + 1);
	EXPECT_EQ(as->vmas.pages, 2);
	EXPECT_EQ(as->vmas.count, 1);
	EXPECT_EQ(aspace_brk(as, TEST_VA), TEST_VA);
	EXPECT_EQ(as->vmas.count, 0);
	EXPECT(fixture_map(as, TEST_VA + 4 * PAGE_SIZE, 1));
	EXPECT_EQ(aspace_brk(as, TEST_VA + 5 * PAGE_SIZE), TEST_VA); /* Something is in the way. */
	aspace_put(as);
}

/* The stack grows down to its limit and no further, never up (features C13, C14). */
static void test_stack(void)
{
	struct aspace *as = fixture_enter();
	uint32_t top = USER_END - PAGE_SIZE;

	as->stack_limit = 16 * PAGE_SIZE;
	EXPECT_EQ(aspace_map(as, top - PAGE_SIZE, PAGE_SIZE, RW | VM_STACK | VM_GROWSDOWN,
			     MAP_HOW_FIXED, NULL, 0),
		  (int32_t)(top - PAGE_SIZE));
	EXPECT(poke(top - 3 * PAGE_SIZE, 1));
	EXPECT_EQ(as->vmas.pages, 3);
	EXPECT(poke(top - 16 * PAGE_SIZE, 2));
	EXPECT(!poke(top - 16 * PAGE_SIZE - 4, 3));
	EXPECT(!poke(top, 4));
	EXPECT_EQ(as->vmas.count, 1);
	EXPECT_EQ(vm_check(), 0);
	fixture_leave();
	aspace_put(as);
}

static const struct selftest_case cases[] = {
	{"split_and_merge", test_split_and_merge},
	{"placement", test_placement},
	{"errors", test_errors},
	{"maywrite", test_maywrite},
	{"brk", test_brk},
	{"stack", test_stack},
	{NULL, NULL},
};

const struct selftest_suite selftest_vma = {"vma", cases};
