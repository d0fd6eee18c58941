/*
 * random.c: the random number generator: ChaCha20 (RFC 8439) with the key replaced after each use.
 *
 * Every call runs one block under the lock: half of it becomes the next key, so that nobody who
 * reads the memory later can compute what was handed out before; the other half keys the stream of
 * this call, which runs without the lock. Stirring changes the key, and the next block spreads the
 * change over all of it.
 *
 * Lock: pool.lock (RANK_LEAF, interrupts off: handlers stir).
 */
#include "drivers/random.h"

#include "arch/x86/cpu.h"
#include "kernel/lib/string.h"
#include "kernel/sync/lock.h"

#define KEY_WORDS 8
#define BLOCK_WORDS 16
#define RDRAND_TRIES 10 /* What Intel's guide says is enough for a working unit. */

static struct {
	struct spinlock lock;
	uint32_t key[KEY_WORDS];
	uint32_t stirred; /* Where the next stir goes. */
	bool seeded;
} pool = {.lock = SPINLOCK_INIT("random", RANK_LEAF)};

static uint32_t rotate(uint32_t v, uint32_t n)
{
	return v << n | v >> (32 - n);
}

static void quarter_round(uint32_t *s, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 16);
	s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 12);
	s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 8);
	s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 7);
}

/* RFC 8439, 2.3: one block of the key stream; the nonce is zero since no key is used twice. */
static void chacha_block(const uint32_t *key, uint32_t counter, uint32_t *out)
{
	uint32_t start[BLOCK_WORDS] = {0x61707865, 0x3320646E, 0x79622D32, 0x6B206574};

	memcpy(start + 4, key, KEY_WORDS * sizeof(*key));
	start[12] = counter;
	memcpy(out, start, sizeof(start));
	for (uint32_t i = 0; i < 10; i++) {
		quarter_round(out, 0, 4, 8, 12);
		quarter_round(out, 1, 5, 9, 13);
		quarter_round(out, 2, 6, 10, 14);
		quarter_round(out, 3, 7, 11, 15);
		quarter_round(out, 0, 5, 10, 15);
		quarter_round(out, 1, 6, 11, 12);
		quarter_round(out, 2, 7, 8, 13);
		quarter_round(out, 3, 4, 9, 14);
	}
	for (uint32_t i = 0; i < BLOCK_WORDS; i++)
		out[i] += start[i];
}

static bool rdrand(uint32_t *v)
{
	bool ok;

	for (uint32_t i = 0; i < RDRAND_TRIES; i++) {
		__asm__ volatile("rdrand %0; setc %1" : "=r"(*v), "=qm"(ok)::"cc");
		if (ok)
			return true;
	}
	return false;
}

static uint32_t time_noise(void)
{
	return (uint32_t)rdtsc();
}

static void stir_locked(uint32_t value)
{
	pool.key[pool.stirred++ % KEY_WORDS] ^= value ^ rotate(time_noise(), 11);
}

static void seed_locked(void)
{
	uint32_t v;

	for (uint32_t i = 0; i < KEY_WORDS; i++) {
		if (!cpu_features.rdrand || !rdrand(&v))
			v = time_noise();
		stir_locked(v);
	}
	pool.seeded = true;
}

void random_stir(uint32_t value)
{
	uint32_t flags = spin_lock_irq(&pool.lock);

	stir_locked(value);
	spin_unlock_irq(&pool.lock, flags);
}

static void take_key(uint32_t *key)
{
	uint32_t block[BLOCK_WORDS];
	uint32_t flags = spin_lock_irq(&pool.lock);

	if (!pool.seeded)
		seed_locked();
	stir_locked(0);
	chacha_block(pool.key, 0, block);
	memcpy(pool.key, block, sizeof(pool.key));
	spin_unlock_irq(&pool.lock, flags);
	memcpy(key, block + KEY_WORDS, KEY_WORDS * sizeof(*key));
}

void random_fill(void *buf, size_t n)
{
	uint32_t key[KEY_WORDS], block[BLOCK_WORDS];
	uint8_t *out = buf;

	take_key(key);
	for (uint32_t counter = 0; n > 0; counter++) {
		size_t part = MIN(n, sizeof(block));

		chacha_block(key, counter, block);
		memcpy(out, block, part);
		out += part;
		n -= part;
	}
}
