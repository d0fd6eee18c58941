/*
 * panic.c: the end. Interrupts go off, the log stops waiting for locks, the message and what arch
 * knows of the moment are printed, and the machine is stopped. A panic inside a panic, say of a
 * message that was to name a freed object, prints the same once more: its backtrace goes on to the
 * first one. A third prints nothing.
 */

#include <stdarg.h>

#include "arch/x86/cpu.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/log.h"

#define MESSAGE_MAX 256

static struct panic_ops panic_ops;
static uint32_t panics;

void panic_set_ops(const struct panic_ops *ops)
{
	if (ops->describe)
		panic_ops.describe = ops->describe;
	if (ops->stop)
		panic_ops.stop = ops->stop;
}

bool panic_started(void)
{
	return atomic_load(&panics) > 0;
}

void panic(const char *fmt, ...)
{
	static char message[MESSAGE_MAX];
	uint32_t depth = atomic_add_return(&panics, 1);
	va_list ap;

	irq_disable();
	log_enter_panic();
	if (depth <= 2) {
		va_start(ap, fmt);
		vsnprintf(message, sizeof(message), fmt, ap);
		va_end(ap);
		log("%s: %s\n", depth == 1 ? "PANIC" : "PANIC inside the panic", message);
	}
	if (depth <= 2 && panic_ops.describe)
		panic_ops.describe();
	if (depth <= 3 && panic_ops.stop)
		panic_ops.stop();
	cpu_halt();
}
