/*
 * fuzz_policy.c: whatever happens to its members, a policy loses none and invents none.
 *
 * The first byte chooses the policy, the second how references are told; each further pair is
 * something that happens to a page. The model knows who is a member.
 */

#include "mm/policy.h"
#include "tests/host/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PAGES 24

enum place {
	NEW,
	MEMBER,
	OUT,	/* A victim. */
	ABSENT, /* Evicted, and can come back. */
};

static struct page {
	struct frame frame;
	uint32_t word;
	bool young, modified;
	enum place place;
} pages[PAGES + 1];

static bool always_young;

bool frame_young(struct frame *f)
{
	struct page *p = container_of(f, struct page, frame);
	bool young = p->young || always_young;

	CHECK(p->place == MEMBER);
	p->young = false;
	return young;
}

bool frame_modified(const struct frame *f)
{
	return container_of(f, struct page, frame)->modified;
}

uint32_t *policy_word(struct frame *f)
{
	return &container_of(f, struct page, frame)->word;
}

static uint32_t key_of(const struct page *p)
{
	return (uint32_t)(p - pages) * 0x01000193;
}

static void touch(struct policy_set *s, struct page *p)
{
	p->young = true;
	if (s->policy->touched)
		s->policy->touched(s, &p->frame);
}

static void come_in(struct policy_set *s, struct page *p)
{
	if (s->pages == s->capacity)
		return;
	s->policy->insert(s, &p->frame, p->place == ABSENT ? key_of(p) : 0);
	s->pages++;
	p->place = MEMBER;
	touch(s, p);
}

static struct page *take_victim(struct policy_set *s)
{
	struct frame *f = s->policy->victim(s);
	struct page *p;

	CHECK((f == NULL) == (s->pages == 0));
	if (!f)
		return NULL;
	p = container_of(f, struct page, frame);
	CHECK(p->place == MEMBER);
	s->pages--;
	p->place = OUT;
	return p;
}

/* A victim's fate. */
static void decide(struct policy_set *s, struct page *p, uint32_t how)
{
	if (how == 0 && s->pages < s->capacity) {
		s->policy->restore(s, &p->frame);
		s->pages++;
		p->place = MEMBER;
	} else if (how == 1) {
		p->place = NEW; /* Freed while it was out. */
	} else {
		if (s->policy->evicted)
			s->policy->evicted(s, &p->frame, key_of(p));
		p->place = ABSENT;
	}
}

static void release(struct policy_set *s, struct page *p)
{
	if (p->place == MEMBER) {
		policy_remove(s, &p->frame);
		s->pages--;
	} else if (p->place == ABSENT && s->policy->forget) {
		s->policy->forget(s, key_of(p));
	}
	p->place = NEW;
}

static void happen(struct policy_set *s, uint32_t what, struct page *p)
{
	switch (what % 8) {
	case 0:
		take_victim(s);
		break;
	case 1:
		release(s, p);
		break;
	case 2:
		s->now++;
		if (s->policy->tick)
			s->policy->tick(s);
		break;
	case 3:
		p->modified = !p->modified;
		break;
	default:
		if (p->place == MEMBER)
			touch(s, p);
		else if (p->place == OUT)
			decide(s, p, what / 8 % 4);
		else
			come_in(s, p);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy_set s = {.capacity = PAGES / 2};
	uint32_t count = 0;

	if (size < 2)
		return 0;
	while (policies[count])
		count++;
	s.policy = policies[data[0] % count];
	always_young = data[1] == 1;
	for (uint32_t i = 0; i <= PAGES; i++)
		pages[i] = (struct page){0};
	s.state = host_alloc(s.policy->state_size(s.capacity));
	s.policy->init(&s);
	CHECK(take_victim(&s) == NULL);
	for (size_t i = 2; i + 1 < size; i += 2)
		happen(&s, data[i], &pages[1 + data[i + 1] % PAGES]);
	while (s.pages > 0)
		take_victim(&s);
	CHECK(take_victim(&s) == NULL);
	for (uint32_t i = 1; i <= PAGES; i++)
		CHECK(pages[i].place != MEMBER);
	host_free(s.state);
	return 0;
}
