/* sys_misc.h: calls about the system as a whole; see sys_proc.h for how to read this. */
#pragma once

#include "kernel/lib/types.h"

/* uts.c */
int32_t sys_uname(uint32_t names);
int32_t sys_sethostname(uint32_t name, uint32_t len);
int32_t sys_setdomainname(uint32_t name, uint32_t len);

/* sys_misc.c */
int32_t sys_sysinfo(uint32_t info);
int32_t sys_syslog(uint32_t type, uint32_t buf, uint32_t len);
int32_t sys_reboot(uint32_t magic1, uint32_t magic2, uint32_t command, uint32_t arg);
int32_t sys_getrandom(uint32_t buf, uint32_t len, uint32_t flags);
int32_t sys_personality(uint32_t persona);
int32_t sys_membarrier(uint32_t command, uint32_t flags, uint32_t cpu);
int32_t sys_socket(void); /* And socketcall: there is no network. */
