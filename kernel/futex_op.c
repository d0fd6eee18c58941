/* futex_op.c: the operation that FUTEX_WAKE_OP does on a word: see futex_op.h. */

#include "kernel/futex_op.h"

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/futex.h"

/* 0 and *result, or -ENOSYS. */
static int operate(uint32_t code, uint32_t word, uint32_t *result)
{
	uint32_t op = FUTEX_OP(code), arg = (uint32_t)FUTEX_OP_ARG(code);

	if (code & FUTEX_OP_ARG_SHIFT)
		arg = 1u << (arg & 31);
	/* SET, ADD, OR, ANDN, XOR. */
	const uint32_t results[] = {arg, word + arg, word | arg, word & ~arg, word ^ arg};

	if (op >= ARRAY_SIZE(results))
		return -ENOSYS;
	*result = results[op];
	return 0;
}

int futex_op_compare(uint32_t code, int32_t word)
{
	uint32_t cmp = FUTEX_OP_CMP(code);
	int32_t arg = FUTEX_OP_CMP_ARG(code);
	/* EQ, NE, LT, LE, GT, GE. */
	const bool holds[] = {word == arg, word != arg, word<arg, word <= arg, word> arg,
			      word >= arg};

	return cmp < ARRAY_SIZE(holds) ? holds[cmp] : -ENOSYS;
}

int futex_op_change(uint32_t va, uint32_t code, uint32_t *old)
{
	uint32_t new, seen;
	int err = get_user_u32(old, (const void __user *)va);

	while (!err) {
		err = operate(code, *old, &new);
		if (!err)
			err = cmpxchg_user_u32((void __user *)va, *old, new, &seen);
		if (!err && seen == *old)
			return 0;
		*old = seen;
	}
	return err;
}
