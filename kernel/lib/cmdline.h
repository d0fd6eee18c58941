/*
 * cmdline.h: the kernel command line, "name" and "name=value" words separated by spaces.
 *
 * The last of several words with one name wins, so that a user can append to what a script gave.
 */
#pragma once

#include "kernel/lib/types.h"

#define CMDLINE_MAX 1024

/* Keep a copy of the boot loader's command line. Called once, before anything asks. */
void cmdline_init(const char *text);

/* Put words before all others: what the user said himself still wins. What no longer fits is cut. */
void cmdline_prepend(const char *words);

const char *cmdline_text(void);

/* Copy the value of name into buf (cut to size). False when the word is absent; "" for
 * a bare word. */
bool cmdline_get(const char *name, char *buf, size_t size);

/* True when name stands there at all, with or without a value. */
bool cmdline_has(const char *name);

/* The value as a size with K/M/G; dflt when absent or malformed (malformed is logged). */
uint64_t cmdline_get_size(const char *name, uint64_t dflt);
