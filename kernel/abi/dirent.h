/* abi/dirent.h: directory entries as getdents(2) and getdents64(2) of Linux i386 write them. */
#pragma once

#include <stdint.h>

/* Records of d_reclen bytes, a multiple of 4; name with its NUL; the type is the record's last
 * byte. */
struct linux_dirent {
	uint32_t d_ino, d_off;
	uint16_t d_reclen;
	char d_name[];
};

/* Records of d_reclen bytes, a multiple of 8. */
struct linux_dirent64 {
	uint64_t d_ino;
	int64_t d_off;
	uint16_t d_reclen;
	uint8_t d_type;
	char d_name[];
};
