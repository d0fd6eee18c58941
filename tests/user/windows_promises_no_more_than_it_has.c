/*
 * Under the Windows personality a process cannot start when its minimum cannot be promised; what was promised to
 * one that ended can be.
 *
 * rows: D16
 * quire-only
 * append: personality=windows
 */
#include "windows.h"

#include <sys/klog.h>

static void fork_once(void)
{
	pid_t pid = fork();
	int status;

	CHECK(pid >= 0);
	if (pid == 0)
		_exit(0);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

int main(void)
{
	static char text[65536], most[32];
	long total = counter("/proc/meminfo", "MemTotal") / (PAGE / 1024);

	snprintf(most, sizeof(most), "%ld", total * 2 / 3);
	switch_set("/proc/self/working_set", "1000");
	fork_once();
	switch_set("/proc/sys/vm/working_set_min", most);
	snprintf(text, sizeof(text), "%ld", total);
	switch_set("/proc/self/working_set", text); /* It has two thirds promised now. */
	for (int i = 0; i < 3; i++)
		CHECK(fork() == -1 && errno == ENOMEM);
	CHECK(klogctl(3, text, sizeof(text) - 1) > 0);
	CHECK(strstr(text, "cannot start a process because there is not enough memory"));
	switch_set("/proc/sys/vm/working_set_min", "50");
	switch_set("/proc/self/working_set", "1000");
	for (int i = 0; i < 3; i++)
		fork_once();
	return 0;
}
