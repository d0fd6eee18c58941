/*
 * policy_fifo.c: first in, first out: what came in first goes first, used or not.
 *
 * The only policy here that knows Belady's anomaly: with more frames it may fault more often.
 */

#include "mm/policy.h"

struct fifo {
	struct list queue; /* Oldest first. */
};

static size_t fifo_state_size(uint32_t capacity)
{
	(void)capacity;
	return sizeof(struct fifo);
}

static void fifo_init(struct policy_set *s)
{
	struct fifo *q = s->state;

	list_init(&q->queue);
}

static void fifo_insert(struct policy_set *s, struct frame *f, uint32_t key)
{
	struct fifo *q = s->state;

	(void)key;
	list_add_tail(&q->queue, &f->link);
}

static struct frame *fifo_victim(struct policy_set *s)
{
	struct fifo *q = s->state;
	struct frame *f = NULL;

	if (!list_empty(&q->queue)) {
		f = list_first(&q->queue, struct frame, link);
		list_remove(&f->link);
	}
	return f;
}

/* At the end, or the next victim would be the same again. */
static void fifo_restore(struct policy_set *s, struct frame *f)
{
	fifo_insert(s, f, 0);
}

const struct policy policy_fifo = {
	.name = "fifo",
	.state_size = fifo_state_size,
	.init = fifo_init,
	.insert = fifo_insert,
	.victim = fifo_victim,
	.restore = fifo_restore,
};
