/* cmdline.c: the words of the kernel command line. */

#include "kernel/lib/cmdline.h"

#include "kernel/lib/assert.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"

static char cmdline[CMDLINE_MAX];

void cmdline_init(const char *text)
{
	strlcpy(cmdline, text, sizeof(cmdline));
}

void cmdline_prepend(const char *words)
{
	size_t n = strlen(words);

	BUG_ON(n + 2 > sizeof(cmdline));
	memmove(cmdline + n + 1, cmdline, sizeof(cmdline) - n - 2);
	memcpy(cmdline, words, n);
	cmdline[n] = ' ';
}

const char *cmdline_text(void)
{
	return cmdline;
}

/* The value of the last word of this name: behind its '=', or its end. NULL when absent. */
static const char *find(const char *name)
{
	size_t len = strlen(name);
	const char *found = NULL;

	for (const char *p = cmdline; *p;) {
		if (strncmp(p, name, len) == 0 && (p[len] == '=' || p[len] == ' ' || !p[len]))
			found = p + len + (p[len] == '=');
		while (*p && *p != ' ')
			p++;
		while (*p == ' ')
			p++;
	}
	return found;
}

bool cmdline_get(const char *name, char *buf, size_t size)
{
	const char *value = find(name);
	size_t len = 0;

	if (!value)
		return false;
	while (value[len] && value[len] != ' ' && len + 1 < size)
		len++;
	memcpy(buf, value, len);
	buf[len] = '\0';
	return true;
}

bool cmdline_has(const char *name)
{
	return find(name) != NULL;
}

uint64_t cmdline_get_size(const char *name, uint64_t dflt)
{
	char text[32];
	uint64_t value;

	if (!cmdline_get(name, text, sizeof(text)))
		return dflt;
	if (parse_size(text, &value))
		return value;
	log("command line: %s=%s is not a size; ignored\n", name, text);
	return dflt;
}
