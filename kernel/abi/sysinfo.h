/* abi/sysinfo.h: struct sysinfo of sysinfo(116) (include/uapi/linux/sysinfo.h). */
#pragma once

#include <stdint.h>

#define SI_LOAD_SHIFT 16 /* Fixed point of the load averages. */

struct sysinfo {
	int32_t uptime;
	uint32_t loads[3];
	uint32_t totalram, freeram, sharedram, bufferram, totalswap, freeswap;
	uint16_t procs, pad;
	uint32_t totalhigh, freehigh;
	uint32_t mem_unit;
	uint8_t unused[8];
};

_Static_assert(sizeof(struct sysinfo) == 64, "struct sysinfo is 64 bytes");
