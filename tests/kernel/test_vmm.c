/*
 * test_vmm.c: page tables: walks, the kernel's part, protection, one switcher of CR3.
 *
 * rows: A1 A2 A3 B10 B31 E2 E4 E14 E15
 */

#include "kernel/abi/errno.h"
#include "mm/check.h"
#include "mm/fail.h"
#include "mm/fault_internal.h"
#include "mm/pgtable.h"
#include "mm/pmm.h"
#include "tests/kernel/mm_fixture.h"
#include "tests/kernel/selftest.h"

/* An address is 10 + 10 + 12 bits, an entry 20 + 12 (features E2, E4). */
static void test_arithmetic(void)
{
	const uint32_t va = 0xC0345678;
	const pte_t pte = pte_make(0xABCDE, PTE_P | PTE_W);

	EXPECT_EQ(va_pdx(va), 0x300);
	EXPECT_EQ(va_ptx(va), 0x345);
	EXPECT_EQ(va & ~PAGE_MASK, 0x678);
	EXPECT_EQ(va_pdx(va) << TABLE_SHIFT | va_ptx(va) << PAGE_SHIFT | (va & ~PAGE_MASK), va);
	EXPECT_EQ(pte_pfn(pte), 0xABCDE);
	EXPECT_EQ(pte & PTE_FRAME, 0xABCDE000);
	EXPECT_EQ(pte & (PTE_P | PTE_W | PTE_D), PTE_P | PTE_W);
	EXPECT_EQ(ALIGN_DOWN(0x12345u, PAGE_SIZE), 0x12000);
	EXPECT_EQ(ALIGN_UP(0x12345u, PAGE_SIZE), 0x13000);
	EXPECT_EQ(ALIGN_UP(0x12000u, PAGE_SIZE), 0x12000);
}

/* Pages on both sides of a 4 MiB line are in different tables; the walk finds each (features A1). */
static void test_two_levels(void)
{
	struct aspace *as = fixture_enter();
	uint32_t line = TEST_VA + TABLE_SPAN;

	EXPECT(fixture_map(as, line - PAGE_SIZE, 2));
	EXPECT_EQ(as->tables, 0);
	EXPECT(poke(line - PAGE_SIZE, 11) && poke(line, 22));
	EXPECT_EQ(as->tables, 2);
	EXPECT(pfn_at(as, line) && pfn_at(as, line - PAGE_SIZE));
	EXPECT(pfn_at(as, line) != pfn_at(as, line - PAGE_SIZE));
	EXPECT_EQ(*(uint32_t *)kmap(frame_of_pfn(pfn_at(as, line))), 22);
	EXPECT_EQ(aspace_resident(as), 2);
	fixture_leave();
	aspace_put(as);
}

/* CR3 is the running space's directory; two spaces never mix (features A2). */
static void test_cr3(void)
{
	struct aspace *a = aspace_create(), *b = aspace_create();

	EXPECT(fixture_map(a, TEST_VA, 1) && fixture_map(b, TEST_VA, 1));
	for (uint32_t i = 0; i < 1000; i++) {
		struct aspace *as = i & 1 ? b : a;

		fixture_switch(as);
		EXPECT_EQ(cr3_read() & PAGE_MASK, as->pgdir_phys);
		if (i > 1)
			EXPECT(peek_is(TEST_VA, i - 2));
		EXPECT(poke(TEST_VA, i));
	}
	fixture_leave();
	aspace_put(a);
	aspace_put(b);
}

