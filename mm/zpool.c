/*
 * zpool.c: see zpool.h.
 *
 * Locks: store_lock (RANK_FSALLOC, sleeping) is held while pages go in, and while old ones are written to
 * the disk; load_lock while a page comes out; each has its buffer. zpool_lock (RANK_POLICY) guards the
 * entries and their blocks; bytes are copied under it, and nothing is compressed.
 *
 * An entry goes in the moment its slot is free (zpool_put), or when its page is stored anew. While it is written
 * to the disk neither can happen: the writer remembers the slot, and holds store_lock.
 */

#include "mm/zpool.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/list.h"
#include "kernel/lib/log.h"
#include "kernel/lib/radix.h"
#include "kernel/lib/string.h"
#include "kernel/sync/mutex.h"
#include "mm/backing.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"
#include "mm/compress.h"
#include "mm/pmm.h"
#include "mm/swap.h"
#include "mm/vmstat.h"
#include "mm/zblock.h"

#define WRITE_BACK 8u /* Pages that are written at once. */

struct entry {
	struct list age; /* Oldest first; on no list if it takes no block. */
	uint32_t swp;
	struct zblock *block; /* NULL: the page is fill over and over. */
	uint32_t fill;
	uint16_t length; /* Compressed bytes. */
	uint8_t object;	 /* Where in the block. */
};

/* What compressing or the opposite needs. */
struct buffer {
	uint8_t bytes[ZBLOCK_OBJECT_MAX];
};

uint32_t vm_zpool;
uint32_t vm_zpool_max_percent = 20;

KMEM_CACHE(entry_cache, struct entry);

static struct mutex store_lock = MUTEX_INIT(store_lock, RANK_FSALLOC);
static struct mutex load_lock = MUTEX_INIT(load_lock, RANK_FSALLOC);
static struct buffer store_buffer, load_buffer;
static uint8_t lz4_state[LZ4_STATE_SIZE] __attribute__((aligned(16)));
static uint8_t spare[WRITE_BACK][PAGE_SIZE] /* Under store_lock: pages to be written back. */
	__attribute__((aligned(PAGE_SIZE)));

static struct spinlock zpool_lock = SPINLOCK_INIT("zpool", RANK_POLICY);
static struct radix entries[SWAP_AREAS_MAX]; /* By slot. */
static struct list by_age = LIST_INIT(by_age);
static uint32_t count; /* Atomic: entries. */

void zpool_init(void)
{
	vm_zpool = cmdline_get_size("zpool", 0) != 0;
	zblock_init();
}

uint32_t zpool_pages(void)
{
	return atomic_load(&count);
}

uint32_t zpool_frames(void)
{
	return zblock_frames();
}

/* ---- entries, under zpool_lock ---- */

static struct entry *entry_find(uint32_t swp)
{
	return radix_lookup(&entries[pte_swap_type(swp)], pte_swap_slot(swp));
}

static void entry_remove(struct entry *e)
{
	radix_remove(&entries[pte_swap_type(e->swp)], pte_swap_slot(e->swp));
	list_remove(&e->age);
	if (e->block)
		zblock_free(e->block, e->object);
	kmem_cache_free(&entry_cache, e);
	atomic_dec(&count);
}

/* Make an entry of what e says; with a length, of so many bytes. False: out of memory. */
static bool entry_add(const struct entry *what, const void *bytes)
{
	struct entry *e = kmem_cache_alloc(&entry_cache);

	if (!e)
		return false;
	*e = *what;
	list_init(&e->age);
	if (e->length > 0)
		e->block = zblock_alloc(e->length, &e->object);
	if ((e->length > 0 && !e->block) ||
	    radix_insert(&entries[pte_swap_type(e->swp)], pte_swap_slot(e->swp), e) != 0) {
		if (e->block)
			zblock_free(e->block, e->object);
		kmem_cache_free(&entry_cache, e);
		return false;
	}
	if (e->block) {
		zblock_write(e->block, e->object, bytes, e->length);
		list_add_tail(&by_age, &e->age);
	}
	atomic_inc(&count);
	return true;
}

/* What is kept for swp is of no use any more. */
static void forget(uint32_t swp)
{
	struct entry *e;

	spin_lock(&zpool_lock);
	e = entry_find(swp);
	if (e)
		entry_remove(e);
	spin_unlock(&zpool_lock);
}

/* None can come up meanwhile for a slot that is put for the last time: whose page is stored is remembered. */
uint32_t zpool_put(uint32_t swp, uint32_t (*put)(uint32_t swp))
{
	struct entry *e;
	uint32_t left;

	if (atomic_load(&count) == 0)
		return put(swp);
	spin_lock(&zpool_lock);
	left = put(swp);
	e = left == 0 ? entry_find(swp) : NULL;
	if (e)
		entry_remove(e);
	spin_unlock(&zpool_lock);
	return left;
}

/* ---- coming out ---- */

static void fill_frame(struct frame *f, uint32_t word)
{
	uint32_t *va = kmap(f);

	for (uint32_t i = 0; i < PAGE_SIZE / sizeof(*va); i++)
		va[i] = word;
	kunmap(f, va);
}

