/* test_lib.c: strings, formatting and bitmaps, each against what the C standard says of it. */

#include "kernel/lib/bitmap.h"
#include "kernel/lib/list.h"
#include "kernel/lib/printf.h"
#include "kernel/lib/string.h"
#include "tests/host/check.h"

static void check_format(const char *want, const char *fmt, ...)
{
	char buf[64];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	CHECK(strcmp(buf, want) == 0);
	CHECK(n == (int)strlen(want));
}

static void test_printf(void)
{
	char small[4];

	check_format("42 -7 4294967295", "%d %i %u", 42, -7, 4294967295u);
	check_format("-2147483648", "%d", -2147483647 - 1);
	check_format("18446744073709551615", "%llu", 18446744073709551615ull);
	check_format("-9223372036854775808", "%lld", -9223372036854775807ll - 1);
	check_format("beef BEEF 0xbeef 0", "%x %X %#x %#x", 0xbeef, 0xbeef, 0xbeef, 0);
	check_format("|   42|42   |00042|  042|", "|%5d|%-5d|%05d|%5.3d|", 42, 42, 42, 42);
	check_format("+5 5 -0005", "%+d% d %05d", 5, 5, -5);
	check_format("777 0777", "%o %#o", 0777, 0777);
	check_format("ab|  ab|ab  |a", "%s|%4s|%-4s|%.1s", "ab", "ab", "ab", "ab");
	check_format("(null) x %", "%s %c %%", (char *)NULL, 'x');
	check_format("  7|7  |07", "%*d|%-*d|%.*d", 3, 7, 3, 7, 2, 7);
	check_format("255 -1", "%hhu %hhd", 0xFFF, 0xFFF);
	check_format("", "%.0d", 0);
	CHECK(snprintf(small, sizeof(small), "abcdef") == 6 && strcmp(small, "abc") == 0);
	CHECK(scnprintf(small, sizeof(small), "abcdef") == 3);
	CHECK(snprintf(NULL, 0, "%d", 12345) == 5);
}

static void test_string(void)
{
	char buf[16] = "0123456789";

	memmove(buf + 2, buf, 6);
	CHECK(memcmp(buf, "0101234589", 10) == 0);
	memmove(buf, buf + 2, 6);
	CHECK(memcmp(buf, "0123454589", 10) == 0);
	CHECK(strlcpy(buf, "abcdef", 4) == 6 && strcmp(buf, "abc") == 0);
	CHECK(strcmp("a", "b") < 0 && strcmp("b", "a") > 0 && strcmp("\xff", "a") > 0);
	CHECK(strncmp("abc", "abd", 2) == 0 && strncmp("abc", "abd", 3) < 0 &&
	      strncmp("", "x", 0) == 0);
	CHECK(strnlen("hello", 3) == 3 && strnlen("hi", 9) == 2);
	CHECK(strcmp(strrchr("a/b/c", '/'), "/c") == 0 && strchr("abc", 'x') == NULL);
	CHECK(strcmp(strstr("needle in hay", "in"), "in hay") == 0 && strstr("abc", "d") == NULL);
}

static void test_parse(void)
{
	uint64_t v = 1;

	CHECK(parse_size("64M", &v) && v == 64ull << 20);
	CHECK(parse_size("0x1000", &v) && v == 4096);
	CHECK(parse_size("18446744073709551615", &v) && v == UINT64_MAX);
	v = 7;
	CHECK(!parse_size("18446744073709551616", &v) && !parse_size("", &v) &&
	      !parse_size("12x", &v));
	CHECK(!parse_size("17179869184G", &v) && !parse_size("0x", &v) && !parse_size("-1", &v) &&
	      v == 7);
}

static void test_bitmap(void)
{
	uint32_t map[BITMAP_WORDS(200)] = {0};
	bool model[200] = {false};

	for (uint32_t step = 0; step < 5000; step++) {
		uint32_t bit = random_below(200), from = random_below(200), set = from,
			 clear = from;

		model[bit] = random_below(2);
		if (model[bit])
			bitmap_set(map, bit);
		else
			bitmap_clear(map, bit);
		CHECK(bitmap_test(map, bit) == model[bit]);
		while (set < 200 && !model[set])
			set++;
		while (clear < 200 && model[clear])
			clear++;
		CHECK(bitmap_find_set(map, 200, from) == set);
		CHECK(bitmap_find_clear(map, 200, from) == clear);
	}
}

struct item {
	struct list link;
	uint32_t value;
};

static void test_list(void)
{
	struct list a = LIST_INIT(a), b = LIST_INIT(b);
	struct item items[10], *it, *tmp;
	uint32_t sum = 0;

	for (uint32_t i = 0; i < 10; i++) {
		items[i].value = i;
		list_add_tail(i % 2 ? &a : &b, &items[i].link);
	}
	list_splice_tail(&a, &b);
	CHECK(list_empty(&b) && list_first(&a, struct item, link)->value == 1);
	CHECK(list_last(&a, struct item, link)->value == 8);
	list_for_each_entry_safe(it, tmp, &a, link) {
		sum += it->value;
		list_remove(&it->link);
		list_remove(&it->link); /* Harmless. */
	}
	CHECK(sum == 45 && list_empty(&a));
}

int main(void)
{
	test_printf();
	test_string();
	test_parse();
	test_bitmap();
	test_list();
	return 0;
}