/* The kernel's part of every directory is the same, after its maps grew too (features A3). */
static void test_kernel_part(void)
{
	struct aspace *mine[3] = {aspace_create(), aspace_create(), aspace_create()}, *as = NULL;
	const pte_t *kernel = phys_to_virt(mmu_kernel_pgdir());
	uint32_t seen = 0;

	EXPECT(mmu_map_device(0xFEB00000, 9 * PAGE_SIZE) != NULL);
	while ((as = aspace_next(as)) != NULL) {
		const pte_t *own = kmap(as->pgdir);

		for (uint32_t i = KERNEL_PDX; i < PTRS_PER_TABLE; i++)
			EXPECT_EQ(own[i] & ~(PTE_A | PTE_D), kernel[i] & ~(PTE_A | PTE_D));
		for (uint32_t i = 0; i < KERNEL_PDX; i++)
			EXPECT_EQ(own[i], 0);
		seen++;
	}
	EXPECT_EQ(seen, 3);
	for (uint32_t i = 0; i < ARRAY_SIZE(mine); i++)
		aspace_put(mine[i]);
}

/* A read-only page takes reads and no writes; taking W away holds at once (features B10, B31). */
static void test_protect(void)
{
	struct aspace *as = fixture_enter();

	EXPECT(fixture_map(as, TEST_VA, 3));
	EXPECT(poke(TEST_VA + PAGE_SIZE, 7));
	EXPECT_EQ(aspace_protect(as, TEST_VA + PAGE_SIZE, PAGE_SIZE, VM_READ), 0);
	EXPECT(!poke(TEST_VA + PAGE_SIZE, 8));
	EXPECT(peek_is(TEST_VA + PAGE_SIZE, 7));
	EXPECT_EQ(as->vmas.count, 3);
	EXPECT_EQ(aspace_protect(as, TEST_VA + PAGE_SIZE, PAGE_SIZE, 0), 0);
	EXPECT(!peek_is(TEST_VA + PAGE_SIZE, 7));
	EXPECT_EQ(aspace_protect(as, TEST_VA, 3 * PAGE_SIZE, VM_READ | VM_WRITE), 0);
	EXPECT(peek_is(TEST_VA + PAGE_SIZE, 7) && poke(TEST_VA + PAGE_SIZE, 9));
	EXPECT_EQ(as->vmas.count, 1);
	EXPECT_EQ(vm_check(), 0);
	fixture_leave();
	aspace_put(as);
}

/* Another frame at the same address is seen at once (features B10, B31). */
static void test_remap(void)
{
	struct aspace *as = fixture_enter();

	for (uint32_t i = 1; i <= 200; i++) {
		EXPECT(fixture_map(as, TEST_VA, 1));
		EXPECT(peek_is(TEST_VA, 0));
		EXPECT(poke(TEST_VA, i) && peek_is(TEST_VA, i));
	}
	EXPECT_EQ(aspace_unmap(as, TEST_VA, PAGE_SIZE), 0);
	EXPECT(!poke(TEST_VA, 1));
	EXPECT_EQ(as->tables, 0);
	fixture_leave();
	aspace_put(as);
}

/* No table and no frame stays when memory runs out in the middle of a fault (features E14, E15). */
static void test_fault_out_of_memory(void)
{
	struct aspace *as = fixture_enter();
	struct frame *f;

	EXPECT(fixture_map(as, TEST_VA, 1));
	for (uint32_t n = 1; n <= 2; n++) {
		uint32_t before = frame_free_count();

		EXPECT_EQ(fail_set(n == 1 ? "frame_alloc:1" : "frame_alloc:2"), 0);
		EXPECT_EQ(fault_get_frame(as, TEST_VA, ACCESS_WRITE, &f), -ENOMEM);
		EXPECT_EQ(fail_set("off"), 0);
		EXPECT_EQ(frame_free_count() + as->tables, before);
		EXPECT_EQ(aspace_resident(as), 0);
	}
	EXPECT_EQ(vm_check(), 0);
	fixture_leave();
	aspace_put(as);
}

static const struct selftest_case cases[] = {
	{"arithmetic", test_arithmetic},
	{"two_levels", test_two_levels},
	{"cr3", test_cr3},
	{"kernel_part", test_kernel_part},
	{"protect", test_protect},
	{"remap", test_remap},
	{"fault_out_of_memory", test_fault_out_of_memory},
	{NULL, NULL},
};

const struct selftest_suite selftest_vmm = {"vmm", cases};
