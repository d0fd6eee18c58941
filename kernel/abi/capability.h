/* abi/capability.h: capget(184) and capset(185) (include/uapi/linux/capability.h). */
#pragma once

#include <stdint.h>

#define CAPABILITY_VERSION_1 0x19980330u
#define CAPABILITY_VERSION_2 0x20071026u
#define CAPABILITY_VERSION_3 0x20080522u
#define CAP_LAST_CAP 40

struct cap_header {
	uint32_t version;
	int32_t pid;
};

struct cap_data {
	uint32_t effective, permitted, inheritable;
};
