/*
 * init.c: the first program.
 *
 * It mounts what a Linux program expects, then does one of two things. When the CD has /etc/exec, the
 * words in it are run as one program: its output goes to the serial lines as raw bytes, its status
 * into the kernel log, and the machine is turned off (exec.c). Otherwise a login shell gets the
 * console, and the machine is turned off when it ends or when poweroff or reboot ask for it.
 *
 * Options on the kernel command line: TERM=NAME, winsize=ROWSxCOLUMNS of the console, and one of
 * mnt=/dev/hdX, a disk to be mounted on /mnt, tmp=/dev/hdX, one to be mounted on /tmp, and
 * root=/dev/hdX, one whose root directory is to be the program's or the shell's. init itself stays on
 * the CD. swap=/dev/hdX is a disk to swap to. first=PROGRAM is run before the shell. watch=/dev/ttyS2 is where
 * vmtop tells whoever is at the other end what the frames of memory are, while the shell runs.
 *
 * Whatever fails is told in the kernel log, and init goes on: half a system is easier to look into
 * than none.
 */
#include "user/init.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXEC_FILE "/etc/exec"
#define OVERLAY "/.overlay" /* Files of the CD that belong on a mounted file system. */
#define DISK "/mnt"	    /* Where the disk is mounted. */
#define OPTION_MAX 64
#define GRACE_SECS 10
#define WATCH_SECONDS "0.25" /* Between two looks at the frames. */

/* What busybox's halt, poweroff and reboot send to process 1. */
#define SIGNAL_HALT SIGUSR1
#define SIGNAL_POWEROFF SIGUSR2
#define SIGNAL_REBOOT SIGTERM

struct mount_point {
	const char *target, *type, *options;
};

/* The last one is for the CD alone: a disk keeps its own. The kernel has mounted the CD on / and
 * devfs on /dev. */
static const struct mount_point mount_points[] = {
	{"/dev", "devtmpfs", NULL},	    /* The one and only. */
	{"/proc", "proc", NULL},	    /* What ps, top and free read. */
	{"/dev/shm", "tmpfs", "mode=1777"}, /* shm_open(3). */
	{"/tmp", "tmpfs", "mode=1777"},	    /* Anybody's. */
	{"/run", "tmpfs", "mode=755"},	    /* Programs' own, until power-off. */
	{"/root", "tmpfs", "mode=700"},	    /* The shell's home. */
};
#define MOUNT_POINTS (sizeof(mount_points) / sizeof(mount_points[0]))

static const char *program_root = ""; /* Before a path on the CD: where programs find it. */

static volatile sig_atomic_t requested; /* The signal that asks for the end, or 0. */

void complain(const char *fmt, ...)
{
	char text[256];
	va_list ap;
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	dprintf(fd >= 0 ? fd : STDERR_FILENO, "init: %s\n", text);
	if (fd >= 0)
		close(fd);
}

/* Copy the value of name=value on the kernel command line into value; false when it is not there. */
static bool option_get(const char *name, char value[OPTION_MAX])
{
	char line[4096];
	size_t length = strlen(name);
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, line, sizeof(line) - 1) : -1;

	if (fd >= 0)
		close(fd);
	line[got > 0 ? got : 0] = '\0';
	for (char *word = strtok(line, " \n"); word; word = strtok(NULL, " \n"))
		if (strncmp(word, name, length) == 0 && word[length] == '=') {
			snprintf(value, OPTION_MAX, "%s", word + length + 1);
			return true;
		}
	return false;
}

/* ---- mounts ---- */

/* Mount the first count of mount_points below the program's root. */
static void mount_all(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct mount_point *m = &mount_points[i];
		char target[OPTION_MAX];

		/* The folder is on the CD or the disk, or in devfs, which starts without it. */
		snprintf(target, sizeof(target), "%s%s", program_root, m->target);
		mkdir(target, 0755);
		if (mount(m->type, target, m->type, 0, m->options) != 0 && errno != EBUSY)
			complain("cannot mount %s on %s: %s", m->type, target, strerror(errno));
	}
}

/* Mount a disk or its first partition, if it holds a file system that Quire knows. */
static bool mount_disk(const char *disk, const char *target)
{
	static const char *const types[] = {"ext2", "iso9660"};
	char device[OPTION_MAX + 1];

	for (int partition = 0; partition < 2; partition++) {
		snprintf(device, sizeof(device), "%s%s", disk, partition ? "1" : "");
		for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
			if (mount(device, target, types[i], 0, NULL) == 0 ||
			    mount(device, target, types[i], MS_RDONLY, NULL) == 0)
				return true;
	}
	complain("%s holds no file system that can be mounted on %s", disk, target);
	return false;
}

static void mount_disks(void)
{
	char disk[OPTION_MAX];

	if (option_get("mnt", disk)) {
		mount_disk(disk, DISK);
	} else if (option_get("tmp", disk)) {
		if (mount_disk(disk, "/tmp"))
			chmod("/tmp", 01777);
	} else if (option_get("root", disk) && mount_disk(disk, DISK)) {
		program_root = DISK;
		mount_all(MOUNT_POINTS - 1);
	}
}

static void swap_start(void)
{
	char disk[OPTION_MAX];

	if (option_get("swap", disk) && swapon(disk, 0) != 0)
		complain("cannot swap to %s: %s", disk, strerror(errno));
}

/* Copy the files that a run brought for places where something is mounted now. Folders that are
 * there already stay as they are. */
static void overlay_copy(void)
{
	char command[256];

	snprintf(command, sizeof(command), "/bin/busybox cp -dR %s/. %s/", OVERLAY, program_root);
	if (access(OVERLAY, F_OK) == 0 && system(command) != 0)
		complain("some files could not be copied from " OVERLAY);
}

