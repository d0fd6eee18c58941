/*
 * exec.c: run one program for a host that watches the serial lines.
 *
 * The program's standard output and error are pipes, so that it sees no terminal, just as under a
 * pipe on the host. init copies them to /dev/ttyS0 and /dev/ttyS2, which carry any byte unchanged in
 * raw mode. Its standard input is /put/.stdin, or /dev/null. It starts in /tmp, as the leader of a
 * session without a terminal.
 *
 * When it has ended, whatever it left running is killed, what is still in the pipes is copied, and
 * "quire: exit status N" goes into the kernel log: 128 + the signal if it died of one.
 */
#include "user/init.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define STDIN_FILE "/put/.stdin"
#define COPY_BYTES 4096
#define STATUS_NOT_RUN 125 /* We could not even try. */
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NOT_FOUND 127

/* One of the program's output streams on its way out. */
struct stream {
	const char *device;
	int device_fd;
	int read_end, write_end; /* Of the pipe; -1 once closed. */
};

enum { STREAM_OUT, STREAM_ERR, STREAMS };

static int child_pipe[2]; /* SIGCHLD puts a byte in, so that poll() wakes up for it. */

static void child_ended(int signal_number)
{
	int saved = errno;
	ssize_t done = write(child_pipe[1], "", 1);

	(void)signal_number;
	(void)done; /* A full pipe will do: poll() has something to wake up for already. */
	errno = saved;
}

/* ---- streams ---- */

static bool stream_open(struct stream *s)
{
	struct termios t;
	int ends[2];

	s->device_fd = open(s->device, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (s->device_fd < 0 || tcgetattr(s->device_fd, &t) != 0) {
		complain("cannot use %s: %s", s->device, strerror(errno));
		return false;
	}
	cfmakeraw(&t);
	tcsetattr(s->device_fd, TCSANOW, &t);
	if (pipe2(ends, O_CLOEXEC) != 0) {
		complain("cannot make a pipe: %s", strerror(errno));
		return false;
	}
	s->read_end = ends[0];
	s->write_end = ends[1];
	fcntl(s->read_end, F_SETFL, O_NONBLOCK);
	return true;
}

static void write_fully(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t done = write(fd, data, length);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			complain("output is lost: %s", strerror(errno));
			return;
		}
		data += done;
		length -= (size_t)done;
	}
}

/* Copy one piece of what the pipe holds. False when it holds nothing now, or never will again: then
 * it is closed. One piece at a time, so that a flood on one stream does not keep back the other. */
static bool stream_copy(struct stream *s)
{
	char buffer[COPY_BYTES];
	ssize_t got = s->read_end >= 0 ? read(s->read_end, buffer, sizeof(buffer)) : -1;

	if (got > 0)
		write_fully(s->device_fd, buffer, (size_t)got);
	if (got == 0) {
		close(s->read_end);
		s->read_end = -1;
	}
	return got > 0;
}

/* Copy the rest and wait until the device has sent it. */
static void stream_finish(struct stream *s)
{
	while (stream_copy(s))
		continue;
	tcdrain(s->device_fd);
}

/* ---- the program ---- */

/* The words of file as an argument vector; NULL with a word in the log when that cannot be. */
static char **words_read(const char *file)
{
	struct stat st;
	size_t count = 0;
	char *text, **words;
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0) {
		complain("%s holds no program to run", file);
		return NULL;
	}
	text = calloc(1, (size_t)st.st_size + 1);
	words = calloc((size_t)st.st_size + 1, sizeof(*words));
	if (!text || !words || read(fd, text, (size_t)st.st_size) != st.st_size) {
		complain("cannot read %s", file);
		return NULL;
	}
	close(fd);
	for (char *p = text; p < text + st.st_size; p += strlen(p) + 1)
		words[count++] = p;
	return words;
}

/* Why a program could not be executed, for who does not know what an exec looks at. */
static const char *refusal(const char *program, int error)
{
	if (error == ENOEXEC)
		return "it is no program for Linux i386";
	if (error == ENOENT && access(program, F_OK) == 0)
		return "the loader or interpreter that it names is not here";
	return strerror(error);
}

