/*
 * plugin.c: count the instructions that a machine executes, by address: a plugin of QEMU.
 *
 *	-plugin FILE,out=OUT,start=HEX,stop=HEX
 *
 * The guest says what is to be counted, by instructions that do nothing: "xchg" of a 16-bit register
 * with itself, of which start and stop are the last byte. When the machine ends, OUT gets a line
 * "ADDRESS COUNT", both hexadecimal, for each translated block that was executed between any start
 * and the next stop. A block is counted whole at its first instruction.
 *
 * QEMU installs no header for plugins in Debian: what we use of version 1 of the interface is
 * declared here, as docs/devel/tcg-plugins.rst of QEMU describes it.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { QEMU_PLUGIN_CB_NO_REGS };
enum { QEMU_PLUGIN_INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
					   void (*callback)(uint64_t, struct qemu_plugin_tb *));
void qemu_plugin_register_atexit_cb(uint64_t id, void (*callback)(uint64_t, void *), void *data);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op, void *at,
					      uint64_t value);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*callback)(unsigned int, void *), int flags,
					    void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv);

/* One translation of one block. QEMU throws translations away and makes new ones; it adds to the
 * count of the one it executes, so none is ever freed. */
struct block {
	struct block *next;
	uint64_t address;
	uint64_t executed; /* Instructions since the machine began. */
	uint64_t before;   /* What that was at the last start. */
	uint64_t counted;
};

static struct block *blocks;
static bool counting;
static FILE *out;
static unsigned char start_byte, stop_byte;

static void start(unsigned int cpu, void *data)
{
	(void)cpu, (void)data;
	for (struct block *b = blocks; b; b = b->next)
		b->before = b->executed;
	counting = true;
}

static void stop(unsigned int cpu, void *data)
{
	(void)cpu, (void)data;
	for (struct block *b = blocks; counting && b; b = b->next)
		b->counted += b->executed - b->before;
	counting = false;
}

/* Have the markers in a block noticed. */
static void find_markers(struct qemu_plugin_tb *tb)
{
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		const unsigned char *bytes = qemu_plugin_insn_data(insn);

		if (qemu_plugin_insn_size(insn) != 3 || memcmp(bytes, "\x66\x87", 2) != 0)
			continue;
		if (bytes[2] == start_byte)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, start, QEMU_PLUGIN_CB_NO_REGS,
							       NULL);
		if (bytes[2] == stop_byte)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, stop, QEMU_PLUGIN_CB_NO_REGS,
							       NULL);
	}
}

static void block_translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	struct block *b = calloc(1, sizeof(*b));

	(void)id;
	if (!b)
		abort();
	b->address = qemu_plugin_tb_vaddr(tb);
	b->next = blocks;
	blocks = b;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &b->executed,
						 qemu_plugin_tb_n_insns(tb));
	find_markers(tb);
}

static void machine_ended(uint64_t id, void *data)
{
	(void)id;
	stop(0, data);
	for (struct block *b = blocks; b; b = b->next)
		if (b->counted > 0)
			fprintf(out, "%" PRIx64 " %" PRIx64 "\n", b->address, b->counted);
	fclose(out);
}

EXPORT int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (!value)
			return -1;
		value++;
		if (strncmp(argv[i], "out=", 4) == 0)
			out = fopen(value, "w");
		else if (strncmp(argv[i], "start=", 6) == 0)
			start_byte = (unsigned char)strtoul(value, NULL, 16);
		else if (strncmp(argv[i], "stop=", 5) == 0)
			stop_byte = (unsigned char)strtoul(value, NULL, 16);
	}
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, block_translated);
	qemu_plugin_register_atexit_cb(id, machine_ended, NULL);
	return 0;
}
