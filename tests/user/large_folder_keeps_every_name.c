/*
 * Five thousand names in one folder: each is found and listed once, those that are left after every
 * third was removed are too, and the rest of the folder's room is used again.
 *
 * disk-too: 32M -b 1024 -N 6000
 * timeout: 120
 */
#include "files.h"

#define COUNT 5000

static char *name_of(int i)
{
	static char name[64];

	snprintf(name, sizeof(name), "%d-%.*s", i, i % 40,
		 "a name of some length that is not the same");
	return name;
}

/* Every name of [0, COUNT) that must be there is listed once, and no other. */
static void verify(int without)
{
	static unsigned char seen[COUNT];
	DIR *dir = opendir(".");
	struct dirent *e;

	memset(seen, 0, sizeof(seen));
	while ((e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.')
			seen[atoi(e->d_name)]++;
	closedir(dir);
	for (int i = 0; i < COUNT; i++)
		CHECK(seen[i] == (without == 0 || i % without != 0));
}

int main(void)
{
	folder_enter();
	for (int i = 0; i < COUNT; i++)
		CHECK(mknod(name_of(i), S_IFREG | 0644, 0) == 0);
	verify(0);
	for (int i = 0; i < COUNT; i += 3)
		CHECK(unlink(name_of(i)) == 0);
	verify(3);
	for (int i = 0; i < COUNT; i += 3)
		CHECK(symlink("x", name_of(i)) == 0);
	verify(0);
	CHECK(is_there(name_of(COUNT - 1)) && !is_there(name_of(COUNT)));
	return 0;
}
