/*
 * In a directory that was removed nothing can be found or made, and it has no name; ".." still
 * leads out.
 *
 * disk-too: 16M -b 4096
 */
#include "files.h"

int main(void)
{
	char cwd[256];

	folder_enter();
	CHECK(mkdir("gone", 0755) == 0 && chdir("gone") == 0 && rmdir("../gone") == 0);
	CHECK(getcwd(cwd, sizeof(cwd)) == NULL && errno == ENOENT);
	CHECK_ERRNO(open("x", O_CREAT | O_RDWR, 0644), ENOENT);
	CHECK_ERRNO(mkdir("x", 0755), ENOENT);
	CHECK_ERRNO(open("x", O_RDONLY), ENOENT);
	CHECK(stat_of(".").st_nlink == 0 && chdir("..") == 0);
	CHECK(getcwd(cwd, sizeof(cwd)) && strcmp(cwd, folder_name) == 0);
	return 0;
}
