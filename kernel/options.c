/*
 * options.c: see options.h.
 *
 * Each source system sees some matters in another way than Linux: how far a stack grows, whether more memory is
 * promised than there is, who gets frames. lab=WORD on the command line gives its view of all of them; a word
 * that the user adds himself wins over what lab= stands for.
 */

#include "kernel/options.h"

#include "kernel/lib/cmdline.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "kernel/lib/types.h"
#include "mm/aspace.h"
#include "mm/fail.h"
#include "mm/pmm.h"

#define OPTION_MAX 128

static const struct {
	const char *word, *options;
} labs[] = {
	{"iitj", "overcommit=2 maxproc=64"},
	{"xk", "stackgrow=xk overcommit=2"},
	{"pintos", "stackgrow=pintos policy=clock userframes=400"},
	{"weenix", "policy=twohand"},
	{"xv6", "personality=windows overcommit=1 maxproc=64"},
};

void options_expand(void)
{
	char word[16];

	if (!cmdline_get("lab", word, sizeof(word)))
		return;
	for (uint32_t i = 0; i < ARRAY_SIZE(labs); i++)
		if (strcmp(word, labs[i].word) == 0) {
			cmdline_prepend(labs[i].options);
			return;
		}
	log("lab=%s is none of iitj, xk, pintos, weenix, xv6\n", word);
}

static void set_stackgrow(void)
{
	char value[16];

	if (!cmdline_get("stackgrow", value, sizeof(value)))
		return;
	if (strcmp(value, "pintos") == 0)
		stackgrow_mode = STACKGROW_PINTOS;
	else if (strcmp(value, "xk") == 0)
		stackgrow_mode = STACKGROW_XK;
	else if (strcmp(value, "linux") != 0)
		log("stackgrow=%s is none of linux, pintos, xk\n", value);
}

void options_set_rules(void)
{
	set_stackgrow();
	vm_overcommit_memory = (uint32_t)MIN(cmdline_get_size("overcommit", 0), 2);
	vm_eager_fork = cmdline_has("eager_fork");
}

void options_set_memory(void)
{
	char value[OPTION_MAX];

	if (cmdline_has("userframes"))
		pmm_limit_free((uint32_t)cmdline_get_size("userframes", frame_total_count()));
	if (cmdline_get("fail", value, sizeof(value)) && fail_set(value) != 0)
		log("fail=%s is no NAME:N of a point of failure\n", value);
}
