/*
 * replay.c: replay a trace of page references through replacement policies.
 *
 *	replay [--as-recorded] [--policies a,b,opt] --frames 8,16,24 TRACE	a table, as CSV
 *	replay [--as-recorded] --log POLICY FRAMES TRACE	the pages evicted, one a line
 *	replay --info TRACE					its references and pages
 *	replay --list						the names of the policies
 *
 * opt is Belady's minimum. Without --policies: all of them. --as-recorded: the trace comes from a
 * run under this policy and number of frames; the replay stops where the run evicted another page
 * (sim.h).
 */

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/replay/opt.h"

#define OPT "opt"
#define LIST_MAX 64 /* Policies, or numbers of frames. */

void panic(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

static struct trace trace;
static struct opt *opt; /* Of trace; NULL before it is needed. */
static size_t now;	/* The record that is replayed. */

/* What the kernel's assertions call, and all that cannot go on here. */
void panic(const char *fmt, ...)
{
	va_list ap;

	fputs("replay: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static void print_page(uint32_t page)
{
	printf("%u\n", page);
}

static void differs(uint32_t kernel, uint32_t replay)
{
	panic("record %zu: the kernel evicted %u, the policy %u", now, kernel, replay);
}

static struct counts run_opt(uint32_t frames, void (*evict)(uint32_t page))
{
	if (!opt)
		opt = opt_create(&trace);
	if (!opt)
		panic("out of memory");
	return opt_run(opt, frames, evict);
}

static struct counts run(const char *policy, uint32_t frames, void (*evict)(uint32_t page),
			 bool as_recorded)
{
	struct sim *sim;
	struct counts counts;

	if (strcmp(policy, OPT) == 0)
		return run_opt(frames, evict);
	sim = sim_create(policy, frames, trace.pages);
	if (!sim)
		panic("%s: no such policy, or out of memory", policy);
	if (evict)
		sim_on_evict(sim, evict);
	if (as_recorded)
		sim_as_recorded(sim, differs);
	for (now = 0; now < trace.count; now++)
		sim_step(sim, trace.records[now]);
	counts = sim_counts(sim);
	sim_destroy(sim);
	return counts;
}

static uint32_t parse_frames(const char *text)
{
	char *end;
	unsigned long frames = strtoul(text, &end, 10);

	if (end == text || *end || frames == 0 || frames > TRACE_PAGES_MAX)
		panic("%s: not a number of frames", text);
	return (uint32_t)frames;
}

/* Cut text at its commas: the parts, and NULL after the last. */
static void split(char *text, const char *parts[LIST_MAX + 1])
{
	uint32_t n = 0;

	for (char *part = strtok(text, ","); part; part = strtok(NULL, ",")) {
		if (n == LIST_MAX)
			panic("more than %u in a list", LIST_MAX);
		parts[n++] = part;
	}
	parts[n] = NULL;
}

static void all_policies(const char *parts[LIST_MAX + 1])
{
	uint32_t n = 0;

	while ((parts[n] = sim_policy_name(n)))
		n++;
	parts[n++] = OPT;
	parts[n] = NULL;
}

static void print_table(char *policies, char *frames, bool as_recorded)
{
	const char *policy[LIST_MAX + 1], *number[LIST_MAX + 1];

	if (policies)
		split(policies, policy);
	else
		all_policies(policy);
	split(frames, number);
	puts("policy,frames,faults,evictions,writes");
	for (const char **p = policy; *p; p++) {
		for (const char **n = number; *n; n++) {
			struct counts c = run(*p, parse_frames(*n), NULL, as_recorded);

			printf("%s,%s,%lu,%lu,%lu\n", *p, *n, c.faults, c.evictions, c.writes);
		}
	}
}

static void print_info(void)
{
	printf("references %lu pages %u\n", trace.references, trace.pages);
}

static void print_list(void)
{
	for (uint32_t i = 0; sim_policy_name(i); i++)
		puts(sim_policy_name(i));
}

static void usage(void)
{
	fputs("usage: replay [--as-recorded] [--policies A,B,opt] --frames N,N... TRACE\n"
	      "       replay [--as-recorded] --log POLICY FRAMES TRACE\n"
	      "       replay --info TRACE\n"
	      "       replay --list\n",
	      stderr);
	exit(2);
}

enum { AS_RECORDED = 'a', FRAMES = 'f', INFO = 'i', LIST = 'l', LOG = 'g', POLICIES = 'p' };

static const struct option options[] = {
	{"as-recorded", no_argument, NULL, AS_RECORDED},
	{"frames", required_argument, NULL, FRAMES},
	{"info", no_argument, NULL, INFO},
	{"list", no_argument, NULL, LIST},
	{"log", required_argument, NULL, LOG},
	{"policies", required_argument, NULL, POLICIES},
	{0},
};

int main(int argc, char **argv)
{
	char *value[128] = {0}; /* Of each option that is given. */
	int c, rest;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == '?')
			usage();
		value[c] = optarg ? optarg : argv[0];
	}
	rest = argc - optind;
	if (value[LIST] && rest == 0) {
		print_list();
		return 0;
	}
	if (rest != (value[LOG] ? 2 : 1) || trace_open(&trace, argv[argc - 1]) != 0)
		usage();
	if (value[INFO])
		print_info();
	else if (value[LOG])
		run(value[LOG], parse_frames(argv[optind]), print_page, value[AS_RECORDED]);
	else if (value[FRAMES])
		print_table(value[POLICIES], value[FRAMES], value[AS_RECORDED]);
	else
		usage();
	return 0;
}
