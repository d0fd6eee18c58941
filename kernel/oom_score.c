/* oom_score.c: see oom_score.h. */

#include "kernel/oom_score.h"

#include "kernel/abi/errno.h"
#include "kernel/cred.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "mm/pmm.h"
#include "mm/swap.h"

/* ---- the score ---- */

/* What the score is measured against. */
static int32_t all_pages(void)
{
	return (int32_t)(frame_total_count() + swap_total_pages());
}

/* False: p has no memory of its own. */
static bool holder_fill(struct oom_holder *h, struct proc *p)
{
	struct aspace *as = p->vfork_done ? NULL : proc_aspace_get(p);

	if (!as)
		return false;
	h->pid = p->pid;
	h->resident = aspace_resident(as);
	h->swapped = aspace_swapped(as);
	h->tables = as->tables;
	h->adj = p->oom_score_adj;
	h->score = (int32_t)(h->resident + h->swapped + h->tables) + h->adj * (all_pages() / 1000);
	memcpy(h->name, p->comm, sizeof(h->name));
	aspace_put(as);
	return true;
}

uint32_t oom_score(struct proc *p)
{
	struct oom_holder h;

	if (p->oom_score_adj == OOM_SCORE_ADJ_MIN || !holder_fill(&h, p))
		return 0;
	return (uint32_t)MAX((1000 + (int64_t)h.score * 1000 / all_pages()) * 2 / 3, 0);
}

/* ---- the table ---- */

static bool may_be_killed(const struct proc *p)
{
	return p != proc_init && p->oom_score_adj != OOM_SCORE_ADJ_MIN && !p->oom_victim;
}

static uint32_t pages_of(const struct oom_holder *h)
{
	return h->resident + h->swapped + h->tables;
}

/* Enter h where it belongs, before those of the same score: they are older. */
static void table_insert(struct oom_table *t, const struct oom_holder *h)
{
	struct oom_holder moving = *h;

	for (uint32_t i = 0; i < t->count; i++) {
		if (moving.score >= t->top[i].score) {
			struct oom_holder pushed = t->top[i];

			t->top[i] = moving;
			moving = pushed;
		}
	}
	if (t->count < OOM_HOLDERS) {
		t->top[t->count++] = moving;
	} else {
		t->more++;
		t->more_pages += pages_of(&moving);
	}
}

void oom_table_fill(struct oom_table *t)
{
	*t = (struct oom_table){.count = 0};
	for (pid_t pid = proc_next_pid(1); pid; pid = proc_next_pid(pid + 1)) {
		struct proc *p = proc_find(pid);
		struct oom_holder h;

		if (p && may_be_killed(p) && holder_fill(&h, p))
			table_insert(t, &h);
		if (p)
			proc_put(p);
	}
}

static uint32_t kib(uint32_t pages)
{
	return pages * (PAGE_SIZE / 1024);
}

void oom_table_log(const struct oom_table *t)
{
	log("oom: %u KiB of memory, %u free; %u KiB of swap, %u free\n", kib(frame_total_count()),
	    kib(frame_free_count()), kib(swap_total_pages()), kib(swap_free_pages()));
	log("oom:   pid  resident   swapped  tables   adj name (KiB)\n");
	for (uint32_t i = 0; i < t->count; i++) {
		const struct oom_holder *h = &t->top[i];

		log("oom: %5d %9u %9u %7u %5d %s\n", h->pid, kib(h->resident), kib(h->swapped),
		    kib(h->tables), h->adj, h->name);
	}
	if (t->more)
		log("oom: and %u more, which hold %u KiB\n", t->more, kib(t->more_pages));
}

/* ---- oom_score_adj ---- */

struct adjustment {
	struct aspace *as; /* Whose sharers it is for; NULL: only for p. */
	struct proc *p;
	int adj;
	bool by_root;
};

static bool adjust(struct proc *p, void *arg)
{
	const struct adjustment *a = arg;

	if (p != a->p && (!a->as || p->aspace != a->as || p == proc_init))
		return true;
	p->oom_score_adj = a->adj;
	if (a->by_root)
		p->oom_score_adj_min = a->adj;
	return true;
}

int oom_score_adj_set(struct proc *p, int adj)
{
	struct adjustment a = {
		.as = p->vfork_done ? NULL : p->aspace, /* Only compared. */
		.p = p,
		.adj = adj,
		.by_root = cred_is_root(),
	};

	if (adj < OOM_SCORE_ADJ_MIN || adj > OOM_SCORE_ADJ_MAX)
		return -EINVAL;
	if (adj < p->oom_score_adj_min && !a.by_root)
		return -EACCES;
	proc_each(adjust, &a);
	return 0;
}
