/*
 * printf.c: formatting. One pass over the format; each conversion is parsed into a struct spec,
 * then a number becomes digits in a small buffer and is put with its padding.
 */

#include "kernel/lib/printf.h"

#include "kernel/lib/string.h"

struct sink {
	char *buf;
	size_t size, len; /* len counts what would have been written. */
};

struct spec {
	bool left, zero, plus, space, alt;
	int width, precision; /* precision < 0: none. */
	int length;	      /* Of the argument: 0 int, 1 long long, -1 short, -2 char. */
};

static void put(struct sink *s, char c)
{
	if (s->len + 1 < s->size)
		s->buf[s->len] = c;
	s->len++;
}

static void pad(struct sink *s, char c, int n)
{
	while (n-- > 0)
		put(s, c);
}

static void put_bytes(struct sink *s, const struct spec *sp, const char *text, int len)
{
	if (!sp->left)
		pad(s, ' ', sp->width - len);
	for (int i = 0; i < len; i++)
		put(s, text[i]);
	if (sp->left)
		pad(s, ' ', sp->width - len);
}

static void put_string(struct sink *s, const struct spec *sp, const char *text)
{
	size_t max = sp->precision < 0 ? SIZE_MAX : (size_t)sp->precision;

	if (!text)
		text = "(null)";
	put_bytes(s, sp, text, (int)strnlen(text, max));
}

/* The digits of v, backwards, in buf; how many. */
static int digits(char *buf, uint64_t v, uint32_t base, bool upper)
{
	const char *set = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	int n = 0;

	/* 64-bit division is a call: leave it as soon as the rest fits a word. */
	for (; v > UINT32_MAX; v /= base)
		buf[n++] = set[v % base];
	for (uint32_t w = (uint32_t)v; w; w /= base)
		buf[n++] = set[w % base];
	return n;
}

static void put_number(struct sink *s, const struct spec *sp, uint64_t v, uint32_t base, bool upper,
		       const char *prefix)
{
	char buf[24];
	int n = digits(buf, v, base, upper), prefix_len = (int)strlen(prefix), zeroes;

	zeroes = MAX((sp->precision < 0 ? 1 : sp->precision) - n, 0);
	if (sp->zero && !sp->left && sp->precision < 0)
		zeroes = MAX(zeroes, sp->width - prefix_len - n);
	if (!sp->left)
		pad(s, ' ', sp->width - prefix_len - zeroes - n);
	while (*prefix)
		put(s, *prefix++);
	pad(s, '0', zeroes);
	for (int i = n; i > 0; i--)
		put(s, buf[i - 1]);
	if (sp->left)
		pad(s, ' ', sp->width - prefix_len - zeroes - n);
}

static const char *parse_spec(struct spec *sp, const char *f, va_list *ap)
{
	*sp = (struct spec){.precision = -1};
	for (;; f++) {
		if (*f == '-')
			sp->left = true;
		else if (*f == '0')
			sp->zero = true;
		else if (*f == '+')
			sp->plus = true;
		else if (*f == ' ')
			sp->space = true;
		else if (*f == '#')
			sp->alt = true;
		else
			break;
	}
	if (*f == '*') {
		sp->width = va_arg(*ap, int);
		sp->left |= sp->width < 0;
		sp->width = sp->width < 0 ? -sp->width : sp->width;
		f++;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		sp->width = sp->width * 10 + (*f - '0');
	if (*f == '.') {
		sp->precision = 0;
		if (*++f == '*') {
			sp->precision = va_arg(*ap, int);
			f++;
		}
		for (; *f >= '0' && *f <= '9'; f++)
			sp->precision = sp->precision * 10 + (*f - '0');
	}
	for (; *f == 'l' || *f == 'h' || *f == 'z' || *f == 'j' || *f == 't'; f++) {
		if (*f == 'h')
			sp->length--;
		else if (*f == 'j' || (*f == 'l' && f[1] == 'l'))
			sp->length = 1; /* long, size_t and ptrdiff_t are as wide as int here. */
	}
	return f;
}

static int64_t signed_arg(const struct spec *sp, va_list *ap)
{
	int v;

	if (sp->length > 0)
		return va_arg(*ap, long long);
	v = va_arg(*ap, int);
	if (sp->length == -1)
		return (short)v;
	return sp->length < -1 ? (signed char)v : v;
}

static uint64_t unsigned_arg(const struct spec *sp, va_list *ap)
{
	unsigned v;

	if (sp->length > 0)
		return va_arg(*ap, unsigned long long);
	v = va_arg(*ap, unsigned);
	if (sp->length == -1)
		return (unsigned short)v;
	return sp->length < -1 ? (unsigned char)v : v;
}

static void put_signed(struct sink *s, const struct spec *sp, int64_t v)
{
	const char *sign = v < 0 ? "-" : sp->plus ? "+" : sp->space ? " " : "";

	put_number(s, sp, v < 0 ? -(uint64_t)v : (uint64_t)v, 10, false, sign);
}

static void put_conversion(struct sink *s, struct spec *sp, char c, va_list *ap)
{
	uint64_t v;

	switch (c) {
	case 'd':
	case 'i':
		put_signed(s, sp, signed_arg(sp, ap));
		break;
	case 'u':
		put_number(s, sp, unsigned_arg(sp, ap), 10, false, "");
		break;
	case 'o':
		v = unsigned_arg(sp, ap);
		put_number(s, sp, v, 8, false, sp->alt && v ? "0" : "");
		break;
	case 'x':
	case 'X':
		v = unsigned_arg(sp, ap);
		put_number(s, sp, v, 16, c == 'X', !sp->alt || !v ? "" : c == 'X' ? "0X" : "0x");
		break;
	case 'p':
		sp->precision = 8;
		put_number(s, sp, (uint32_t)(uintptr_t)va_arg(*ap, void *), 16, false, "0x");
		break;
	case 's':
		put_string(s, sp, va_arg(*ap, const char *));
		break;
	case 'c':
		put_bytes(s, sp, (char[]){(char)va_arg(*ap, int)}, 1);
		break;
	default:
		put(s, c); /* %% and what we do not know. */
	}
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct sink s = {.buf = buf, .size = size, .len = 0};
	struct spec sp;
	va_list ap;

	va_copy(ap, args);
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			put(&s, *fmt);
			continue;
		}
		fmt = parse_spec(&sp, fmt + 1, &ap);
		if (!*fmt)
			break;
		put_conversion(&s, &sp, *fmt, &ap);
	}
	va_end(ap);
	if (size > 0)
		buf[MIN(s.len, size - 1)] = '\0';
	return (int)s.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (size == 0)
		return 0;
	va_start(ap, fmt);
	n = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return MIN(n, (int)size - 1);
}
