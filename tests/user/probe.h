/* probe.h: try an access and learn which signal it raised, if any. */
#pragma once

#include "check.h"

#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>

struct probe {
	int number;	    /* The signal; 0: the access was fine. */
	int code;	    /* si_code. */
	void *addr;	    /* si_addr. */
	unsigned trap, err; /* The CPU's exception and error code. */
};

static sigjmp_buf probe_back;
static struct probe probe_result;

static inline void probe_handler(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	probe_result =
		(struct probe){signal, info->si_code, info->si_addr,
			       uc->uc_mcontext.gregs[REG_TRAPNO], uc->uc_mcontext.gregs[REG_ERR]};
	siglongjmp(probe_back, 1);
}

/* Call access(addr) and say what came of it. The handler has its own stack, and is gone after. */
static inline struct probe probe(void (*access)(void *), void *addr)
{
	static char stack[65536];
	stack_t alt = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction action = {.sa_sigaction = probe_handler,
				   .sa_flags = SA_SIGINFO | SA_ONSTACK};

	CHECK(sigaltstack(&alt, NULL) == 0);
	CHECK(sigaction(SIGSEGV, &action, NULL) == 0 && sigaction(SIGBUS, &action, NULL) == 0);
	probe_result = (struct probe){0};
	if (sigsetjmp(probe_back, 1) == 0)
		access(addr);
	signal(SIGSEGV, SIG_DFL);
	signal(SIGBUS, SIG_DFL);
	return probe_result;
}

static inline void access_read(void *p)
{
	(void)*(volatile char *)p;
}

static inline void access_write(void *p)
{
	*(volatile char *)p = 1;
}

static inline void access_exec(void *p)
{
	((void (*)(void))p)();
}

static inline struct probe probe_read(const void *p)
{
	return probe(access_read, (void *)p);
}

static inline struct probe probe_write(const void *p)
{
	return probe(access_write, (void *)p);
}

/* Did the access raise SIGSEGV with this code, at this address? */
static inline bool probe_is_segv(struct probe got, int code, const void *addr)
{
	return got.number == SIGSEGV && got.code == code && got.addr == addr;
}
