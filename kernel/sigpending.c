/*
 * sigpending.c: the queue of a struct sigpending. Its bit says that a signal is pending; an entry has the
 * details, unless memory was out when the signal came.
 *
 * Locks: the process's sig_lock guards a queue. Memory is given out and taken back without it.
 */

#include "kernel/signal_internal.h"
#include "mm/kmalloc.h"

KMEM_CACHE(sigqueue_cache, struct sigqueue);

/* ---- entries ---- */

struct sigqueue *sigqueue_alloc(struct sigpending *s, int sig, const struct siginfo *info)
{
	static const struct siginfo from_kernel = {.code = SI_KERNEL};
	struct sigqueue *q = &s->first;

	if (!list_empty(&q->link)) {
		q = kmem_cache_zalloc(&sigqueue_cache);
		if (!q)
			return NULL;
		list_init(&q->link);
	}
	q->info = info ? *info : from_kernel;
	q->info.signo = sig;
	return q;
}

void sigqueue_free(struct sigqueue *q)
{
	if (q && !q->embedded)
		kmem_cache_free(&sigqueue_cache, q);
}

void sigqueue_free_all(struct list *entries)
{
	struct sigqueue *q, *next;

	list_for_each_entry_safe(q, next, entries, link) {
		list_remove(&q->link);
		sigqueue_free(q);
	}
}

void sigpending_flush(struct sigpending *s)
{
	sigqueue_free_all(&s->queue);
	s->set = 0;
	s->count = 0;
}

/* ---- queues ---- */

void sigpending_init(struct sigpending *s)
{
	list_init(&s->queue);
	list_init(&s->first.link);
	s->first.embedded = true;
}

void sigpending_add(struct sigpending *s, int sig, struct sigqueue *q)
{
	s->set |= SIGBIT(sig);
	if (!q)
		return;
	list_add_tail(&s->queue, &q->link);
	s->count++;
}

static struct sigqueue *find(const struct sigpending *s, int sig)
{
	struct sigqueue *q;

	list_for_each_entry(q, &s->queue, link)
		if (q->info.signo == sig)
			return q;
	return NULL;
}

void sigpending_remove(struct sigpending *s, struct sigqueue *q)
{
	int sig = q->info.signo;

	list_remove(&q->link);
	s->count--;
	if (!find(s, sig))
		s->set &= ~SIGBIT(sig);
}

void sigpending_discard(struct sigpending *s, uint64_t set, struct list *out)
{
	struct sigqueue *q, *next;

	list_for_each_entry_safe(q, next, &s->queue, link) {
		if (!(set & SIGBIT(q->info.signo)))
			continue;
		list_remove(&q->link);
		s->count--;
		list_add_tail(out, &q->link);
	}
	s->set &= ~set;
}

struct sigqueue *sigpending_take(struct sigpending *s, int sig, struct siginfo *info)
{
	struct sigqueue *q = find(s, sig);

	if (q) {
		*info = q->info;
		q->overrun_taken = q->info.overrun;
		sigpending_remove(s, q);
		return q->embedded ? NULL : q;
	}
	*info = (struct siginfo){.signo = sig, .code = SI_USER};
	s->set &= ~SIGBIT(sig);
	return NULL;
}
