/* policy_set.c: see policy_set.h. */

#include "mm/policy_set.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "mm/backing.h"
#include "mm/kmalloc.h"
#include "mm/pmm.h"
#include "mm/reftrace.h"
#include "mm/rmap.h"

#define BATCH 16

/* Frames that are too new to be in a set. */
struct batch {
	struct spinlock lock;
	struct list frames;
	uint32_t count;
};

struct policy_note *policy_set_notes;
struct policy_set policy_anon, policy_file;

static struct batch batches[1]; /* By CPU id. */

static struct policy_note *note_of(const struct frame *f)
{
	return &policy_set_notes[frame_pfn(f)];
}

/* ---- what a policy may ask ---- */

/* What cannot be looked at now is in use. */
bool frame_young(struct frame *f)
{
	bool used = frame_is(f, FRAME_USED);

	if (used)
		frame_clear(f, FRAME_USED);
	if (note_of(f)->set && note_of(f)->set->trace)
		return reftrace_young(note_of(f)->set->trace, f) || used;
	return rmap_try_age(f, RMAP_AGE) != 0 || used;
}

bool frame_modified(const struct frame *f)
{
	return frame_is(f, FRAME_DIRTY) || (frame_is(f, FRAME_ANON) && !f->backing);
}

uint32_t *policy_word(struct frame *f)
{
	return &note_of(f)->word;
}

/* The name of a page while it is absent: the same when it comes back. 0: f has nowhere to come back from. */
static uint32_t key_of(const struct frame *f)
{
	const struct backing *b = f->backing;

	return b ? ((uint32_t)b * 0x9E3779B1u + f->index * 0x85EBCA6Bu) | 1 : 0;
}

/* ---- members, under set->lock ---- */

/* f is LISTED, or becomes so once this is done: whoever finds it so looks for it where note.set says. */
static void insert_locked(struct policy_set *s, struct frame *f)
{
	if (s->trace)
		reftrace_in(s->trace, f);
	note_of(f)->set = s;
	s->pages++;
	s->policy->insert(s, f, key_of(f));
}

static void remove_locked(struct policy_set *s, struct frame *f)
{
	if (s->trace)
		reftrace_removed(s->trace, f);
	policy_remove(s, f);
	s->pages--;
	note_of(f)->set = NULL;
	frame_clear(f, FRAME_LISTED);
}

/*
 * Take a victim out, with a reference. One that is being freed just now needs nobody to evict it: whoever
 * frees it finds that it is in no set.
 */
static struct frame *victim_locked(struct policy_set *s)
{
	struct frame *f;

	while ((f = s->policy->victim(s)) != NULL) {
		bool ours = atomic_inc_not_zero(&f->refs);

		s->pages--;
		if (!ours)
			note_of(f)->set = NULL;
		frame_clear(f, FRAME_LISTED);
		if (ours)
			return f;
	}
	return NULL;
}

static void restore_locked(struct policy_set *s, struct frame *f)
{
	if (s->trace)
		reftrace_restored(s->trace, f);
	frame_set(f, FRAME_LISTED);
	s->pages++;
	s->policy->restore(s, f);
}

/* ---- batches ---- */

static struct policy_set *global_set(const struct frame *f)
{
	return atomic_load(&f->flags) & (FRAME_ANON | FRAME_SHMEM) ? &policy_anon : &policy_file;
}

/* Mostly they are of one kind, and one hold of the set's lock serves all. */
static void batch_drain_locked(struct batch *b)
{
	struct policy_set *held = NULL;
	struct frame *f, *next;

	list_for_each_entry_safe(f, next, &b->frames, link) {
		struct policy_set *s = global_set(f);

		if (s != held) {
			if (held)
				spin_unlock(&held->lock);
			spin_lock_nested(&s->lock);
			held = s;
		}
		insert_locked(held, f);
	}
	if (held)
		spin_unlock(&held->lock);
	list_init(&b->frames);
	b->count = 0;
}

void policy_set_drain(void)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(batches); i++) {
		spin_lock(&batches[i].lock);
		batch_drain_locked(&batches[i]);
		spin_unlock(&batches[i].lock);
	}
}

/* Should the thread move to another CPU meanwhile, then that does no harm: each batch has its lock. */
void policy_set_add(struct frame *f, uint16_t flags)
{
	uint32_t cpu = this_cpu()->id;
	struct batch *b = &batches[cpu];

	note_of(f)->word = cpu;
	frame_set(f, flags | FRAME_LISTED);
	spin_lock(&b->lock);
	list_add_tail(&b->frames, &f->link);
	if (++b->count == BATCH)
		batch_drain_locked(b);
	spin_unlock(&b->lock);
}

/* ---- leaving ---- */

