/* mem.h: the devices of major 1: null, zero, full, random, urandom, kmsg. */
#pragma once

/* Register them. Once, at boot. */
void mem_init(void);
