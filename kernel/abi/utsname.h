/* abi/utsname.h: struct new_utsname of uname(122) (include/uapi/linux/utsname.h). */
#pragma once

#define UTS_LEN 65 /* With the NUL. */

struct utsname {
	char sysname[UTS_LEN];
	char nodename[UTS_LEN];
	char release[UTS_LEN];
	char version[UTS_LEN];
	char machine[UTS_LEN];
	char domainname[UTS_LEN];
};
