/* uts.h: what this system calls itself (uname(2)). The release says which Linux ABI programs may
 * expect. */
#pragma once

#include "kernel/abi/utsname.h"
#include "kernel/lib/types.h"

#define UTS_SYSNAME "Linux"
#define UTS_RELEASE "6.1.0-quire"
#define UTS_VERSION "#1 PREEMPT Quire"
#define UTS_MACHINE "i686"

/* A copy of all names as they are now. */
void uts_get(struct utsname *out);

/* Set the host's name: len bytes, less than UTS_LEN. */
void uts_set_nodename(const char *name, uint32_t len);
