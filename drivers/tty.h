/*
 * tty.h: terminals: the line discipline between a wire (serial port, keyboard and screen) and the
 * programs that read and write it, as termios(3) describes.
 *
 *	wire -> tty_input() -> raw ring -> tty thread: signals, echo, erase -> line ring -> read
 *	write -> output processing -> output ring -> driver's start() -> wire
 *
 * Interrupt handlers only put bytes into the raw ring: signals may not be sent with interrupts off,
 * so one thread for all terminals does the line discipline.
 *
 * Terminals are made at boot and live for ever, so nobody needs references. What can end is an
 * open: tty_hangup() makes every handle opened before it dead (reads give 0, the rest -EIO).
 *
 * Job control belongs to the process layer above, which registers a table of functions. The tty
 * only stores the two numbers, session and foreground group, and asks.
 *
 * Locks: tty->lock (RANK_LEAF, interrupts off) guards all fields but the mutexes. read_lock and
 * write_lock (RANK_INODE) keep reads and writes of several bytes in one piece; nobody holds both.
 */
#pragma once

#include "drivers/chardev.h"
#include "kernel/abi/termios.h"
#include "kernel/lib/bitmap.h"
#include "kernel/sync/mutex.h"

#define TTY_RING 4096u /* A power of two; also the longest line, with its end (termios(3): 4095). */

struct tty;

/* Bytes between two counters that only grow; size is a power of two. */
struct tty_ring {
	uint32_t head, tail; /* Written up to, read up to. */
	uint8_t data[TTY_RING];
};

/* The wire. Called with tty->lock held and interrupts off; must not sleep. */
struct tty_driver {
	/* There is output, or it may go on after a stop: take it with tty_output_take(). */
	void (*start)(struct tty *tty);
	/* The raw ring has room again, after tty_input_room() was false. NULL: not needed. */
	void (*unthrottle)(struct tty *tty);
	/* tty->termios changed: speed, size. NULL: not needed. */
	void (*set_termios)(struct tty *tty);
};

struct tty {
	struct chardev chardev;
	struct list link; /* All terminals; fixed after boot. */
	const struct tty_driver *driver;
	void *private; /* The driver's own. */

	struct spinlock lock;
	struct termios termios;
	struct winsize winsize;
	int32_t session, pgrp; /* 0: nobody's terminal, no foreground group. */
	uint32_t epoch;	       /* Hang-ups so far. */

	struct tty_ring raw; /* From the wire, not looked at yet. */
	bool throttled;	     /* The driver waits for room in raw. */
	bool xoff_sent;	     /* IXOFF: the other end was told to wait. */

	struct tty_ring in; /* For readers. */
	uint32_t line_end;  /* Canonical: in.head after the last complete line. */
	uint32_t line_marks[BITMAP_WORDS(TTY_RING)]; /* Which bytes of in end a line. */
	uint32_t edit_column;			     /* Column where the line being typed began. */
	bool literal_next;			     /* ^V was typed. */

	struct tty_ring out;
	uint32_t column; /* Of the cursor, for tabs and erasing. */
	bool stopped;	 /* By ^S or TCOOFF. */

	struct mutex read_lock, write_lock;
	struct waitq readers, writers; /* Input came; room or emptiness of out. */
};

/*
 * What the tty asks of the process layer. All are called in the calling process's context with no
 * spinlock held, perhaps with read_lock or write_lock; signal_group also from the tty's own thread.
 * Process groups and sessions are their numbers.
 */
struct tty_jobctl_ops {
	/* The caller's controlling terminal, or NULL. */
	struct tty *(*controlling)(void);

	/* The caller's session. */
	int32_t (*session)(void);

	/* The session that group pgrp belongs to; -ESRCH when there is no such group. */
	int32_t (*group_session)(int32_t pgrp);

