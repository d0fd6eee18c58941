/*
 * Whatever selectors, flags and FPU state a handler leaves in its frame, at worst its own process dies.
 */
#include "signals.h"

#define ROUNDS 300

static uint32_t any_word(void)
{
	return (uint32_t)rand() << 16 ^ (uint32_t)rand();
}

static void spoil(int sig, siginfo_t *info, void *context)
{
	static const int selectors[] = {REG_GS, REG_FS, REG_ES, REG_DS, REG_CS, REG_SS};
	ucontext_t *uc = context;
	uint32_t *fpu = (uint32_t *)uc->uc_mcontext.fpregs;

	(void)sig;
	(void)info;
	uc->uc_mcontext.gregs[REG_EFL] = (int)any_word();
	for (int i = 0; i < 4 + (rand() % 8 == 0) * 2; i++)
		if (rand() % 2)
			uc->uc_mcontext.gregs[selectors[i]] = (int)(any_word() & 0xFFFF);
	if (rand() % 4 == 0)
		uc->uc_mcontext.fpregs = (void *)any_word();
	for (int i = 0; i < 40; i++)
		fpu[(unsigned)rand() % (624 / 4)] = any_word();
}

static void child(void *seed)
{
	srand(*(unsigned *)seed);
	handle_info(SIGUSR1, spoil, 0);
	__asm__ volatile(
		"int $0x80; fldz; movl %2, %%eax; xorl %%ebx, %%ebx; int $0x80" ::"a"(SYS_kill),
		"b"(getpid()), "i"(SYS_exit_group), "c"(SIGUSR1));
}

int main(void)
{
	int finished = 0;

	for (unsigned seed = 0; seed < ROUNDS; seed++) {
		int status = child_run(child, &seed);

		CHECK(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
		finished += WIFEXITED(status);
	}
	CHECK(finished < ROUNDS);
	return 0;
}
