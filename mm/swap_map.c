/* swap_map.c: see swap_map.h. */

#include "mm/swap_map.h"

#include "arch/x86/layout.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "mm/kmalloc.h"

#define SLOT_BAD 0x8000u /* In a count: not to be given out when nobody uses it any more. */
#define COUNT_MAX 0x7FFFu

#define CHUNK_SLOTS (PAGE_SIZE / sizeof(uint16_t))

static uint16_t *count_of(const struct swap_map *m, uint32_t slot)
{
	return &m->counts[slot / CHUNK_SLOTS][slot % CHUNK_SLOTS];
}

/* ---- making ---- */

static uint32_t chunk_total(uint32_t slots)
{
	return DIV_ROUND_UP(slots, CHUNK_SLOTS);
}

/* The last cluster may reach beyond the area: what it lacks is taken for ever. */
static void map_fill(struct swap_map *m)
{
	uint32_t clusters = DIV_ROUND_UP(m->slots, SWAP_CLUSTER);

	for (uint32_t slot = m->slots; slot < clusters * SWAP_CLUSTER; slot++)
		*count_of(m, slot) = SLOT_BAD;
	m->taken[clusters - 1] = (uint8_t)(clusters * SWAP_CLUSTER - m->slots);
	m->empty = clusters - (m->taken[clusters - 1] > 0);
	m->good = m->free = m->slots;
	m->in_use = 0;
	m->cursor = 0;
	swap_map_mark_bad(m, 0);
}

int swap_map_create(struct swap_map *m, uint32_t slots)
{
	uint32_t chunks = chunk_total(slots);

	m->slots = slots;
	m->taken = kzalloc(DIV_ROUND_UP(slots, SWAP_CLUSTER));
	m->counts = kzalloc(chunks * sizeof(*m->counts));
	for (uint32_t i = 0; m->counts && i < chunks; i++) {
		m->counts[i] = kzalloc(PAGE_SIZE);
		if (!m->counts[i])
			break;
	}
	if (m->taken && m->counts && m->counts[chunks - 1]) {
		map_fill(m);
		return 0;
	}
	swap_map_destroy(m);
	return -ENOMEM;
}

void swap_map_destroy(struct swap_map *m)
{
	for (uint32_t i = 0; m->counts && i < chunk_total(m->slots); i++)
		kfree(m->counts[i]);
	kfree(m->counts);
	kfree(m->taken);
	*m = (struct swap_map){.slots = 0};
}

/* ---- giving out ---- */

static void slot_take(struct swap_map *m, uint32_t slot)
{
	m->free--;
	m->empty -= m->taken[slot / SWAP_CLUSTER]++ == 0;
}

/* The next cluster, after the cursor's, that has fewer than limit slots taken. There is one. */
static uint32_t next_cluster(const struct swap_map *m, uint32_t limit)
{
	uint32_t clusters = DIV_ROUND_UP(m->slots, SWAP_CLUSTER);
	uint32_t cluster = m->cursor / SWAP_CLUSTER;

	do
		cluster = cluster + 1 < clusters ? cluster + 1 : 0;
	while (m->taken[cluster] >= limit);
	return cluster * SWAP_CLUSTER;
}

/* The first free slot at or after slot in its cluster; 0: none. */
static uint32_t find_in_cluster(const struct swap_map *m, uint32_t slot)
{
	uint32_t end = ALIGN_DOWN(slot, SWAP_CLUSTER) + SWAP_CLUSTER;

	if (m->taken[slot / SWAP_CLUSTER] == SWAP_CLUSTER)
		return 0;
	for (; slot < end; slot++)
		if (*count_of(m, slot) == 0)
			return slot;
	return 0;
}

uint32_t swap_map_alloc(struct swap_map *m)
{
	uint32_t slot = 0;

	if (m->free == 0)
		return 0;
	if (m->cursor % SWAP_CLUSTER > 0)
		slot = find_in_cluster(m, m->cursor);
	if (!slot)
		slot = find_in_cluster(m, next_cluster(m, m->empty > 0 ? 1 : SWAP_CLUSTER));
	*count_of(m, slot) = 1;
	slot_take(m, slot);
	m->in_use++;
	/* At a cluster's end the cursor stays in it: the next search begins behind it. */
	m->cursor =
		slot % SWAP_CLUSTER < SWAP_CLUSTER - 1 ? slot + 1 : ALIGN_DOWN(slot, SWAP_CLUSTER);
	return slot;
}

/* ---- counting ---- */

uint32_t swap_map_count(const struct swap_map *m, uint32_t slot)
{
	return slot < m->slots ? *count_of(m, slot) & COUNT_MAX : 0;
}

int swap_map_dup(struct swap_map *m, uint32_t slot)
{
	uint32_t count = swap_map_count(m, slot);

	if (count == 0)
		return -ENOENT;
	if (count == COUNT_MAX)
		return -ENOMEM;
	++*count_of(m, slot);
	return 0;
}

uint32_t swap_map_put(struct swap_map *m, uint32_t slot)
{
	uint32_t left = swap_map_count(m, slot) - 1;

	if (left == UINT32_MAX)
		panic("swap: slot %x is put but not used", slot);
	if (--*count_of(m, slot) == 0) { /* Good, and free again. */
		m->free++;
		m->empty += --m->taken[slot / SWAP_CLUSTER] == 0;
	}
	m->in_use -= left == 0;
	return left;
}

void swap_map_mark_bad(struct swap_map *m, uint32_t slot)
{
	uint16_t *count = count_of(m, slot);

	if (*count & SLOT_BAD)
		return;
	if (*count == 0)
		slot_take(m, slot);
	*count |= SLOT_BAD;
	m->good--;
}

static bool is_used_and_good(const struct swap_map *m, uint32_t slot)
{
	uint16_t count = slot < m->slots ? *count_of(m, slot) : 0;

	return count > 0 && !(count & SLOT_BAD);
}

void swap_map_trim(const struct swap_map *m, uint32_t slot, uint32_t *first, uint32_t *end)
{
	uint32_t low = slot, high = slot + 1;

	while (low > *first && is_used_and_good(m, low - 1))
		low--;
	while (high < *end && is_used_and_good(m, high))
		high++;
	*first = low;
	*end = high;
}
