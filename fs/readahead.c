/* readahead.c: see readahead.h. */
#include "fs/readahead.h"

/* On from the last page, the same page once more (of which a part was read), or the beginning. */
static bool is_sequence(const struct readahead *ra, uint32_t index)
{
	return index == ra->next || index + 1 == ra->next || index == 0;
}

uint32_t readahead_size(struct readahead *ra, uint32_t index, uint32_t wanted)
{
	uint32_t max = ra->advice == READAHEAD_SEQUENTIAL ? 2 * READAHEAD_MAX : READAHEAD_MAX;

	if (ra->advice == READAHEAD_RANDOM || !is_sequence(ra, index))
		ra->window = 0;
	else
		ra->window = ra->window ? MIN(2 * ra->window, max) : READAHEAD_FIRST;
	return MIN(MAX(ra->window, wanted), max);
}
