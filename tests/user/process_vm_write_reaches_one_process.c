/*
 * process_vm_writev into a page that is still shared by copy-on-write changes it for one process only.
 *
 * rows: A32
 */
#include "check.h"

#include <sys/uio.h>

static char *page;

static void write_to_parent(void *arg)
{
	char word[] = "parent";
	struct iovec from = {word, sizeof(word)}, to = {page, sizeof(word)};

	(void)arg;
	CHECK(process_vm_writev(getppid(), &from, 1, &to, 1, 0) == sizeof(word));
	CHECK(strcmp(page, "both") == 0);
}

int main(void)
{
	page = map_anon(PAGE);
	strcpy(page, "both");
	CHECK(child_run(write_to_parent, NULL) == 0);
	CHECK(strcmp(page, "parent") == 0);
	return 0;
}
