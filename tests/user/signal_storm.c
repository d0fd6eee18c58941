/*
 * Processes that signal, stop, continue, kill and fork one another at random all end, and nothing
 * is lost or left behind.
 * label: stress
 * timeout: 120
 */
#include "signals.h"

#define PROCESSES 12
#define ROUNDS 400

static volatile pid_t *pids;
static const int signals[] = {SIGSTOP, SIGTSTP, SIGCONT, SIGUSR1, SIGUSR2, SIGALRM, 40, 41};

static void worker(unsigned seed)
{
	srand(seed);
	for (int round = 0; round < ROUNDS; round++) {
		pid_t to = pids[rand() % PROCESSES];

		if (to > 0)
			kill(to, signals[(unsigned)rand() % 8]);
		if (rand() % 20 == 0) {
			pid_t child = fork();

			if (child == 0)
				_exit(0);
			while (child > 0 && waitpid(child, NULL, 0) < 0)
				CHECK(errno == EINTR);
		}
		if (rand() % 50 == 0)
			usleep(1000);
	}
	_exit(7);
}

int main(void)
{
	pids = map_shared(PAGE);
	for (int i = 2; i < 8; i++)
		handle(signals[i], note_signal, i % 2 ? SA_RESTART : SA_NODEFER);
	for (unsigned i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		CHECK(pids[i] >= 0);
		if (pids[i] == 0)
			worker(i);
	}
	for (int left = PROCESSES; left > 0;) {
		int status;
		pid_t pid = waitpid(-1, &status, WNOHANG);

		CHECK(pid >= 0);
		for (int i = 0; i < PROCESSES; i++)
			if (pid == pids[i] && pid > 0)
				pids[i] = 0;
			else if (pids[i] > 0)
				kill(pids[i], SIGCONT);
		if (pid > 0) {
			CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
			left--;
		} else {
			sleep_ms(1);
		}
	}
	return 0;
}
