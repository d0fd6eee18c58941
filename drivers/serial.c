/*
 * serial.c: 16550 UARTs (National Semiconductor PC16550D), 8 data bits, no parity.
 *
 * A terminal's output goes to the FIFO at once while there is room and from the interrupt
 * afterwards; the log writes by polling, also with interrupts off and in a panic. Both look for an
 * empty FIFO first, under uart->lock.
 *
 * Input that the terminal has no room for stays in the FIFO with its interrupt off, so that the
 * other end (QEMU, or a wire with flow control) waits.
 *
 * Locks: uart->lock has rank RANK_CONSOLE and is only ever tried, a bounded number of times: it is
 * taken below the log's own lock, and by a panic that may have interrupted its owner. tty->lock is
 * above it.
 */
#include "drivers/serial.h"

#include "arch/x86/io.h"
#include "drivers/random.h"
#include "kernel/lib/log.h"
#include "kernel/sync/irq.h"

/* Registers. */
#define UART_DATA 0
#define UART_DIVISOR_LOW 0  /* With LCR_DIVISOR. */
#define UART_DIVISOR_HIGH 1 /* With LCR_DIVISOR. */
#define UART_IER 1
#define UART_FCR 2 /* Write. */
#define UART_IIR 2 /* Read. */
#define UART_LCR 3
#define UART_MCR 4
#define UART_LSR 5
#define UART_SCRATCH 7

#define IER_RECEIVE 0x01
#define IER_TRANSMIT 0x02
#define IIR_NONE 0x01
#define FCR_ENABLE_CLEAR 0x07
#define LCR_8N1 0x03
#define LCR_DIVISOR 0x80
#define MCR_DTR_RTS 0x03
#define MCR_IRQ 0x08 /* OUT2 gates the interrupt on PCs. */
#define LSR_DATA 0x01
#define LSR_EMPTY 0x20 /* The transmit FIFO is empty: 16 bytes fit. */

#define FIFO_SIZE 16u
#define UART_CLOCK 115200u /* Highest speed; the divisor divides it. */
#define BURST 64u	/* Bytes a writer sends himself before leaving the rest to the interrupt. */
#define ROUNDS_MAX 256u /* Per interrupt, so that a broken port cannot hold the CPU. */
#define LOCK_TRIES 100000u
#define EMPTY_TRIES 200000u /* Reads of the status, about 1 us each: the FIFO takes 1.4 ms. */

struct uart {
	uint16_t port;
	uint8_t irq;
	bool present;
	bool stuck;  /* Did not transmit: the log no longer waits for it. */
	uint8_t ier; /* lock */
	struct spinlock lock;
	struct tty tty;
};

/* Filled in at boot: with what their terminals buffer, they would be 51 KiB of the image. */
static struct uart uarts[SERIAL_PORTS];

/* Where PCs have them. */
static const struct {
	uint16_t port;
	uint8_t irq;
} places[SERIAL_PORTS] = {{0x3F8, 4}, {0x2F8, 3}, {0x3E8, 4}, {0x2E8, 3}};

static const char *const names[SERIAL_PORTS] = {"ttyS0", "ttyS1", "ttyS2", "ttyS3"};

static uint8_t uart_read(const struct uart *u, uint16_t reg)
{
	return inb((uint16_t)(u->port + reg));
}

static void uart_write(const struct uart *u, uint16_t reg, uint8_t v)
{
	outb((uint16_t)(u->port + reg), v);
}

/* Interrupts off before. False: its owner was stopped for good; go on without. */
static bool uart_lock(struct uart *u)
{
	for (uint32_t i = 0; i < LOCK_TRIES; i++) {
		if (spin_trylock(&u->lock))
			return true;
		cpu_relax();
	}
	return false;
}

static void uart_unlock(struct uart *u, bool locked)
{
	if (locked)
		spin_unlock(&u->lock);
}

static bool uart_is_empty(const struct uart *u)
{
	return uart_read(u, UART_LSR) & LSR_EMPTY;
}

/* ---- polled output: the log ---- */

static bool uart_wait_empty(const struct uart *u)
{
	for (uint32_t i = 0; i < EMPTY_TRIES; i++)
		if (uart_is_empty(u))
			return true;
	return false;
}