static bool leave_batch(struct frame *f)
{
	bool left;
	struct batch *b = &batches[note_of(f)->word % ARRAY_SIZE(batches)];

	spin_lock(&b->lock);
	left = !note_of(f)->set && frame_is(f, FRAME_LISTED);
	if (left) {
		list_remove(&f->link);
		b->count--;
		frame_clear(f, FRAME_LISTED);
	}
	spin_unlock(&b->lock);
	return left;
}

/* How many of the n frames, from the first on, left s. */
static uint32_t leave_set(struct policy_set *s, struct frame *const *f, uint32_t n)
{
	uint32_t left = 0;

	spin_lock(&s->lock);
	while (left < n && note_of(f[left])->set == s && frame_is(f[left], FRAME_LISTED))
		remove_locked(s, f[left++]);
	spin_unlock(&s->lock);
	return left;
}

/* It may change places until it is found where it was looked for. */
bool policy_set_remove(struct frame *f)
{
	bool left = false;

	while (!left && frame_is(f, FRAME_LISTED)) {
		struct policy_set *s = atomic_load(&note_of(f)->set);

		left = s ? leave_set(s, &f, 1) > 0 : leave_batch(f);
	}
	return left;
}

/* Neighbours are mostly in the same set, and one hold of its lock serves them. */
void policy_set_remove_all(struct frame *const *f, uint32_t n)
{
	for (uint32_t i = 0, left; i < n; i += left) {
		struct policy_set *s = policy_set_of(f[i]);

		left = s ? leave_set(s, f + i, n - i) : 0;
		if (left == 0) {
			policy_set_remove(f[i]);
			left = 1;
		}
	}
}

bool policy_set_join(struct policy_set *s, struct frame *f, struct frame **victim)
{
	struct policy_set *now = policy_set_of(f);
	bool joins;

	*victim = NULL;
	if (!now || now == &policy_anon || now == &policy_file)
		policy_set_remove(f);
	spin_lock(&s->lock);
	joins = !policy_set_of(f) && !frame_is(f, FRAME_LISTED);
	if (joins) {
		if (s->pages >= s->capacity)
			*victim = victim_locked(s);
		insert_locked(s, f);
		frame_set(f, FRAME_LISTED);
	}
	spin_unlock(&s->lock);
	return joins;
}

/* ---- eviction ---- */

struct frame *policy_set_victim(struct policy_set *s)
{
	struct frame *f;

	spin_lock(&s->lock);
	f = victim_locked(s);
	spin_unlock(&s->lock);
	return f;
}

/* f, which is out of s, belongs to it no more. */
static void part_locked(struct policy_set *s, struct frame *f)
{
	if (s->trace)
		reftrace_removed(s->trace, f);
	note_of(f)->set = NULL;
}

/* As if it had been in the set all the time, if that is still the same, and nobody took its place meanwhile. */
static bool restore(struct policy_set *s, struct frame *f)
{
	bool out, fits;

	spin_lock(&s->lock);
	out = note_of(f)->set == s && !frame_is(f, FRAME_LISTED);
	fits = out && s->pages < s->capacity;
	if (fits)
		restore_locked(s, f);
	else if (out)
		part_locked(s, f);
	spin_unlock(&s->lock);
	return fits;
}

/* Once it is out of all sets, a fault may have let it join one meanwhile. */
void policy_set_restore(struct frame *f)
{
	struct policy_set *s = policy_set_of(f);

	if (s && restore(s, f))
		return;
	s = global_set(f);
	spin_lock(&s->lock);
	if (!policy_set_of(f) && !frame_is(f, FRAME_LISTED)) {
		insert_locked(s, f);
		frame_set(f, FRAME_LISTED);
	}
	spin_unlock(&s->lock);
}

bool policy_set_exchange(struct policy_set *s, struct frame **victim)
{
	struct frame *before = *victim;

	spin_lock(&s->lock);
	*victim = victim_locked(s);
	if (*victim)
		restore_locked(s, before);
	spin_unlock(&s->lock);
	if (*victim)
		frame_put(before);
	else
		policy_set_leave(before);
	return *victim;
}

void policy_set_leave(struct frame *f)
{
	struct policy_set *s = policy_set_of(f);

	if (s) {
		spin_lock(&s->lock);
		part_locked(s, f);
		spin_unlock(&s->lock);
	}
	policy_set_restore(f);
	frame_put(f);
}

/* A member that is dropped from its cache without having been a victim leaves when it is freed. */
void policy_set_evicted(struct frame *f)
{
	struct policy_set *s = policy_set_of(f);

	if (!s)
		return;
	spin_lock(&s->lock);
	if (note_of(f)->set == s && !frame_is(f, FRAME_LISTED)) {
		if (s->trace)
			reftrace_evicted(s->trace, f);
		if (s->policy->evicted)
			s->policy->evicted(s, f, key_of(f));
		note_of(f)->set = NULL;
	}
	spin_unlock(&s->lock);
}

void policy_set_tick_locked(struct policy_set *s)
{
	s->now++;
	if (s->policy->tick)
		s->policy->tick(s);
}