/* Fill f with what is kept for swp, by way of buf. As zpool_load. */
static int load(uint32_t swp, struct frame *f, struct buffer *buf)
{
	struct entry e = {.swp = 0}, *found;
	void *va;
	bool whole;

	spin_lock(&zpool_lock);
	found = entry_find(swp);
	if (found)
		e = *found;
	if (e.block)
		zblock_read(e.block, e.object, buf->bytes, e.length);
	spin_unlock(&zpool_lock);
	if (!found)
		return -ENOENT;
	if (!e.block) {
		fill_frame(f, e.fill);
		return 0;
	}
	va = kmap(f);
	whole = lz4_decompress(buf->bytes, e.length, va, PAGE_SIZE);
	kunmap(f, va);
	return whole ? 0 : -EIO;
}

int zpool_load(uint32_t swp, struct frame *f)
{
	int err;

	if (atomic_load(&count) == 0)
		return -ENOENT;
	mutex_lock(&load_lock);
	err = load(swp, f, &load_buffer);
	mutex_unlock(&load_lock);
	if (err == 0)
		vm_count(VM_ZSWPIN);
	return err;
}

/* ---- going on to the disk, under store_lock ---- */

/* Remember the slots of the oldest entry and of those that follow it on the disk: how many, *first is the
 * first. */
static uint32_t take_oldest(uint32_t *first)
{
	uint32_t n = 0;

	spin_lock(&zpool_lock);
	if (!list_empty(&by_age)) {
		*first = list_first(&by_age, struct entry, age)->swp;
		while (n < WRITE_BACK && entry_find(swap_next(*first, n)) &&
		       swap_dup(swap_next(*first, n)) == 0)
			n++;
	}
	spin_unlock(&zpool_lock);
	return n;
}

/* The disk does not take the page: let it have others first. */
static void make_young(uint32_t swp)
{
	struct entry *e;

	spin_lock(&zpool_lock);
	e = entry_find(swp);
	list_remove(&e->age);
	list_add_tail(&by_age, &e->age);
	spin_unlock(&zpool_lock);
}

/* Write the oldest pages to their slots. False: they stay. */
static bool write_back(void)
{
	uint32_t swp, n = take_oldest(&swp);
	int err = n > 0 ? 0 : -ENOENT;
	struct frame *f[WRITE_BACK];

	for (uint32_t i = 0; i < n && !err; i++) {
		f[i] = frame_of_va(spare[i]);
		err = load(swap_next(swp, i), f[i], &store_buffer);
	}
	if (!err)
		err = swap_disk_io(swp, true, f, n);
	if (err && n > 0)
		make_young(swp);
	for (uint32_t i = 0; i < n; i++) {
		if (!err)
			forget(swap_next(swp, i));
		swap_put(swap_next(swp, i));
	}
	vm_count_add(VM_ZSWPWB, err ? 0 : n);
	return !err;
}

/* See that the pool has less than its share. */
static bool make_room(void)
{
	uint32_t most = (uint32_t)((uint64_t)frame_total_count() * vm_zpool_max_percent / 100);

	while (zblock_frames() + ZBLOCK_FRAMES > most)
		if (!write_back())
			return false;
	return true;
}

uint32_t zpool_shrink(uint32_t want)
{
	uint32_t before, gone;

	mutex_lock(&store_lock);
	before = zblock_frames();
	do
		gone = before - zblock_frames();
	while (gone < want && write_back());
	mutex_unlock(&store_lock);
	return gone;
}

/* ---- going in ---- */

static bool is_filled(const uint32_t *words)
{
	return words[0] == words[1] && memcmp(words, words + 1, PAGE_SIZE - sizeof(*words)) == 0;
}

/* Under store_lock. */
static bool store(uint32_t swp, struct frame *f)
{
	struct entry e = {.swp = swp};
	uint32_t *va;
	bool filled, stored;

	va = kmap(f);
	filled = is_filled(va);
	e.fill = va[0];
	if (!filled)
		e.length = (uint16_t)lz4_compress(lz4_state, va, PAGE_SIZE, store_buffer.bytes,
						  ZBLOCK_OBJECT_MAX);
	kunmap(f, va);
	if (!filled && e.length == 0) {
		vm_count(VM_ZREJECTED);
		return false;
	}
	spin_lock(&zpool_lock);
	stored = entry_add(&e, store_buffer.bytes);
	spin_unlock(&zpool_lock);
	vm_count_add(VM_ZSWPOUT, stored);
	vm_count_add(VM_ZSAME_FILLED, stored && filled);
	return stored;
}

bool zpool_store(uint32_t swp, struct frame *f)
{
	bool stored;

	if (!vm_zpool && atomic_load(&count) == 0)
		return false;
	mutex_lock(&store_lock);
	forget(swp);
	stored = vm_zpool && make_room() && store(swp, f);
	mutex_unlock(&store_lock);
	return stored;
}

/* ---- the checker ---- */

uint32_t zpool_check(bool verbose)
{
	uint32_t found = 0, with_block = 0, aged = 0, wrong = zblock_check();
	struct entry *e;

	for (uint32_t type = 0; type < SWAP_AREAS_MAX; type++) {
		for (uint32_t slot = 0; (e = radix_next(&entries[type], &slot)) != NULL; slot++) {
			found++;
			with_block += e->block != NULL;
			wrong += e->swp != pte_swap(type, slot) || swap_count(e->swp) == 0;
		}
	}
	list_for_each_entry(e, &by_age, age)
		aged++;
	wrong += found != count;
	wrong += with_block != aged || with_block != zblock_objects();
	if (wrong && verbose)
		log("check: zpool: %u faults; %u pages counted, %u said; %u of them in blocks, %u by age\n",
		    wrong, found, count, with_block, aged);
	return wrong;
}
