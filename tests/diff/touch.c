/* touch.c: loads and stores, the faults they take, and what all memory and all files hold. */
#include "tests/diff/diff.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/stat.h>

/* ---- faults ---- */

static sigjmp_buf guard;
static volatile sig_atomic_t guarded;
static volatile struct fault last;

/* A fault that nobody expects happens again without us, and kills. */
static void caught(int signal_number, siginfo_t *info, void *context)
{
	(void)context;
	if (!guarded) {
		signal(signal_number, SIG_DFL);
		return;
	}
	last.signal = signal_number;
	last.code = info->si_code;
	last.va = (uint32_t)info->si_addr;
	siglongjmp(guard, 1);
}

/* SA_NODEFER, so that leaving by a jump leaves nothing blocked and no mask need be saved. */
void faults_catch(void)
{
	struct sigaction sa = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO | SA_NODEFER};

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

bool attempt(void (*fn)(void *), void *arg, struct fault *f)
{
	guarded = 1;
	if (sigsetjmp(guard, 0)) {
		guarded = 0;
		*f = last;
		return false;
	}
	fn(arg);
	guarded = 0;
	return true;
}

static void say_fault(const struct fault *f)
{
	say(" %s code %d at %s\n", f->signal == SIGBUS ? "SIGBUS" : "SIGSEGV", f->code,
	    address_name(f->va));
}

/* ---- touching ---- */

struct touch {
	uint32_t va, from, len, value;
};

static void load_byte(void *arg)
{
	struct touch *t = arg;

	t->value = *(volatile uint8_t *)t->va;
}

static void load_word(void *arg)
{
	struct touch *t = arg;

	t->value = *(volatile uint32_t *)t->va;
}

static void store_byte(void *arg)
{
	struct touch *t = arg;

	*(volatile uint8_t *)t->va = (uint8_t)t->value;
}

static void store_word(void *arg)
{
	struct touch *t = arg;

	*(volatile uint32_t *)t->va = t->value;
}

static void fill_bytes(void *arg)
{
	const struct touch *t = arg;

	for (uint32_t i = 0; i < t->len; i++)
		((volatile uint8_t *)t->va)[i] = (uint8_t)(t->value + i * 31 + (i >> 8));
}

static void copy_bytes(void *arg)
{
	const struct touch *t = arg;

	for (uint32_t i = 0; i < t->len; i++)
		((volatile uint8_t *)t->va)[i] = ((volatile uint8_t *)t->from)[i];
}

/* Where a touch went well there is memory now, down from an area that grows. */
static void model_grown(uint32_t va, uint32_t len)
{
	struct space *s = space_of(va);
	uint32_t first, next;

	if (!s || len == 0)
		return;
	first = next = (va - s->base) / PAGE;
	while (next < s->pages && s->page[next].kind == FREE)
		next++;
	if (next < s->pages && next > first && s->page[next].kind == GROWS)
		model_map(s, first, next - first, s->page[next]);
}

static uint32_t touched_va(uint32_t size)
{
	struct range r = percent(80) ? range_mapped(1) : range_any(1);
	uint32_t off = percent(30) ? 0 : percent(20) ? PAGE - 1 - below(3) : below(PAGE);
	uint32_t end = r.s->base + r.s->pages * PAGE;

	return r.va + off + size > end ? end - size : r.va + off;
}

static void touch(const char *name, void (*fn)(void *), struct touch *t)
{
	struct fault f;

	t->len = bytes_defined(t->va, t->len);
	if (t->len == 0)
		return;

	if (fn == copy_bytes)
		say("%s(%s, %s, %u)", name, address_name(t->va), address_name(t->from), t->len);
	else if (fn == fill_bytes)
		say("%s(%s, %u)", name, address_name(t->va), t->len);
	else
		say("%s(%s)", name, address_name(t->va));
	if (!attempt(fn, t, &f)) {
		say_fault(&f);
		return;
	}
	model_grown(t->va, t->len);
	say(" = %#x\n", t->value);
}

static void act_load(void)
{
	bool word = percent(50);
	struct touch t = {.va = touched_va(4), .len = 1};

	touch(word ? "load_word" : "load_byte", word ? load_word : load_byte, &t);
}

static void act_store(void)
{
	bool word = percent(50);
	struct touch t = {.va = touched_va(4), .len = 4, .value = chance()};

	if (bytes_defined(t.va, 4) < 4)
		return;
	touch(word ? "store_word" : "store_byte", word ? store_word : store_byte, &t);
}

