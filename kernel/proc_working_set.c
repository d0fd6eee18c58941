/*
 * proc_working_set.c: /proc/PID/working_set: a limit to the frames of a process and of those it will
 * fork and execute.
 *
 *	echo "LIMIT" >...		from now on, at most so many frames, chosen by the policy of all others
 *	echo "LIMIT POLICY" >...	by this one
 *	echo "LIMIT POLICY trace" >...	the same, and every reference is recorded
 *	echo 0 >...			as many as there are again
 *	cat ...				what there is
 */

#include "kernel/abi/errno.h"
#include "kernel/cred.h"
#include "kernel/lib/string.h"
#include "kernel/proc_pid_files.h"
#include "mm/balance.h"
#include "mm/working_set.h"

#define LIMIT_MIN 8u	  /* What one instruction can need, and something over. */
#define LIMIT_MAX 100000u /* Also what keeps a policy's memory within bounds. */
#define WORDS 3u
#define WORD_LEN 16u

int proc_show_working_set(struct text *t, const struct procfs_who *who)
{
	struct aspace *as = proc_who_aspace(who);

	if (as && as->ws)
		text_printf(t, "limit %u policy %s pages %u faults %u evictions %u minimum %u\n",
			    as->ws->set.capacity, as->ws->set.policy->name, as->ws->set.pages,
			    as->ws->faults, as->ws->evictions, as->ws->minimum);
	aspace_put(as);
	return 0;
}

/* Cut text into words, what is missing being empty. -EINVAL: there are more, or longer ones. */
static int split(const char *text, char words[WORDS][WORD_LEN])
{
	uint32_t w = 0, n = 0;

	memset(words, 0, WORDS * WORD_LEN);
	for (; *text && *text != '\n'; text++) {
		if (*text == ' ') {
			w += n > 0;
			n = 0;
		} else if (w == WORDS || n == WORD_LEN - 1) {
			return -EINVAL;
		} else {
			words[w][n++] = *text;
		}
	}
	return 0;
}

static int set_install(const struct procfs_who *who, struct working_set *ws)
{
	struct aspace *as = proc_who_aspace(who);
	struct working_set *old;

	if (!as) {
		working_set_put(ws);
		return -ESRCH;
	}
	rwlock_write_lock(&as->lock);
	old = as->ws;
	as->ws = ws;
	rwlock_write_unlock(&as->lock);
	working_set_put(old);
	aspace_put(as);
	return 0;
}

int proc_store_working_set(const struct procfs_who *who, const char *text)
{
	char words[WORDS][WORD_LEN];
	const struct policy *policy;
	struct working_set *ws;
	uint64_t limit;
	bool traced;
	int err = split(text, words);

	if (err || !parse_size(words[0], &limit))
		return -EINVAL;
	if (limit == 0 && !words[1][0])
		return set_install(who, NULL);
	if (limit < LIMIT_MIN || limit > LIMIT_MAX)
		return -EINVAL;
	traced = strcmp(words[2], "trace") == 0;
	policy = policy_find(words[1][0] ? words[1] : policy_set_chosen());
	if (!policy || (words[2][0] && !traced))
		return -EINVAL;
	if (traced && !cred_is_root())
		return -EPERM;
	err = working_set_create((uint32_t)limit, policy, traced, &ws);
	if (err)
		return err;
	err = balance_adopt_set(ws);
	if (!err)
		return set_install(who, ws);
	working_set_put(ws);
	return err;
}
