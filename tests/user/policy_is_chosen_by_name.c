/*
 * Any policy can be chosen by its name. One that is not there, or has to be told of every reference,
 * cannot, and changes nothing.
 *
 * rows: D20
 * quire-only
 */
#include "policy.h"

int main(void)
{
	for (int i = 0; i < POLICIES; i++)
		CHECK(policy_choose(policies[i]) == 0 && policy_is(policies[i]));
	CHECK_ERRNO(policy_choose("lru"), EINVAL);
	CHECK_ERRNO(policy_choose("opt"), EINVAL);
	CHECK_ERRNO(policy_choose("a-name-that-is-much-too-long-for-a-policy"), EINVAL);
	CHECK(policy_is(policies[POLICIES - 1]));
	return 0;
}
