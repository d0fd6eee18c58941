/*
 * A random mixture of everything keeps every page what it was.
 *
 *	stress_mix SECONDS [SEED] [CHILDREN]
 *
 * The first process keeps CHILDREN workers, kills or stops one now and then, and looks at how each
 * ends; a worker is a process that does random actions, some of which fork. Whoever finds a page, a
 * file or a status other than it must be says so in a sentence and exits 1. Once a second the kernel
 * recounts its memory, where there is /proc/sys/vm/check to ask it to.
 *
 * rows: A6 A17 A29 A31 A36 A47 B27 C20 C26 D36
 * disk-too: 64M
 * args: 15 1
 * mem: 64M
 * timeout: 240
 */
#include "stress_process.h"
#include "stress_signal.h"

#include <ftw.h>

#define CHECKER "/proc/sys/vm/check"
#define SECONDS_TO_END 120 /* A worker that takes longer hangs. */

struct worker {
	pid_t pid; /* 0: free. */
	uint32_t number;
	bool killed;  /* Its status may be SIGKILL. */
	bool stopped; /* Until the next round. */
	char home[64];
};

static struct worker workers[STRESS_WORKERS];
static uint32_t worker_count = 5, worker_last, kills, pauses, checks;
static char run_home[] = "/tmp/stress-XXXXXX";

/* ---- a worker ---- */

static const struct action {
	const char *name;
	uint32_t weight;
	void (*act)(void);
} actions[] = {
	{"memory_map", 12, memory_map},
	{"memory_write", 20, memory_write},
	{"memory_check", 10, memory_check},
	{"memory_protect", 8, memory_protect},
	{"memory_unmap_part", 5, memory_unmap_part},
	{"memory_replace", 4, memory_replace},
	{"memory_remove", 3, memory_remove},
	{"memory_read_into", 8, memory_read_into},
	{"memory_write_from", 8, memory_write_from},
	{"memory_check_all", 2, memory_check_all},
	{"bad_pointers", 2, bad_pointers},
	{"heap_move", 6, heap_move},
	{"stack_deep", 4, stack_deep},
	{"file_write", 8, file_write},
	{"file_check", 4, file_check},
	{"file_truncate", 4, file_truncate},
	{"file_map", 4, file_map},
	{"file_rename", 4, file_rename},
	{"file_unlink", 3, file_unlink},
	{"folder_fill", 2, folder_fill},
	{"process_fork", 7, process_fork},
	{"process_fork_write", 5, process_fork_write},
	{"process_fork_exec", 3, process_fork_exec},
	{"process_vfork_exec", 3, process_vfork_exec},
	{"process_vfork_exit", 3, process_vfork_exit},
	{"process_exec_fails", 2, process_exec_fails},
	{"process_busybox", 2, process_busybox},
	{"process_share", 3, process_share},
	{"process_pipe", 4, process_pipe},
	{"process_pipe_breaks", 2, process_pipe_breaks},
	{"signal_alarms", 5, signal_alarms},
	{"signal_self", 3, signal_self},
	{"signal_exchange", 3, signal_exchange},
	{"signal_kills", 3, signal_kills},
	{"signal_stops", 2, signal_stops},
	{"signal_crash", 2, signal_crash},
	{"time_sleeps", 3, time_sleeps},
};

#define ACTIONS (sizeof(actions) / sizeof(*actions))
_Static_assert(ACTIONS <= STRESS_ACTIONS, "the board has a place for every action");

static uint32_t action_any(void)
{
	uint32_t total = 0, n = 0, at;

	for (uint32_t i = 0; i < ACTIONS; i++)
		total += actions[i].weight;
	for (at = chance_below(total); at >= actions[n].weight; n++)
		at -= actions[n].weight;
	return n;
}

/* So many actions; then everything is looked at and given back. */
static void stress_go(uint32_t steps)
{
	image_dirty();
	for (; steps > 0; steps--) {
		uint32_t n = action_any();

		me.doing = actions[n].name;
		if (me.depth == 1)
			me.board->doing[me.slot] = me.doing;
		actions[n].act();
		__atomic_add_fetch(&me.board->done[n], 1, __ATOMIC_RELAXED);
	}
	me.doing = me.board->doing[me.slot] = "ending";
	forks_collect();
	memory_check_all();
	files_remove();
	alarm_every_ms(0);
}

static void worker_run(const struct worker *w)
{
	setpgid(0, 0);
	me.worker = w->number;
	me.slot = (uint32_t)(w - workers);
	strcpy(me.home, w->home);
	chance_seed(mix(me.seed, me.worker));
	signals_prepare();
	stress_go(40 + chance_below(400));
	if (chance_one_in(2))
		image_exec(0);
	exit(0);
}

/* ---- the first process ---- */

static void worker_start(struct worker *w)
{
	w->number = ++worker_last;
	w->killed = w->stopped = false;
	snprintf(w->home, sizeof(w->home), "%s/%u", run_home, w->number);
	EXPECT(mkdir(w->home, 0700) == 0, "A folder can be made.");
	w->pid = child_fork();
	if (w->pid == 0)
		worker_run(w);
}

static int name_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

/* What a killed worker leaves; its children die with it, but perhaps a little later. */
static void home_clear(const char *home)
{
	for (int tries = 0; tries < 1000 && access(home, F_OK) == 0; tries++) {
		nftw(home, name_remove, 8, FTW_DEPTH | FTW_PHYS);
		if (tries > 0)
			sleep_ms(10);
	}
	EXPECT(access(home, F_OK) != 0, "The files of dead processes can be removed.");
}

