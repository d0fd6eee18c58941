/*
 * list.h: doubly linked circular lists with the link inside the element.
 *
 * A list head and an element's link have the same type. An empty head points at itself; a link that
 * is on no list points at itself too (after list_init or list_remove), so removing twice is
 * harmless. Lists have no lock of their own: the owner's header says which lock guards them.
 *
 *	struct list head = LIST_INIT(head);
 *	list_add_tail(&head, &item->link);
 *	list_for_each_entry(item, &head, link)
 *		use(item);
 */
#pragma once

#include "kernel/lib/types.h"

struct list {
	struct list *next, *prev;
};

#define LIST_INIT(name)                                                                            \
	{                                                                                          \
		&(name), &(name)                                                                   \
	}

static inline void list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline bool list_empty(const struct list *head)
{
	return head->next == head;
}

static inline void list_insert_between(struct list *item, struct list *prev, struct list *next)
{
	item->prev = prev;
	item->next = next;
	prev->next = item;
	next->prev = item;
}

static inline void list_add_head(struct list *head, struct list *item)
{
	list_insert_between(item, head, head->next);
}

static inline void list_add_tail(struct list *head, struct list *item)
{
	list_insert_between(item, head->prev, head);
}

static inline void list_remove(struct list *item)
{
	item->prev->next = item->next;
	item->next->prev = item->prev;
	list_init(item);
}

/* Move all of from to the end of to; from is empty afterwards. */
static inline void list_splice_tail(struct list *to, struct list *from)
{
	if (list_empty(from))
		return;
	from->next->prev = to->prev;
	to->prev->next = from->next;
	from->prev->next = to;
	to->prev = from->prev;
	list_init(from);
}

#define list_entry(ptr, type, member) container_of(ptr, type, member)
#define list_first(head, type, member) list_entry((head)->next, type, member)
#define list_last(head, type, member) list_entry((head)->prev, type, member)

#define list_for_each_entry(pos, head, member)                                                     \
	for (pos = list_first(head, __typeof__(*pos), member); &pos->member != (head);             \
	     pos = list_entry(pos->member.next, __typeof__(*pos), member))

/* Like list_for_each_entry, and the body may remove or free pos. */
#define list_for_each_entry_safe(pos, tmp, head, member)                                           \
	for (pos = list_first(head, __typeof__(*pos), member),                                     \
	    tmp = list_entry(pos->member.next, __typeof__(*pos), member);                          \
	     &pos->member != (head);                                                               \
	     pos = tmp, tmp = list_entry(tmp->member.next, __typeof__(*tmp), member))
