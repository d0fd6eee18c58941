/* policy.c: the policies there are. One line here and a file policy_NAME.c make another. */

#include "kernel/lib/string.h"
#include "mm/policy.h"

/* X(NAME) for each policy_NAME.c; the first is the one that a kernel boots with. */
#define POLICIES(X)                                                                                \
	X(clock)                                                                                   \
	X(active)                                                                                  \
	X(aging)                                                                                   \
	X(car)                                                                                     \
	X(fifo)                                                                                    \
	X(lru)                                                                                     \
	X(nru)                                                                                     \
	X(random)                                                                                  \
	X(twohand)                                                                                 \
	X(wsclock)

#define DECLARE(name) extern const struct policy policy_##name;
POLICIES(DECLARE)

#define ENTRY(name) &policy_##name,
const struct policy *const policies[] = {POLICIES(ENTRY) NULL};

const struct policy *policy_find(const char *name)
{
	for (const struct policy *const *p = policies; *p; p++)
		if (strcmp((*p)->name, name) == 0)
			return *p;
	return NULL;
}
