/* policy_ghost.c: the remembered pages, hashed by key. */

#include "mm/policy_ghost.h"

size_t ghosts_size(uint32_t capacity)
{
	return MIN(capacity, GHOSTS_MAX) * (sizeof(struct ghost) + sizeof(uint32_t));
}

void ghosts_init(struct ghosts *g, uint32_t capacity)
{
	g->capacity = MIN(capacity, GHOSTS_MAX);
	list_init(&g->free);
	for (uint32_t q = 0; q < GHOST_QUEUES; q++)
		list_init(&g->queue[q]);
	for (uint32_t i = 0; i < g->capacity; i++)
		list_add_tail(&g->free, &g->pool[i].order);
}

/* The head of the chain of key. Neighbours go to different chains (Knuth's multiplicative hash). */
static uint32_t *chain(struct ghosts *g, uint32_t key)
{
	uint32_t *heads = (uint32_t *)&g->pool[g->capacity];

	return &heads[(uint64_t)(key * 2654435761u) * g->capacity >> 32];
}

/* The word that leads to the ghost of key, or the 0 at the end of its chain. */
static uint32_t *find(struct ghosts *g, uint32_t key)
{
	uint32_t *at = chain(g, key);

	while (*at && g->pool[*at - 1].key != key)
		at = &g->pool[*at - 1].next;
	return at;
}

static void forget(struct ghosts *g, uint32_t *at)
{
	struct ghost *ghost = &g->pool[*at - 1];

	*at = ghost->next;
	g->count[ghost->queue]--;
	list_remove(&ghost->order);
	list_add_head(&g->free, &ghost->order);
}

void ghosts_cut(struct ghosts *g, uint32_t queue, uint32_t count)
{
	while (g->count[queue] > count)
		forget(g, find(g, list_first(&g->queue[queue], struct ghost, order)->key));
}

void ghosts_add(struct ghosts *g, uint32_t queue, uint32_t key, uint32_t note)
{
	uint32_t longer = g->count[0] < g->count[1];
	uint32_t *head = chain(g, key);
	struct ghost *ghost;

	if (key == 0)
		return;
	if (*find(g, key))
		forget(g, find(g, key));
	if (list_empty(&g->free))
		ghosts_cut(g, longer, g->count[longer] - 1);
	ghost = list_first(&g->free, struct ghost, order);
	list_remove(&ghost->order);
	list_add_tail(&g->queue[queue], &ghost->order);
	ghost->key = key;
	ghost->note = note;
	ghost->queue = queue;
	ghost->next = *head;
	*head = (uint32_t)(ghost - g->pool) + 1;
	g->count[queue]++;
}

bool ghosts_take(struct ghosts *g, uint32_t key, struct ghost *ghost)
{
	uint32_t *at = find(g, key);

	if (*at == 0)
		return false;
	*ghost = g->pool[*at - 1];
	forget(g, at);
	return true;
}
