/*
 * Who is not root may do what the mode of a file and of every directory on the way allows, and in
 * /tmp removes only what is his own. (Started by somebody else than root it can try nothing.)
 *
 * disk-too: 16M -b 2048 -I 128
 */
#include "files.h"

static void as_user(void *arg)
{
	(void)arg;
	CHECK(setgid(1234) == 0 && setuid(1234) == 0);
	CHECK_ERRNO(open("readable", O_WRONLY), EACCES);
	CHECK(open("readable", O_RDONLY) >= 0);
	CHECK_ERRNO(open("private", O_RDONLY), EACCES);
	CHECK_ERRNO(open("closed/file", O_RDONLY), EACCES);
	CHECK_ERRNO(open("new", O_CREAT | O_RDWR, 0644), EACCES);
	CHECK_ERRNO(unlink("readable"), EACCES);
	CHECK_ERRNO(unlink("sticky/file"), EPERM);
	CHECK_ERRNO(rename("sticky/file", "sticky/x"), EPERM);
	CHECK_ERRNO(chmod("readable", 0777), EPERM);
	CHECK_ERRNO(chown("readable", 1234, -1), EPERM);
	CHECK_ERRNO(access("readable", W_OK), EACCES);
	CHECK_ERRNO(chdir("closed"), EACCES);
	file_make("sticky/mine", "m");
	CHECK(stat_of("sticky/mine").st_uid == 1234 && chmod("sticky/mine", 0) == 0);
	CHECK_ERRNO(open("sticky/mine", O_RDONLY), EACCES);
	CHECK(unlink("sticky/mine") == 0);
}

int main(void)
{
	folder_enter();
	if (geteuid() != 0)
		return 0;
	file_make("readable", "r");
	file_make("private", "p");
	CHECK(chmod(".", 0755) == 0 && chmod("private", 0600) == 0);
	CHECK(mkdir("closed", 0700) == 0 && mkdir("sticky", 0777) == 0);
	CHECK(chmod("sticky", 01777) == 0);
	file_make("closed/file", "c");
	file_make("sticky/file", "s");
	CHECK(child_run(as_user, NULL) == 0);
	return 0;
}
