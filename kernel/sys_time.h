/*
 * sys_time.h: the calls about clocks, sleeping and timers. Each does what the section 2 page of its name
 * says, for Linux i386; words are as in syscall.h. Forms with 64 at the end take times with 64-bit
 * seconds (the calls named *_time64 and *64, from 403 on).
 */
#pragma once

#include "kernel/lib/types.h"

/* sys_time.c: clocks */
int32_t sys_time(uint32_t time);
int32_t sys_stime(uint32_t time);
int32_t sys_gettimeofday(uint32_t tv, uint32_t tz);
int32_t sys_settimeofday(uint32_t tv, uint32_t tz);
int32_t sys_adjtimex(uint32_t timex);
int32_t sys_clock_adjtime(uint32_t clock, uint32_t timex);
int32_t sys_clock_gettime(uint32_t clock, uint32_t ts);
int32_t sys_clock_gettime64(uint32_t clock, uint32_t ts);
int32_t sys_clock_settime(uint32_t clock, uint32_t ts);
int32_t sys_clock_settime64(uint32_t clock, uint32_t ts);
int32_t sys_clock_getres(uint32_t clock, uint32_t ts);
int32_t sys_clock_getres_time64(uint32_t clock, uint32_t ts);

/* sys_sleep.c */
int32_t sys_nanosleep(uint32_t request, uint32_t left);
int32_t sys_clock_nanosleep(uint32_t clock, uint32_t flags, uint32_t request, uint32_t left);
int32_t sys_clock_nanosleep_time64(uint32_t clock, uint32_t flags, uint32_t request, uint32_t left);
int32_t sys_restart_syscall(void);

/* itimer.c */
int32_t sys_getitimer(uint32_t which, uint32_t value);
int32_t sys_setitimer(uint32_t which, uint32_t new_value, uint32_t old_value);
int32_t sys_alarm(uint32_t seconds);

/* posix_timer.c */
int32_t sys_timer_create(uint32_t clock, uint32_t event, uint32_t id);
int32_t sys_timer_settime(uint32_t id, uint32_t flags, uint32_t new_value, uint32_t old_value);
int32_t sys_timer_settime64(uint32_t id, uint32_t flags, uint32_t new_value, uint32_t old_value);
int32_t sys_timer_gettime(uint32_t id, uint32_t value);
int32_t sys_timer_gettime64(uint32_t id, uint32_t value);
int32_t sys_timer_getoverrun(uint32_t id);
int32_t sys_timer_delete(uint32_t id);
