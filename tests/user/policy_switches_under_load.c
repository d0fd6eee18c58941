/*
 * Another replacement policy at any time, while private pages go to swap and come back: none is lost.
 *
 * quire-only
 * mem: 32M
 * swap: 64M
 * timeout: 180
 */
#include "policy.h"

#define PAGES (40u * 256) /* 40 MiB. */

int main(void)
{
	switch_while_used(map_anon(PAGES * PAGE), PAGES);
	return 0;
}
