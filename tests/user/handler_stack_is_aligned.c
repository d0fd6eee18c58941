/* On entry of a handler esp + 4 is a multiple of 16, wherever the stack was, and the direction flag is clear. */
#include "signals.h"

extern uint32_t entry_esp, entry_flags;
void entry(int sig);

__asm__(".data\n"
	".globl entry_esp, entry_flags\n"
	"entry_esp: .long 0\n"
	"entry_flags: .long 0\n"
	".text\n"
	".globl entry\n"
	"entry:\n"
	"	movl %esp, entry_esp\n"
	"	pushf\n"
	"	popl entry_flags\n"
	"	ret\n");

static void check_shifted_by(int shift)
{
	int result;

	entry_esp = 0;
	__asm__ volatile("subl %3, %%esp; std; int $0x80; cld; addl %3, %%esp"
			 : "=a"(result)
			 : "0"(SYS_kill), "b"(getpid()), "S"(shift), "c"(SIGUSR1)
			 : "memory", "cc");
	CHECK(result == 0 && entry_esp != 0);
	CHECK((entry_esp + 4) % 16 == 0);
	CHECK(!(entry_flags & 0x400));
}

int main(void)
{
	handle(SIGUSR1, entry, 0);
	handle_info(SIGUSR2, (void (*)(int, siginfo_t *, void *))entry, 0);
	for (int shift = 0; shift < 64; shift += 4)
		check_shifted_by(shift);
	CHECK(raise(SIGUSR2) == 0 && (entry_esp + 4) % 16 == 0);
	return 0;
}
