/*
 * Under the Windows personality a process whose kernel stack cannot be read back from swap never runs again, not even
 * to die; all others go on.
 *
 * rows: D21
 * quire-only
 * swap: 16M
 * append: personality=windows
 */
#include "fail.h"
#include "procfs.h"
#include "windows.h"

#include <signal.h>

static char state_of(pid_t pid)
{
	char path[64], state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	CHECK(sscanf(proc_text(path), "%*d (%*[^)]) %c", &state) == 1);
	return state;
}

int main(void)
{
	long out = stacks_settle(), came = VMSTAT(kstack_in);
	struct sleeper lost = sleeper_start(1), other = sleeper_start(1);
	int fail = open(FAIL_FILE, O_WRONLY);

	stacks_await(out + 2);
	CHECK(state_of(lost.pid) == 'S' && mlockall(MCL_CURRENT) == 0);
	CHECK(write(fail, "cache_read:1", 12) == 12 && kill(lost.pid, SIGKILL) == 0);
	while (state_of(lost.pid) == 'S')
		sleep_ms(10);
	sleep_ms(100);
	CHECK(state_of(lost.pid) == 'D' && kill(lost.pid, SIGKILL) == 0);
	CHECK(VMSTAT(kstack_in) == came);
	sleeper_finish(&other);
	sleep_ms(100);
	CHECK(state_of(lost.pid) == 'D' && waitpid(lost.pid, NULL, WNOHANG) == 0);
	vm_check();
	return 0;
}