void policy_set_tick(struct policy_set *s)
{
	spin_lock(&s->lock);
	policy_set_tick_locked(s);
	spin_unlock(&s->lock);
}

/* ---- sets ---- */

/* Start policy over no members. */
static void set_start(struct policy_set *s, const struct policy *policy)
{
	memset(s->state, 0, policy->state_size(s->capacity));
	s->policy = policy;
	s->pages = 0;
	policy->init(s);
}

static int set_create(struct policy_set *s, const struct policy *policy, uint32_t capacity,
		      size_t state_room)
{
	s->state = kmalloc(state_room);
	if (!s->state)
		return -ENOMEM;
	s->capacity = capacity;
	s->now = 0;
	if (!s->lock.name) /* It may have been used, and be looked at still. */
		spin_init(&s->lock, "policy", RANK_POLICY);
	set_start(s, policy);
	return 0;
}

int policy_set_create(struct policy_set *s, const struct policy *policy, uint32_t capacity)
{
	return set_create(s, policy, capacity, policy->state_size(capacity));
}

/* Out of s, and into a global set unless it is being freed or whoever has it out will put it there. */
static void let_go(struct policy_set *s, struct frame *f)
{
	bool lives = atomic_inc_not_zero(&f->refs), member;

	spin_lock(&s->lock);
	member = note_of(f)->set == s && frame_is(f, FRAME_LISTED);
	if (member)
		remove_locked(s, f);
	else if (note_of(f)->set == s)
		note_of(f)->set = NULL;
	spin_unlock(&s->lock);
	if (member && lives)
		policy_set_restore(f);
	if (lives)
		frame_put(f);
}

void policy_set_destroy(struct policy_set *s)
{
	for (uint32_t pfn = 0; s->pages > 0 && pfn < frame_count; pfn++)
		if (policy_set_of(frame_of_pfn(pfn)) == s)
			let_go(s, frame_of_pfn(pfn));
	kfree(s->state);
	s->state = NULL;
}

/* Put another policy over the members of the global set s. What is out comes back as new. */
static void set_change(struct policy_set *s, const struct policy *policy)
{
	spin_lock(&s->lock);
	set_start(s, policy);
	for (uint32_t pfn = 0; pfn < frame_count; pfn++) {
		struct frame *f = frame_of_pfn(pfn);

		if (note_of(f)->set != s)
			continue;
		if (frame_is(f, FRAME_LISTED))
			insert_locked(s, f);
		else
			note_of(f)->set = NULL;
	}
	spin_unlock(&s->lock);
}

int policy_set_choose(const char *name)
{
	const struct policy *policy = policy_find(name);

	if (!policy || policy->touched)
		return -EINVAL;
	set_change(&policy_anon, policy);
	set_change(&policy_file, policy);
	return 0;
}

const char *policy_set_chosen(void)
{
	return policy_file.policy->name;
}

/* The global sets have room for the state of any policy: a switch may come when memory is full. */
static int global_set_create(struct policy_set *s, const struct policy *policy)
{
	uint32_t capacity = frame_total_count();
	size_t room = 0;

	for (uint32_t i = 0; policies[i]; i++)
		room = MAX(room, policies[i]->state_size(capacity));
	return set_create(s, policy, capacity, room);
}

void policy_set_boot(void)
{
	const struct policy *policy = policies[0];
	char name[16];

	if (cmdline_get("policy", name, sizeof(name))) {
		policy = policy_find(name);
		if (!policy || policy->touched) {
			log("policy=%s: there is none of this name that works here\n", name);
			policy = policies[0];
		}
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(batches); i++) {
		spin_init(&batches[i].lock, "policy batch", RANK_POLICY);
		list_init(&batches[i].frames);
	}
	if (global_set_create(&policy_anon, policy) || global_set_create(&policy_file, policy))
		panic("no memory for the policy %s", policy->name);
}

/* ---- recount ---- */

uint32_t policy_set_check(bool verbose)
{
	uint32_t anon = 0, file = 0, batched = 0, said = 0, lost = 0;
	uint32_t which = 0;

	for (uint32_t pfn = 0; pfn < frame_count; pfn++) {
		struct frame *f = frame_of_pfn(pfn);
		bool listed = frame_is(f, FRAME_LISTED);

		anon += listed && note_of(f)->set == &policy_anon;
		file += listed && note_of(f)->set == &policy_file;
		batched += listed && !note_of(f)->set;
		if (!listed && !note_of(f)->set && f->backing) {
			lost++;
			which += pfn;
		}
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(batches); i++)
		said += batches[i].count;
	if (anon == policy_anon.pages && file == policy_file.pages && batched == said && !lost)
		return 0;
	if (verbose)
		log("check: policy: %u anon, %u file, %u new counted, %u, %u, %u said; %u lost\n",
		    anon, file, batched, policy_anon.pages, policy_file.pages, said, lost);
	return which | 1;
}
