/* main.h: where C begins. */
#pragma once

#include "kernel/lib/types.h"

/* From boot.S, on the boot map and stack, with interrupts off: what the loader left in eax and
 * ebx. */
void kernel_main(uint32_t magic, uint32_t info_phys) __noreturn;