static void stress_end(int status)
{
	for (struct worker *w = workers; w < workers + worker_count; w++)
		if (w->pid > 0)
			kill(w->pid, SIGKILL);
	dprintf(status ? 2 : 1,
		"stress_mix: seed %u: %u workers, %u processes, %u killed, "
		"%u stopped, %u checks: %s\n",
		me.seed, worker_last, me.board->processes, kills, pauses, checks,
		status ? "failed" : "passed");
	for (uint32_t i = 0; i < ACTIONS; i++)
		dprintf(1, "%s %u%s", actions[i].name, me.board->done[i], i % 4 == 3 ? "\n" : ", ");
	exit(status);
}

static void worker_ended(struct worker *w, int status)
{
	bool was_killed = w->killed && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;

	if (status != 0 && !was_killed) {
		dprintf(2, "stress_mix: worker %u of seed %u ended with status %x in %s\n",
			w->number, me.seed, (unsigned)status, me.board->doing[w - workers]);
		stress_end(1);
	}
	if (was_killed) {
		kill(-w->pid, SIGKILL); /* A child that was stopped before its first word lives. */
		home_clear(w->home);
	} else {
		EXPECT(rmdir(w->home) == 0, "A worker leaves no file behind.");
	}
	w->pid = 0;
}

static void workers_collect(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (struct worker *w = workers; w < workers + worker_count; w++)
			if (w->pid == pid)
				worker_ended(w, status);
}

/* Stop one for a round, or kill it, now and then. */
static void worker_disturb(void)
{
	struct worker *w = &workers[chance_below(worker_count)];

	if (w->pid == 0)
		return;
	if (w->stopped || chance_one_in(40)) {
		w->stopped = !w->stopped;
		pauses += w->stopped;
		kill(w->pid, w->stopped ? SIGSTOP : SIGCONT);
	} else if (chance_one_in(400)) {
		w->killed = true;
		kills++;
		kill(w->pid, SIGKILL);
	}
}

static void memory_recount(int checker)
{
	if (checker < 0)
		return;
	checks++;
	if (write(checker, "1", 1) == 1)
		return;
	dprintf(2, "stress_mix: the kernel's count of its memory is wrong (errno %d)\n", errno);
	stress_end(1);
}

static uint32_t workers_left(void)
{
	uint32_t left = 0;

	for (struct worker *w = workers; w < workers + worker_count; w++)
		left += w->pid > 0;
	return left;
}

/* Let the last ones end by themselves; say what those do that do not. */
static void workers_finish(void)
{
	double late = now() + SECONDS_TO_END;

	for (struct worker *w = workers; w < workers + worker_count; w++)
		if (w->pid > 0 && w->stopped)
			kill(w->pid, SIGCONT);
	for (; workers_left() > 0 && now() < late; sleep_ms(10))
		workers_collect();
	for (struct worker *w = workers; w < workers + worker_count; w++)
		if (w->pid > 0)
			dprintf(2, "stress_mix: worker %u of seed %u hangs in %s\n", w->number,
				me.seed, me.board->doing[w - workers]);
	if (workers_left() > 0)
		stress_end(1);
}

static void run(double seconds)
{
	double end = now() + seconds, next_check = now() + 1;
	int checker = open(CHECKER, O_WRONLY | O_CLOEXEC);

	while (now() < end) {
		for (struct worker *w = workers; w < workers + worker_count; w++)
			if (w->pid == 0)
				worker_start(w);
		workers_collect();
		worker_disturb();
		if (now() >= next_check) {
			memory_recount(checker);
			next_check = now() + 1;
		}
		sleep_ms(5);
	}
	workers_finish();
	memory_recount(checker);
	home_clear(run_home);
}

/* The file that everybody maps. Nobody can write it any more. */
static void common_make(void)
{
	char path[64];
	int fd;

	EXPECT(mkdtemp(run_home), "A folder can be made.");
	snprintf(path, sizeof(path), "%s/common", run_home);
	fd = open(path, O_WRONLY | O_CREAT, 0400);
	for (uint32_t i = 0; i < COMMON_PAGES; i++) {
		page_fill(file_page, common_mark(i));
		EXPECT(write(fd, file_page, PAGE) == PAGE, "The common file can be written.");
	}
	close(fd);
	common_fd = open(path, O_RDONLY | O_CLOEXEC);
	EXPECT(common_fd >= 0, "The common file can be opened.");
}

int main(int argc, char *argv[])
{
	if (argc == 3 && strcmp(argv[1], "as") == 0)
		return image_main(argv[2]);
	EXPECT(argc >= 2, "usage: stress_mix SECONDS [SEED] [CHILDREN]");
	me.seed = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 0) : (uint32_t)time(NULL);
	if (argc > 3)
		worker_count = (uint32_t)atoi(argv[3]);
	EXPECT(worker_count >= 1 && worker_count <= STRESS_WORKERS, "CHILDREN is 1 to 32.");
	dprintf(1, "stress_mix: seed %u, %u workers\n", me.seed, worker_count);
	me.board = map_shared(sizeof(*me.board));
	chance_seed(mix(me.seed, 0));
	common_make();
	run(atof(argv[1]));
	stress_end(0);
}
