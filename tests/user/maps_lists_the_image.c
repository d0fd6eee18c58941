/*
 * /proc/self/maps shows code, data, heap and stack in this order, each with its rights and name.
 *
 * rows: C1 C12 D1
 */
#include "brk.h"
#include "maps.h"

static int data = 1;
static char bss[64 * PAGE];

int main(void)
{
	char *heap = brk_move(PAGE), path[64] = "";
	struct area code = maps_at((char *)main), rw = maps_at(&data);
	struct area zero = maps_at(bss + sizeof(bss) / 2), stack = maps_at(&heap);

	CHECK(readlink("/proc/self/exe", path, sizeof(path) - 1) > 0);
	CHECK(strcmp(code.prot, "r-xp") == 0 && strcmp(code.name, path) == 0);
	CHECK(strcmp(rw.prot, "rw-p") == 0 && strcmp(rw.name, path) == 0);
	CHECK(strcmp(zero.prot, "rw-p") == 0);
	CHECK(strcmp(maps_at(heap).prot, "rw-p") == 0 && strcmp(maps_at(heap).name, "[heap]") == 0);
	CHECK(strcmp(stack.prot, "rw-p") == 0 && strcmp(stack.name, "[stack]") == 0);
	CHECK(code.end <= rw.start && rw.start <= zero.start);
	CHECK(zero.end <= maps_at(heap).start && maps_at(heap).end <= stack.start);
	return 0;
}
