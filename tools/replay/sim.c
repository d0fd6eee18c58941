/* sim.c: the driver of policies on the host, and the four functions through which they see
 * pages. */

#include "tools/replay/sim.h"

#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/policy.h"

/* The C library's: kernel headers define types of their own, so its headers are kept out. */
void *aligned_alloc(size_t alignment, size_t size);
void free(void *p);

struct page {
	struct frame frame; /* Has to be the first: the policies know a page by it. */
	uint32_t word;
	bool young, modified;
	bool resident; /* A member. */
	bool out;      /* A victim that has not left yet. */
	bool known;    /* Was in memory before: comes back under its number as the key. */
};

struct sim {
	struct policy_set set;
	uint32_t frames;
	struct counts counts;
	uint32_t last_victim; /* Number of a page; 0: none yet. */
	void (*on_evict)(uint32_t page);
	void (*differs)(uint32_t kernel, uint32_t replay); /* NULL: not as recorded. */
	struct page page[];
};

static struct page *page_of(const struct frame *f)
{
	return container_of(f, struct page, frame);
}

bool frame_young(struct frame *f)
{
	bool young = page_of(f)->young;

	page_of(f)->young = false;
	return young;
}

bool frame_modified(const struct frame *f)
{
	return page_of(f)->modified;
}

uint32_t *policy_word(struct frame *f)
{
	return &page_of(f)->word;
}

/* Zeroed, and aligned as a struct frame. */
static void *alloc(size_t size)
{
	size_t rounded = ALIGN_UP(size, __alignof__(struct frame));
	void *p = aligned_alloc(__alignof__(struct frame), rounded);

	return p ? memset(p, 0, rounded) : NULL;
}

const char *sim_policy_name(uint32_t i)
{
	return policies[i] ? policies[i]->name : NULL;
}

struct sim *sim_create(const char *name, uint32_t frames, uint32_t pages)
{
	const struct policy *policy = policy_find(name);
	struct sim *sim;
	void *state;

	if (!policy)
		return NULL;
	sim = alloc(sizeof(struct sim) + ((size_t)pages + 1) * sizeof(struct page));
	state = alloc(policy->state_size(frames));
	if (!sim || !state) {
		free(sim);
		free(state);
		return NULL;
	}
	sim->frames = frames;
	sim->set = (struct policy_set){.policy = policy, .capacity = frames, .state = state};
	policy->init(&sim->set);
	return sim;
}

void sim_destroy(struct sim *sim)
{
	free(sim->set.state);
	free(sim);
}

struct counts sim_counts(const struct sim *sim)
{
	return sim->counts;
}

bool sim_resident(const struct sim *sim, uint32_t page)
{
	return sim->page[page].resident;
}

void sim_on_evict(struct sim *sim, void (*evict)(uint32_t page))
{
	sim->on_evict = evict;
}

void sim_as_recorded(struct sim *sim, void (*differs)(uint32_t kernel, uint32_t replay))
{
	sim->differs = differs;
}

static uint32_t number(const struct sim *sim, const struct page *p)
{
	return (uint32_t)(p - sim->page);
}

/* The victim p is written, if it has to be, and is no longer in memory. */
static void leave(struct sim *sim, struct page *p)
{
	sim->counts.evictions++;
	sim->counts.writes += p->modified;
	p->out = p->young = p->modified = false;
	if (sim->set.policy->evicted)
		sim->set.policy->evicted(&sim->set, &p->frame, number(sim, p));
	if (sim->on_evict)
		sim->on_evict(number(sim, p));
}

static void evict(struct sim *sim)
{
	struct frame *f = sim->set.policy->victim(&sim->set);
	struct page *p = page_of(f);

	if (!f)
		panic("%s: no victim among %u members", sim->set.policy->name, sim->set.pages);
	sim->set.pages--;
	sim->last_victim = number(sim, p);
	p->resident = false;
	p->out = true;
	if (!sim->differs)
		leave(sim, p);
}

static void fault(struct sim *sim, struct page *p)
{
	sim->counts.faults++;
	if (sim->set.pages >= sim->frames)
		evict(sim);
	sim->set.policy->insert(&sim->set, &p->frame, p->known ? number(sim, p) : 0);
	sim->set.pages++;
	p->resident = p->known = true;
}

static void reference(struct sim *sim, struct page *p, bool write)
{
	p->young = true;
	p->modified |= write;
	if (!p->resident)
		fault(sim, p);
	if (sim->set.policy->touched)
		sim->set.policy->touched(&sim->set, &p->frame);
}

static void release(struct sim *sim, struct page *p)
{
	if (p->resident) {
		policy_remove(&sim->set, &p->frame);
		sim->set.pages--;
	} else if (sim->set.policy->forget) {
		sim->set.policy->forget(&sim->set, number(sim, p));
	}
	p->resident = p->out = false;
}

/* The recorded run took another victim, and gave p back to the policy. */
static void restore(struct sim *sim, struct page *p)
{
	evict(sim);
	p->out = false;
	p->resident = true;
	sim->set.policy->restore(&sim->set, &p->frame);
	sim->set.pages++;
}

/* Records of what the kernel did with its victims. */
static void follow(struct sim *sim, struct page *p, enum trace_kind kind)
{
	if (!sim->differs)
		return;
	if (!p->out)
		sim->differs(number(sim, p), sim->last_victim);
	else if (kind == TRACE_EVICTED)
		leave(sim, p);
	else
		restore(sim, p);
}

void sim_step(struct sim *sim, struct trace_record record)
{
	struct page *p = &sim->page[record.page];
	enum trace_kind kind = trace_kind(record);

	switch (kind) {
	case TRACE_READ:
	case TRACE_WRITE:
		reference(sim, p, kind == TRACE_WRITE);
		break;
	case TRACE_FREE:
		release(sim, p);
		break;
	case TRACE_TICK:
		sim->set.now++;
		if (sim->set.policy->tick)
			sim->set.policy->tick(&sim->set);
		break;
	case TRACE_RESTORE:
	case TRACE_EVICTED:
		follow(sim, p, kind);
		break;
	}
}
