/* zblock.c: see zblock.h. */

#include "mm/zblock.h"

#include "kernel/lib/assert.h"
#include "kernel/lib/list.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"
#include "mm/pmm.h"

#define CLASSES (ZBLOCK_OBJECT_MAX / ZBLOCK_STEP)

struct zblock {
	struct list link; /* Blocks of its class that have room, or that are full. */
	uint32_t size;	  /* Of an object. */
	uint32_t objects; /* That it has room for, at most 64. */
	uint64_t used;	  /* A bit for each. */
	struct frame *frames[ZBLOCK_FRAMES];
};

KMEM_CACHE(zblock_cache, struct zblock);

static struct list open[CLASSES]; /* Blocks with room, by class. */
static struct list full = LIST_INIT(full);
static uint32_t frames_held, objects_used;

static uint32_t class_of(uint32_t size)
{
	return (size - 1) / ZBLOCK_STEP;
}

void zblock_init(void)
{
	for (uint32_t i = 0; i < CLASSES; i++)
		list_init(&open[i]);
}

static uint64_t all_of(const struct zblock *b)
{
	return UINT64_MAX >> (64 - b->objects);
}

/* As many frames as leave the least over, for each frame. */
static uint32_t frames_for(uint32_t size)
{
	uint32_t best = 1;

	for (uint32_t n = 2; n <= ZBLOCK_FRAMES; n++)
		if (n * PAGE_SIZE / size <= 64 &&
		    n * PAGE_SIZE % size * best < best * PAGE_SIZE % size * n)
			best = n;
	return best;
}

/* ---- blocks ---- */

static void block_destroy(struct zblock *b)
{
	for (uint32_t i = 0; i < ZBLOCK_FRAMES && b->frames[i]; i++) {
		frame_clear(b->frames[i], FRAME_KERNEL);
		frame_put(b->frames[i]);
		frames_held--;
	}
	kmem_cache_free(&zblock_cache, b);
}

static struct zblock *block_create(uint32_t class)
{
	struct zblock *b = kmem_cache_zalloc(&zblock_cache);
	uint32_t count;

	if (!b)
		return NULL;
	b->size = (class + 1) * ZBLOCK_STEP;
	count = frames_for(b->size);
	b->objects = count * PAGE_SIZE / b->size;
	for (uint32_t i = 0; i < count; i++) {
		b->frames[i] = frame_alloc(0);
		if (!b->frames[i]) {
			block_destroy(b);
			return NULL;
		}
		frame_set(b->frames[i], FRAME_KERNEL);
		frames_held++;
	}
	list_add_head(&open[class], &b->link);
	return b;
}

/* ---- objects ---- */

struct zblock *zblock_alloc(uint32_t size, uint8_t *object)
{
	struct list *blocks = &open[class_of(size)];
	struct zblock *b;

	BUG_ON(size == 0 || size > ZBLOCK_OBJECT_MAX);
	if (list_empty(blocks))
		b = block_create(class_of(size));
	else
		b = list_first(blocks, struct zblock, link);
	if (!b)
		return NULL;
	*object = (uint8_t)__builtin_ctzll(~b->used);
	b->used |= 1ull << *object;
	if (b->used == all_of(b)) {
		list_remove(&b->link);
		list_add_head(&full, &b->link);
	}
	objects_used++;
	return b;
}

void zblock_free(struct zblock *b, uint8_t object)
{
	BUG_ON(!(b->used & 1ull << object));
	list_remove(&b->link);
	b->used &= ~(1ull << object);
	objects_used--;
	if (b->used == 0)
		block_destroy(b);
	else
		list_add_head(&open[class_of(b->size)], &b->link);
}

/* Call memcpy for each piece of an object that lies in one frame. */
static void copy(struct zblock *b, uint8_t object, char *bytes, uint32_t n, bool write)
{
	uint32_t at = object * b->size;

	BUG_ON(n > b->size || !(b->used & 1ull << object));
	for (uint32_t part; n > 0; n -= part, at += part, bytes += part) {
		struct frame *f = b->frames[at / PAGE_SIZE];
		char *va = kmap(f), *place = va + at % PAGE_SIZE;

		part = MIN(n, PAGE_SIZE - at % PAGE_SIZE);
		memcpy(write ? place : bytes, write ? bytes : place, part);
		kunmap(f, va);
	}
}

void zblock_write(struct zblock *b, uint8_t object, const void *from, uint32_t n)
{
	copy(b, object, (char *)from, n, true);
}

void zblock_read(struct zblock *b, uint8_t object, void *to, uint32_t n)
{
	copy(b, object, to, n, false);
}

/* ---- counting ---- */

uint32_t zblock_frames(void)
{
	return frames_held;
}

uint32_t zblock_objects(void)
{
	return objects_used;
}

static void count_blocks(struct list *blocks, bool is_full, uint32_t *found, uint32_t *wrong)
{
	struct zblock *b;

	list_for_each_entry(b, blocks, link) {
		*found += (uint32_t)__builtin_popcountll(b->used);
		*wrong += b->used == 0 || is_full != (b->used == all_of(b));
	}
}

uint32_t zblock_check(void)
{
	uint32_t found = 0, wrong = 0;

	count_blocks(&full, true, &found, &wrong);
	for (uint32_t i = 0; i < CLASSES; i++)
		count_blocks(&open[i], false, &found, &wrong);
	return wrong + (found != objects_used);
}
