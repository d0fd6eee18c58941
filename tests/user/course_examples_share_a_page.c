/*
 * The handout's two programs with a shared page print, from a shell, what the handout says.
 * rows: B4 B19 B21 B23 B24
 * quire-only
 * lab: shared
 * append: lab=iitj
 */
#include "course.h"

int main(void)
{
	check_output("/course/shared1", "child 42\nparent 53\n");
	check_output("/course/shared2", "child 42\nparent 53\nchild again 43\nparent again 54\n");
}
