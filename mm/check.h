/*
 * check.h: the auditor. Recounts every reference from the roots (page directories, caches, slabs,
 * free lists) and compares with what the frames say.
 *
 * Works while everything runs: see check.c for how it tells a difference from a reference in use.
 */
#pragma once

#include "kernel/lib/types.h"

/* The number of differences found, each logged with its values. May sleep. */
uint32_t vm_check(void);

/* Boot: one word per frame to count in. */
void vm_check_init(uint32_t *array);