/* Pages that can be written, if some are met soon. */
static struct range range_writable(uint32_t max_pages)
{
	struct range r = range_mapped(max_pages);

	for (uint32_t tries = percent(90) ? 8 : 0; tries > 0; tries--) {
		if (r.s->page[r.first].prot & PROT_WRITE)
			break;
		r = range_mapped(max_pages);
	}
	return r;
}

static void act_fill(void)
{
	struct range r = range_writable(4);
	uint32_t off = percent(50) ? 0 : below(PAGE);
	struct touch t = {.va = r.va + off, .len = r.len - off, .value = chance()};

	touch("fill", fill_bytes, &t);
}

static void act_copy(void)
{
	struct range to = range_writable(2), from = range_mapped(2);
	uint32_t len = to.len < from.len ? to.len : from.len;
	struct touch t = {.va = to.va, .from = from.va, .len = percent(50) ? len : below(len)};

	touch("copy", copy_bytes, &t);
}

/* ---- all memory ---- */

/* Looking at a page below an area that grows would make it grow. */
static bool would_grow(const struct space *s, uint32_t i)
{
	if (s->page[i].kind != FREE)
		return false;
	while (i < s->pages && s->page[i].kind == FREE)
		i++;
	return i < s->pages && s->page[i].kind == GROWS;
}

static uint32_t page_sum(const struct space *s, uint32_t i)
{
	uint32_t n = PAGE, hash;

	if (would_grow(s, i))
		return 1;
	hash = digest(s->base + i * PAGE, &n);
	return n == PAGE ? hash : (uint32_t)last.signal << 4 | (uint32_t)last.code;
}

static void survey_space(const struct space *s)
{
	uint32_t before = 0;

	say("  %s:", address_name(s->base));
	for (uint32_t i = 0; i < s->pages; i++) {
		uint32_t sum = page_sum(s, i);

		if (i == 0 || sum != before)
			say(" %u:%x", i, sum);
		before = sum;
	}
	say("\n");
}

void survey_memory(void)
{
	say("memory\n");
	for (struct space *s = spaces; s < spaces + SPACES; s++)
		if (s->pages)
			survey_space(s);
}

/* ---- all files ---- */

static uint32_t file_sum(int fd, int64_t size)
{
	static uint8_t buffer[4 * PAGE];
	uint32_t hash = 0x811c9dc5u;
	int64_t at = 0;
	ssize_t n;

	while ((n = pread(fd, buffer, sizeof(buffer), at)) > 0 && at < 32 * (int)PAGE) {
		for (ssize_t i = 0; i < n; i++)
			hash = (hash ^ buffer[i]) * 0x01000193u;
		at += n;
	}
	if (size > at && pread(fd, buffer, PAGE, size - PAGE) == (ssize_t)PAGE)
		for (uint32_t i = 0; i < PAGE; i++)
			hash = (hash ^ buffer[i]) * 0x01000193u;
	return hash;
}

static void say_file(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0) {
		say(" fstat %d\n", errno);
		return;
	}
	say(" mode %o", st.st_mode);
	if (S_ISREG(st.st_mode)) {
		say(" links %u size %lld", (unsigned)st.st_nlink, (long long)st.st_size);
		if (blocks_are_known())
			say(" blocks %lld", (long long)st.st_blocks);
		say(" #%08x", file_sum(fd, st.st_size));
	}
	say("\n");
}

void survey_files(void)
{
	for (uint32_t i = 0; i < name_count; i++) {
		int fd = open(names[i], O_RDONLY | O_NONBLOCK | O_NOFOLLOW);

		say("  %s:", names[i]);
		if (fd < 0)
			say(" %d\n", errno);
		else
			say_file(fd);
		close(fd);
	}
	for (int fd = FD_FIRST; fd < FD_LIMIT; fd++) {
		if (fd_kinds[fd] != FD_FILE)
			continue;
		say("  fd %d: at %lld flags %#x", fd, (long long)lseek(fd, 0, SEEK_CUR),
		    fcntl(fd, F_GETFL));
		say_file(fd);
	}
}

const struct operation touch_operations[] = {
	{"load", 40, act_load}, {"store", 60, act_store}, {"fill", 80, act_fill},
	{"copy", 20, act_copy}, {NULL, 0, NULL},
};