static void uart_put_polled(struct uart *u, uint8_t c)
{
	u->stuck = u->stuck ? !uart_is_empty(u) : !uart_wait_empty(u);
	if (!u->stuck)
		uart_write(u, UART_DATA, c);
}

void serial_write(uint32_t port, const char *text, size_t len)
{
	struct uart *u = &uarts[port];
	uint32_t flags = irq_save();
	bool locked = uart_lock(u);

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n')
			uart_put_polled(u, '\r');
		uart_put_polled(u, (uint8_t)text[i]);
	}
	uart_unlock(u, locked);
	irq_restore(flags);
}

static void uart_flush(struct uart *u)
{
	uint8_t buf[FIFO_SIZE];
	bool locked = uart_lock(u);
	size_t n;

	while ((n = tty_output_take(&u->tty, buf, sizeof(buf))) > 0)
		for (size_t i = 0; i < n; i++)
			uart_put_polled(u, buf[i]);
	uart_unlock(u, locked);
}

void serial_flush(void)
{
	uint32_t flags = irq_save();

	for (uint32_t i = 0; i < SERIAL_PORTS; i++) {
		struct uart *u = &uarts[i];

		/* Before registration there is nothing to send; in a panic nobody may let go. */
		if (!u->tty.driver || !spin_trylock(&u->tty.lock))
			continue;
		uart_flush(u);
		spin_unlock(&u->tty.lock);
	}
	irq_restore(flags);
}

/* ---- the terminal's output ---- */

static void uart_set_ier(struct uart *u, uint8_t on, uint8_t off)
{
	uint8_t ier = (uint8_t)((u->ier | on) & ~off);

	if (ier != u->ier) {
		u->ier = ier;
		uart_write(u, UART_IER, ier);
	}
}

/* Fill the empty FIFO. False when there was nothing left to send. */
static bool uart_fill(struct uart *u)
{
	uint8_t buf[FIFO_SIZE];
	size_t n = tty_output_take(&u->tty, buf, sizeof(buf));

	for (size_t i = 0; i < n; i++)
		uart_write(u, UART_DATA, buf[i]);
	return n > 0;
}

/* Send what fits, and have an interrupt when more does. tty->lock held, interrupts off. */
static void uart_transmit(struct uart *u)
{
	bool locked = uart_lock(u);
	bool more = true;

	for (uint32_t sent = 0; more && sent < BURST && uart_is_empty(u); sent += FIFO_SIZE)
		more = uart_fill(u);
	uart_set_ier(u, more ? IER_TRANSMIT : 0, more ? 0 : IER_TRANSMIT);
	uart_unlock(u, locked);
}

static struct uart *uart_of(struct tty *tty)
{
	return container_of(tty, struct uart, tty);
}

static void serial_start(struct tty *tty)
{
	uart_transmit(uart_of(tty));
}

static void serial_unthrottle(struct tty *tty)
{
	struct uart *u = uart_of(tty);
	bool locked = uart_lock(u);

	uart_set_ier(u, IER_RECEIVE, 0);
	uart_unlock(u, locked);
}

/* Bits a second of the CBAUD codes that a 16550 can do; 0 for the others. */
static uint32_t baud_of(uint32_t cflag)
{
	static const uint16_t slow[] = {0,   50,   75,	 110,  134,  150,  200,	  300,
					600, 1200, 1800, 2400, 4800, 9600, 19200, 38400};
	uint32_t code = cflag & CBAUD;

	if (code < ARRAY_SIZE(slow))
		return slow[code];
	if (code == B115200)
		return 115200;
	return code == B57600 ? 57600 : 0;
}

static void uart_set_baud(struct uart *u, uint32_t baud)
{
	uint32_t divisor = UART_CLOCK / baud;

	uart_write(u, UART_LCR, LCR_8N1 | LCR_DIVISOR);
	uart_write(u, UART_DIVISOR_LOW, (uint8_t)divisor);
	uart_write(u, UART_DIVISOR_HIGH, (uint8_t)(divisor >> 8));
	uart_write(u, UART_LCR, LCR_8N1);
}