static void program_become(char **words, const struct stream *streams)
{
	int in = open(STDIN_FILE, O_RDONLY), error;

	signals_reset();
	setsid();
	if (in < 0)
		in = open("/dev/null", O_RDONLY);
	dup2(in, STDIN_FILENO);
	if (in > STDERR_FILENO)
		close(in);
	dup2(streams[STREAM_OUT].write_end, STDOUT_FILENO);
	dup2(streams[STREAM_ERR].write_end, STDERR_FILENO);
	root_enter();
	if (chdir("/tmp") != 0)
		complain("cannot go to /tmp: %s", strerror(errno));
	execvp(words[0], words);
	error = errno;
	dprintf(STDERR_FILENO, "quire: cannot run %s: %s\n", words[0], refusal(words[0], error));
	_exit(error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

/* Marks for ./quire profile between which the program runs: instructions that do nothing and that no
 * compiler makes. */
static void mark_start(void)
{
	__asm__ volatile("xchg %%dx, %%dx" ::: "memory");
}

static void mark_end(void)
{
	__asm__ volatile("xchg %%si, %%si" ::: "memory");
}

static pid_t program_start(char **words, struct stream *streams)
{
	pid_t pid;

	mark_start();
	pid = fork();
	if (pid == 0)
		program_become(words, streams);
	if (pid < 0)
		complain("cannot fork: %s", strerror(errno));
	for (int i = 0; i < STREAMS; i++)
		close(streams[i].write_end);
	return pid;
}

static int exit_status(int wait_status)
{
	return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

/* Reap whoever has ended; true when pid was among them, with its status. */
static bool children_reap(pid_t pid, int *status)
{
	int wait_status;
	bool ended = false;
	pid_t reaped;

	while ((reaped = waitpid(-1, &wait_status, WNOHANG)) > 0)
		if (reaped == pid) {
			*status = exit_status(wait_status);
			ended = true;
		}
	return ended;
}

/* Copy output until the program ends. Its status. */
static int program_watch(pid_t pid, struct stream *streams)
{
	char bytes[64];
	int status = STATUS_NOT_RUN;

	while (!children_reap(pid, &status)) {
		struct pollfd wait[STREAMS + 1] = {{.fd = child_pipe[0], .events = POLLIN}};

		for (int i = 0; i < STREAMS; i++)
			wait[i + 1] = (struct pollfd){.fd = streams[i].read_end, .events = POLLIN};
		poll(wait, STREAMS + 1, -1);
		while (read(child_pipe[0], bytes, sizeof(bytes)) > 0)
			continue;
		for (int i = 0; i < STREAMS; i++)
			stream_copy(&streams[i]);
	}
	return status;
}

static bool child_pipe_open(void)
{
	struct sigaction action = {.sa_handler = child_ended, .sa_flags = SA_RESTART};

	if (pipe2(child_pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
		complain("cannot make a pipe: %s", strerror(errno));
		return false;
	}
	return sigaction(SIGCHLD, &action, NULL) == 0;
}

static int program_run(const char *file)
{
	struct stream streams[STREAMS] = {
		[STREAM_OUT] = {.device = "/dev/ttyS0"},
		[STREAM_ERR] = {.device = "/dev/ttyS2"},
	};
	char **words = words_read(file);
	int status = STATUS_NOT_RUN;
	pid_t pid;

	if (!words || !child_pipe_open() || !stream_open(&streams[STREAM_OUT]) ||
	    !stream_open(&streams[STREAM_ERR]))
		return STATUS_NOT_RUN;
	pid = program_start(words, streams);
	if (pid > 0)
		status = program_watch(pid, streams);
	mark_end();
	kill(-1, SIGKILL);
	for (int i = 0; i < STREAMS; i++)
		stream_finish(&streams[i]);
	return status;
}

void exec_run(const char *file)
{
	int status = program_run(file);
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	dprintf(fd, "quire: exit status %d\n", status);
	close(fd);
}
