/*
 * lab=weenix chooses the two-handed clock and leaves the rest as Linux has it.
 * rows: D3
 * quire-only
 * append: lab=weenix
 */
#include "counters.h"
#include "policy.h"

int main(void)
{
	char text[2];
	int fd = open("/proc/sys/vm/overcommit_memory", O_RDONLY);

	CHECK(read(fd, text, 2) == 2 && text[0] == '0');
	CHECK(policy_is("twohand"));
}
