/*
 * A process whose working directory is moved is in the same directory: names below it, "..", and
 * getcwd follow the move.
 *
 * disk-too: 16M -b 2048 -I 128
 */
#include "files.h"

int main(void)
{
	char cwd[256], wanted[256];

	folder_enter();
	CHECK(mkdir("a", 0755) == 0 && mkdir("a/b", 0755) == 0 && mkdir("c", 0755) == 0);
	file_make("a/b/file", "1");
	file_make("c/beside", "2");
	CHECK(chdir("a/b") == 0);
	CHECK(rename("../../a/b", "../../c/a_name_that_is_longer_than_before") == 0);
	CHECK(file_holds("file", "1") && file_holds("../beside", "2"));
	snprintf(wanted, sizeof(wanted), "%s/c/a_name_that_is_longer_than_before", folder_name);
	CHECK(getcwd(cwd, sizeof(cwd)) && strcmp(cwd, wanted) == 0);
	return 0;
}
