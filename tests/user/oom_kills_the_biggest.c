/*
 * When all is full, the one that holds most dies, however slowly it grew; who was made safe does not, nor does
 * who asked for the page that was not there. The log has the table and the choice.
 *
 * rows: A14 C5
 * quire-only
 * mem: 48M
 */
#include "counters.h"

#include <signal.h>
#include <sys/klog.h>

/* Hold memory; then wait for the end. */
static pid_t hold(size_t bytes, const char *adj)
{
	int ready[2];
	char byte;
	pid_t pid;

	CHECK(pipe(ready) == 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		switch_set("/proc/self/oom_score_adj", adj);
		touch_write(map_anon(bytes), bytes, 1);
		CHECK(write(ready[1], "", 1) == 1);
		pause();
	}
	CHECK(read(ready[0], &byte, 1) == 1 && close(ready[0]) == 0 && close(ready[1]) == 0);
	return pid;
}

static bool is_told(const char *name, pid_t pid)
{
	static char text[1 << 18];
	char line[64];
	int n = klogctl(3, text, sizeof(text) - 1);

	CHECK(n > 0);
	text[n] = '\0';
	snprintf(line, sizeof(line), "oom: killing %s, pid %d,", name, pid);
	return strstr(text, line) && strstr(text, "resident   swapped  tables   adj name");
}

int main(void)
{
	size_t part = (size_t)frames_free() / 20 * PAGE;
	pid_t small = hold(part, "0"), safe = hold(9 * part, "-1000"), big = hold(7 * part, "0");
	long before = VMSTAT(oom_kill);
	char *p = map_anon(5 * part);
	int status;

	touch_write(p, 5 * part, 'p'); /* 22 parts in all. */
	CHECK(waitpid(-1, &status, WNOHANG) == big && WTERMSIG(status) == SIGKILL);
	CHECK(VMSTAT(oom_kill) == before + 1 && is_told("test_oom_kills_", big));
	CHECK(pages_hold(p, 5 * part, 'p'));
	CHECK(waitpid(-1, &status, WNOHANG) == 0); /* The others live. */
	CHECK(kill(small, SIGKILL) == 0 && kill(safe, SIGKILL) == 0);
	CHECK(wait(&status) > 0 && wait(&status) > 0);
	return 0;
}