void root_enter(void)
{
	if (*program_root && (chroot(program_root) != 0 || chdir("/") != 0)) {
		complain("cannot enter the disk: %s", strerror(errno));
		_exit(1);
	}
}

/* ---- the end ---- */

static void request_end(int signal_number)
{
	requested = signal_number;
}

static void child_ended(int signal_number)
{
	(void)signal_number;
}

static void signal_catch(int signal_number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	sigaction(signal_number, &action, NULL);
}

/* Wait until the last has died, but not for ever: whoever has lost his kernel stack in a bad place of the swap disk
 * never does. */
void machine_end(int how)
{
	const struct itimerval grace = {{.tv_sec = 1}, {.tv_sec = GRACE_SECS}};
	sigset_t alarm;

	signal_catch(SIGALRM, request_end);
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarm, NULL); /* shell_run() has blocked them all. */
	setitimer(ITIMER_REAL, &grace, NULL);
	kill(-1, SIGKILL);
	while (wait(NULL) > 0 || (errno == EINTR && requested != SIGALRM))
		continue;
	reboot(how); /* Writes everything first. */
	complain("the kernel refuses to stop: %s", strerror(errno));
	for (;;)
		pause();
}

/* ---- the shell ---- */

static void environment_set(void)
{
	char term[OPTION_MAX];

	clearenv();
	setenv("PATH", "/sbin:/usr/sbin:/bin:/usr/bin", 1);
	setenv("HOME", "/root", 1);
	setenv("TERM", option_get("TERM", term) ? term : "linux", 1);
}

static void console_resize(int fd)
{
	char value[OPTION_MAX];
	struct winsize size = {0};

	if (option_get("winsize", value) &&
	    sscanf(value, "%hux%hu", &size.ws_row, &size.ws_col) == 2)
		ioctl(fd, TIOCSWINSZ, &size);
}

/* Become a session leader whose terminal is the console, as job control needs. */
static void console_take(void)
{
	int fd;

	setsid();
	fd = open("/dev/console", O_RDWR);
	if (fd < 0) {
		complain("cannot open /dev/console: %s", strerror(errno));
		_exit(1);
	}
	if (ioctl(fd, TIOCSCTTY, 0) != 0)
		complain("no job control, the console is not ours: %s", strerror(errno));
	console_resize(fd);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

/* Run the program that the person is to see before the shell. ^C ends it, not the session. */
static void first_run(void)
{
	char program[OPTION_MAX];
	pid_t pid;

	if (!option_get("first", program))
		return;
	signal(SIGINT, SIG_IGN);
	pid = fork();
	if (pid == 0) {
		signal(SIGINT, SIG_DFL);
		execl(program, program, (char *)NULL);
		complain("cannot start %s: %s", program, strerror(errno));
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	signal(SIGINT, SIG_DFL);
}

static void watch_start(void)
{
	char device[OPTION_MAX];
	int fd;
	pid_t pid;

	if (!option_get("watch", device))
		return;
	pid = fork();
	if (pid < 0)
		complain("cannot fork: %s", strerror(errno));
	if (pid != 0)
		return;
	signals_reset();
	fd = open(device, O_WRONLY | O_NOCTTY);
	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
		complain("cannot use %s: %s", device, strerror(errno));
	else
		execl("/bin/vmtop", "vmtop", "-j", "-d", WATCH_SECONDS, (char *)NULL);
	_exit(1);
}

static pid_t shell_start(void)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	signals_reset();
	console_take();
	root_enter();
	if (chdir("/root") != 0)
		complain("cannot go to /root: %s", strerror(errno));
	printf("\nWelcome to Quire. The machine is turned off when this shell ends.\n%s\n",
	       *program_root
		       ? ""
		       : "Type \"tour\" to see what its memory does, \"busybox\" to see what there is.\n");
	fflush(stdout);
	first_run();
	/* The dash makes it a login shell, which reads /etc/profile. The CD has no bash. */
	execl("/bin/bash", "-bash", (char *)NULL);
	execl("/bin/sh", "-sh", (char *)NULL);
	complain("cannot start /bin/sh: %s", strerror(errno));
	_exit(127);
}

void signals_reset(void)
{
	sigset_t none;

	sigemptyset(&none);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Collect every child that has ended; true when the one called pid was among them. */
static bool children_reap(pid_t pid)
{
	bool ended = false;
	pid_t reaped;

	while ((reaped = waitpid(-1, NULL, WNOHANG)) > 0)
		ended = ended || reaped == pid;
	return ended;
}

/* Run the shell to its end, being a parent to orphans meanwhile. Signals are blocked but in
 * sigsuspend, so none is missed between looking and sleeping. */
static void shell_run(void)
{
	sigset_t all, none;
	pid_t shell;

	sigfillset(&all);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &all, NULL);
	signal_catch(SIGCHLD, child_ended);
	signal_catch(SIGNAL_HALT, request_end);
	signal_catch(SIGNAL_POWEROFF, request_end);
	signal_catch(SIGNAL_REBOOT, request_end);
	watch_start();
	shell = shell_start();
	if (shell < 0)
		complain("cannot fork: %s", strerror(errno));
	while (shell > 0 && !requested && !children_reap(shell))
		sigsuspend(&none);
}

int main(void)
{
	if (getpid() != 1) {
		fputs("init: this is the system's first program, not to be run by hand\n", stderr);
		return 1;
	}
	mount_all(MOUNT_POINTS);
	mount_disks();
	swap_start();
	overlay_copy();
	environment_set();
	if (access(EXEC_FILE, F_OK) == 0)
		exec_run(EXEC_FILE);
	else
		shell_run();
	machine_end(requested == SIGNAL_REBOOT ? RB_AUTOBOOT : RB_POWER_OFF);
}
