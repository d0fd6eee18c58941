/* eflags.h: bits of the flags register (Intel SDM vol. 1, 3.4.3). Also read by assembly. */
#pragma once

#define EFLAGS_CF 0x001
#define EFLAGS_FIXED 0x002 /* Always 1. */
#define EFLAGS_TF 0x100
#define EFLAGS_IF 0x200
#define EFLAGS_DF 0x400
#define EFLAGS_NT 0x4000
#define EFLAGS_RF 0x10000
#define EFLAGS_VM 0x20000
#define EFLAGS_AC 0x40000
