/* tls.h: the three thread-local segments of a task (set_thread_area(2)). */
#pragma once

#include "arch/x86/context.h"

/* Read a struct user_desc at this user address and set the entry of ctx that it names. 0,
 * -EFAULT, or -EINVAL. The live GDT is not touched: see tls_load(). */
int tls_set_user(struct context *ctx, uint32_t desc_user);
