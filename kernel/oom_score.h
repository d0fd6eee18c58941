/*
 * oom_score.h: who holds how much memory, and who is to be killed for it.
 *
 * The rule is Linux's: the score of a process is what would come back if it died, in pages: those it has in
 * memory, those it has in swap, and its page tables; and oom_score_adj thousandths of memory and swap together
 * are added. The highest score is killed, of equal ones the youngest. Never: init, threads of the kernel, who
 * has an oom_score_adj of -1000, and who has only borrowed its parent's memory (vfork).
 */
#pragma once

#include "kernel/proc.h"

#define OOM_SCORE_ADJ_MIN (-1000) /* Never kill it. */
#define OOM_SCORE_ADJ_MAX 1000

/* What a process holds, in pages. */
struct oom_holder {
	pid_t pid;
	uint32_t resident, swapped, tables;
	int adj;
	int32_t score;
	char name[THREAD_NAME_LEN];
};

#define OOM_HOLDERS 16

/* The holders with the highest scores, that first. */
struct oom_table {
	struct oom_holder top[OOM_HOLDERS];
	uint32_t count;
	uint32_t more, more_pages; /* Processes that have no line, and what they hold. */
};

/* Look at all processes. May sleep. */
void oom_table_fill(struct oom_table *t);

/* Put it into the log. */
void oom_table_log(const struct oom_table *t);

/* /proc/PID/oom_score: about 0 to 2000. May sleep. */
uint32_t oom_score(struct proc *p);

/* Set oom_score_adj of p and of all who share its memory. 0; -EINVAL; -EACCES: only root may go below
 * what root set last. */
int oom_score_adj_set(struct proc *p, int adj);
