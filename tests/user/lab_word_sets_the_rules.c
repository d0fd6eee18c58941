/*
 * lab=xk stands for xk's rules of the stack and of promises; a word of the user's own wins over what it stands for.
 * rows: C5 C14
 * quire-only
 * append: overcommit=0 lab=xk
 * lab: stack
 */
#include "probe.h"
#include "stack.h"

int main(void)
{
	char text[256] = "";
	int fd = open("/proc/cmdline", O_RDONLY);

	CHECK(read(fd, text, sizeof(text) - 1) > 0);
	CHECK(strncmp(text, "stackgrow=xk overcommit=2 ", 26) == 0 && strstr(text, "lab=xk"));
	CHECK(probe_write(stack_end() - 11 * PAGE).number == SIGSEGV);
	CHECK(probe_write(stack_end() - 10 * PAGE).number == 0);
	fd = open("/proc/sys/vm/overcommit_memory", O_RDONLY);
	CHECK(read(fd, text, 2) == 2 && text[0] == '0');
}