static void serial_set_termios(struct tty *tty)
{
	struct uart *u = uart_of(tty);
	uint32_t baud = baud_of(tty->termios.c_cflag);
	bool locked = uart_lock(u);

	if (baud > 0)
		uart_set_baud(u, baud);
	uart_unlock(u, locked);
}

static const struct tty_driver serial_driver = {
	.start = serial_start,
	.unthrottle = serial_unthrottle,
	.set_termios = serial_set_termios,
};

/* ---- interrupts ---- */

static void uart_stop_receiving(struct uart *u)
{
	bool locked = uart_lock(u);

	uart_set_ier(u, 0, IER_RECEIVE);
	uart_unlock(u, locked);
}

static void uart_receive(struct uart *u)
{
	while (uart_read(u, UART_LSR) & LSR_DATA) {
		if (!tty_input_room(&u->tty)) {
			uart_stop_receiving(u);
			/* Room may have come in between, and nobody would tell us again. */
			if (tty_input_room(&u->tty))
				serial_unthrottle(&u->tty);
			return;
		}
		tty_input(&u->tty, uart_read(u, UART_DATA));
	}
}

static bool uart_service(struct uart *u)
{
	uint32_t flags;

	if (!u->present || uart_read(u, UART_IIR) & IIR_NONE)
		return false;
	uart_receive(u);
	flags = spin_lock_irq(&u->tty.lock);
	uart_transmit(u);
	tty_output_wake(&u->tty);
	spin_unlock_irq(&u->tty.lock, flags);
	return true;
}

/* Two ports share a line that is edge triggered: look until neither wants anything, else the edge
 * of the second is lost. */
static bool serial_interrupt(void *arg)
{
	struct uart *first = arg, *second = arg;
	bool any = false;

	second += SERIAL_PORTS / 2;
	for (uint32_t i = 0; i < ROUNDS_MAX && (uart_service(first) || uart_service(second)); i++)
		any = true;
	if (any)
		random_stir(first->port);
	return any;
}

/* ---- start ---- */

static bool uart_detect(const struct uart *u)
{
	uart_write(u, UART_SCRATCH, 0x5A);
	if (uart_read(u, UART_SCRATCH) != 0x5A)
		return false;
	uart_write(u, UART_SCRATCH, 0xA5);
	return uart_read(u, UART_SCRATCH) == 0xA5;
}

void serial_init_early(void)
{
	for (uint32_t i = 0; i < SERIAL_PORTS; i++) {
		struct uart *u = &uarts[i];

		u->port = places[i].port;
		u->irq = places[i].irq;
		spin_init(&u->lock, names[i], RANK_CONSOLE);
		u->present = uart_detect(u);
		if (!u->present)
			continue;
		uart_write(u, UART_IER, 0);
		uart_set_baud(u, UART_CLOCK);
		uart_write(u, UART_FCR, FCR_ENABLE_CLEAR);
		uart_write(u, UART_MCR, MCR_DTR_RTS | MCR_IRQ);
	}
}

static void uart_register(uint32_t port)
{
	struct uart *u = &uarts[port];

	tty_register(&u->tty, names[port], CHARDEV_TTY_MAJOR, 64 + port, &serial_driver);
	u->tty.termios.c_cflag = B115200 | CS8 | CREAD | HUPCL | CLOCAL;
}

void serial_init(void)
{
	for (uint32_t i = 0; i < SERIAL_PORTS; i++)
		if (uarts[i].present)
			uart_register(i);
	for (uint32_t i = 0; i < SERIAL_PORTS / 2; i++) {
		int err = irq_register(uarts[i].irq, "serial", serial_interrupt, &uarts[i]);

		if (err)
			log("serial: irq %u: error %d\n", uarts[i].irq, err);
	}
	for (uint32_t i = 0; i < SERIAL_PORTS; i++)
		if (uarts[i].present)
			serial_unthrottle(&uarts[i].tty);
}

bool serial_is_present(uint32_t port)
{
	return uarts[port].present;
}

struct tty *serial_tty(uint32_t port)
{
	return uarts[port].present ? &uarts[port].tty : NULL;
}
