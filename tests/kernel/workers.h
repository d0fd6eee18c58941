/*
 * workers.h: threads for tests that need company.
 *
 *	workers_start(4, fn);	fn(0) to fn(3), each in a thread of its own until it returns
 *	workers_join(4);	fails the case when they take longer than any sane machine needs
 */
#pragma once

#include "kernel/lib/types.h"

void workers_start(uint32_t count, void (*fn)(uint32_t number));
void workers_join(uint32_t count);

/* How many are done. */
uint32_t workers_done(void);
