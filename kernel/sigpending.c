/*
 * sigpending.c: the queue of a struct sigpending. Its bit says that a signal is pending; an entry has the
 * details, unless memory was out when the signal came.
 *
 * Locks: the process's sig_lock guards a queue. Memory is given out and taken back without it.
 */

#include "kernel/lib/string.h"
#include "kernel/signal_internal.h"
#include "mm/kmalloc.h"

KMEM_CACHE(sigqueue_cache, struct sigqueue);

/* ---- entries ---- */

struct sigqueue *sigqueue_alloc(int sig, const struct siginfo *info)
{
	struct sigqueue *q = kmem_cache_zalloc(&sigqueue_cache);

	if (!q)
		return NULL;
	list_init(&q->link);
	if (info)
		q->info = *info;
	else
		q->info.code = SI_KERNEL;
	q->info.signo = sig;
	return q;
}

void sigqueue_free(struct sigqueue *q)
{
	kmem_cache_free(&sigqueue_cache, q);
}

void sigqueue_free_all(struct list *entries)
{
	struct sigqueue *q, *next;

	list_for_each_entry_safe(q, next, entries, link) {
		list_remove(&q->link);
		if (!q->embedded)
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

void sigpending_add(struct sigpending *s, int sig, struct sigqueue *q)
{
	s->set |= SIGBIT(sig);
	if (!q)
		return;
	list_add_tail(&s->queue, &q->link);
	s->count++;
}

static struct sigqueue *find(const struct sigpending *s, uint64_t set)
{
	struct sigqueue *q;

	list_for_each_entry(q, &s->queue, link)
		if (set & SIGBIT(q->info.signo))
			return q;
	return NULL;
}

void sigpending_remove(struct sigpending *s, struct sigqueue *q)
{
	int sig = q->info.signo;

	list_remove(&q->link);
	s->count--;
	if (!find(s, SIGBIT(sig)))
		s->set &= ~SIGBIT(sig);
}

void sigpending_discard(struct sigpending *s, uint64_t set, struct list *out)
{
	struct sigqueue *q;

	while ((q = find(s, set)) != NULL) {
		sigpending_remove(s, q);
		list_add_tail(out, &q->link);
	}
	s->set &= ~set;
}

struct sigqueue *sigpending_take(struct sigpending *s, int sig, struct siginfo *info)
{
	struct sigqueue *q = find(s, SIGBIT(sig));

	if (q) {
		*info = q->info;
		q->overrun_taken = q->info.overrun;
		sigpending_remove(s, q);
		return q->embedded ? NULL : q;
	}
	memset(info, 0, sizeof(*info));
	info->signo = sig;
	info->code = SI_USER;
	s->set &= ~SIGBIT(sig);
	return NULL;
}
