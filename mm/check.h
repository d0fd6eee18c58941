/*
 * check.h: the auditor. Recounts every reference from the roots (page directories, caches, slabs,
 * free lists) and compares with what the frames say.
 *
 * The counts are exact only while nothing changes them, so the caller stops the world: vm_check()
 * waits until it can hold every aspace's lock.
 */
#pragma once

#include "kernel/lib/types.h"

/* The number of differences found, each logged with its values. May sleep. */
uint32_t vm_check(void);