	/*
	 * Make tty the caller's controlling terminal: TIOCSCTTY, and open by a session leader
	 * without one. The caller must be a session leader without a terminal and tty nobody's, or
	 * with steal (needs uid 0) taken from its session; on success it calls tty_set_session(tty,
	 * session, group). 0 when it is the caller's already. Else -EPERM.
	 */
	int (*acquire)(struct tty *tty, bool steal);

	/* TIOCNOTTY: the caller gives tty up; when it leads the session, so does the whole session
	 * (SIGHUP and SIGCONT to the foreground group, tty_set_session(tty, 0, 0)). */
	int (*release)(struct tty *tty);

	/*
	 * The caller is about to read from tty. 0: it may (foreground, or not its controlling
	 * terminal). In the background: -EIO when SIGTTIN is ignored or blocked or its group is
	 * orphaned; else SIGTTIN to its group and -ERESTARTSYS.
	 */
	int (*check_read)(struct tty *tty);

	/*
	 * The caller is about to change tty, or to write to it with TOSTOP set. 0: it may
	 * (foreground, not its controlling terminal, or SIGTTOU ignored or blocked). Else -EIO when
	 * its group is orphaned, else SIGTTOU to its group and -ERESTARTSYS.
	 */
	int (*check_change)(struct tty *tty);

	/* Send sig to every process of the group; no such group is no error. */
	void (*signal_group)(int32_t pgrp, int sig);
};

/* Hand down the table; before the first process. Without it nobody is in the background. */
void tty_set_jobctl(const struct tty_jobctl_ops *ops);

/* Start the thread that does the line discipline. 0 or -ENOMEM. */
int tty_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg));

/* ---- for the process layer ---- */

/* Whose terminal it is; 0, 0 for nobody's. */
void tty_set_session(struct tty *tty, int32_t session, int32_t pgrp);
int32_t tty_session(struct tty *tty);
int32_t tty_pgrp(struct tty *tty);

/* Linux's tty_nr of /proc/PID/stat: major << 8 | minor. */
uint32_t tty_number(const struct tty *tty);

/* End every open of tty: waiting readers get 0, later calls 0 or -EIO; input is dropped, what was
 * written still goes out. The caller sends the signals. For the exit of a session leader. */
void tty_hangup(struct tty *tty);

/* ---- for drivers of wires ---- */

/* Set up and register /dev/NAME. The struct is zeroed except private; the name stays the
 * caller's. */
void tty_register(struct tty *tty, const char *name, uint32_t major, uint32_t minor,
		  const struct tty_driver *driver);

/* True when a byte can be taken. False: leave it on the wire until unthrottle(). Any context. */
bool tty_input_room(struct tty *tty);

/* A byte came in; dropped when there is no room. Any context. */
void tty_input(struct tty *tty, uint8_t byte);

/* The terminal itself answers a query, from within start(). tty->lock held. */
void tty_answer(struct tty *tty, uint8_t byte);

/* Take up to n bytes of output, 0 when there is none or it is stopped. tty->lock held; other locks
 * too, as it wakes nobody. */
size_t tty_output_take(struct tty *tty, uint8_t *buf, size_t n);

/* Outside of start(), after taking output: wake writers who wait for room. tty->lock held. */
void tty_output_wake(struct tty *tty);

/* The other end changed its size: store it, SIGWINCH to the foreground group. Thread context. */
void tty_resize(struct tty *tty, const struct winsize *ws);

/* Make h an open of tty: for devices that lead to a terminal by another name. */
void tty_open(struct chardev_handle *h, struct tty *tty);

/* The controlling terminal of the caller, or NULL. */
struct tty *tty_controlling(void);

/* What an open terminal does; open itself is the device's. */
ssize_t tty_read(struct chardev_handle *h, struct uio *u, bool nonblock);
ssize_t tty_write(struct chardev_handle *h, struct uio *u, bool nonblock);
int tty_ioctl(struct chardev_handle *h, uint32_t cmd, uint32_t arg);
uint32_t tty_poll(struct chardev_handle *h, struct poll_table *pt);
