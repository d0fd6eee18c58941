/*
 * test_zblock.c: objects of random lengths come and go over frames that are there only while a block has them, so
 * that a byte copied too far or too late is a crash, or what another object holds.
 */

#include "kernel/lib/string.h"
#include "mm/kmalloc.h"
#include "mm/pmm.h"
#include "mm/zblock.h"
#include "tests/host/check.h"

#define FRAMES 4096u
#define OBJECTS 4000u
#define STEPS 200000u
#define LOW_MEMORY 0x40000000u /* Where the sanitizer leaves the first 4 GiB to programs. */
#define FIRST_PFN ((LOW_MEMORY - KERNEL_BASE) >> PAGE_SHIFT)

struct object {
	struct zblock *block;
	uint32_t size;
	uint8_t number, tag;
};

void *mmap(void *va, size_t size, int prot, int flags, int fd, long offset);
int mprotect(void *va, size_t size, int prot);

static struct frame array[FRAMES];
struct frame *frames = array - FIRST_PFN;
static struct object objects[OBJECTS];
static uint32_t fail_at, frames_out;

static bool fails(void)
{
	return fail_at > 0 && --fail_at == 0;
}

void *kmem_cache_zalloc(struct kmem_cache *c)
{
	return fails() ? NULL : host_alloc(c->size);
}

void kmem_cache_free(struct kmem_cache *c, void *obj)
{
	(void)c;
	host_free(obj);
}

static void *page_of(struct frame *f)
{
	return (void *)(uintptr_t)(LOW_MEMORY + (uint32_t)(f - array) * PAGE_SIZE);
}

struct frame *frame_alloc(uint32_t how)
{
	struct frame *f = array;

	(void)how;
	if (fails())
		return NULL;
	while (f->refs > 0)
		f++;
	CHECK(f < array + FRAMES && mprotect(page_of(f), PAGE_SIZE, 3) == 0);
	f->refs = 1;
	frames_out++;
	return f;
}

void frame_put(struct frame *f)
{
	CHECK(f->refs == 1 && mprotect(page_of(f), PAGE_SIZE, 0) == 0);
	f->refs = 0;
	frames_out--;
}

static uint8_t byte_of(const struct object *o, uint32_t i)
{
	return (uint8_t)(o->tag + i * 7);
}

static void add(struct object *o)
{
	uint8_t bytes[ZBLOCK_OBJECT_MAX];

	o->size = 1 + random_below(ZBLOCK_OBJECT_MAX);
	o->tag = (uint8_t)random_below(256);
	o->block = zblock_alloc(o->size, &o->number);
	if (!o->block)
		return;
	for (uint32_t i = 0; i < o->size; i++)
		bytes[i] = byte_of(o, i);
	zblock_write(o->block, o->number, bytes, o->size);
}

static void check_and_remove(struct object *o)
{
	uint8_t bytes[ZBLOCK_OBJECT_MAX];

	zblock_read(o->block, o->number, bytes, o->size);
	for (uint32_t i = 0; i < o->size; i++)
		CHECK(bytes[i] == byte_of(o, i));
	zblock_free(o->block, o->number);
	o->block = NULL;
}

static void step(struct object *o)
{
	if (o->block)
		check_and_remove(o);
	else
		add(o);
}

static void remove_all(void)
{
	for (uint32_t i = 0; i < OBJECTS; i++)
		if (objects[i].block)
			check_and_remove(&objects[i]);
	CHECK(zblock_frames() == 0 && zblock_objects() == 0 && frames_out == 0);
	CHECK(zblock_check() == 0 && host_allocated() == 0);
}

static void test_random(void)
{
	for (uint32_t i = 0; i < STEPS; i++) {
		step(&objects[random_below(OBJECTS)]);
		if (i % 1000 == 0)
			CHECK(zblock_check() == 0 && zblock_frames() == frames_out);
	}
	remove_all();
}

/* Of what many objects of any length take, at most a tenth is not theirs. */
static void test_little_waste(void)
{
	uint32_t bytes = 0;

	for (uint32_t i = 0; i < OBJECTS; i++) {
		add(&objects[i]);
		bytes += objects[i].size;
	}
	CHECK(bytes >= zblock_frames() * (PAGE_SIZE / 10 * 9));
	remove_all();
}

/* Whatever cannot be had, nothing is kept that was got before. */
static void test_out_of_memory(void)
{
	uint8_t number;

	for (uint32_t size = 1; size <= ZBLOCK_OBJECT_MAX; size += ZBLOCK_STEP) {
		for (uint32_t n = 1; n <= 2; n++) {
			fail_at = n;
			CHECK(!zblock_alloc(size, &number));
			CHECK(frames_out == 0 && host_allocated() == 0);
		}
	}
	fail_at = 0;
}

int main(void)
{
	void *at = (void *)(uintptr_t)LOW_MEMORY;

	CHECK(mmap(at, FRAMES * PAGE_SIZE, 0, 0x100022, -1, 0) ==
	      at); /* Private, anonymous, just there. */
	zblock_init();
	test_random();
	test_little_waste();
	test_out_of_memory();
	return 0;
}
