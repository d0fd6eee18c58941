/*
 * futex_op.h: FUTEX_WAKE_OP's third value: an operation on a word, and a comparison with what it was
 * (futex(2)).
 */
#pragma once

#include "kernel/lib/types.h"

/* Change the word at this user address in one step. 0 and *old, what it was; -EFAULT, or -ENOSYS: no such
 * operation. May sleep. */
int futex_op_change(uint32_t va, uint32_t code, uint32_t *old);

/* Does the comparison hold of this word? 1, 0, or -ENOSYS: no such comparison. */
int futex_op_compare(uint32_t code, int32_t word);
