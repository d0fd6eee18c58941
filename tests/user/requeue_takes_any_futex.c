/* FUTEX_REQUEUE between any two words, used before or not, is zero waiters moved. */
#include "check.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	static int words[4096];

	for (int i = 0; i < 4096; i += 13)
		CHECK(syscall(SYS_futex, &words[i], FUTEX_REQUEUE, 0, 0, &words[4095 - i]) == 0);
	return 0;
}
