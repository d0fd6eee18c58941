/* abi/dirent.h: directory entries as getdents64(2) of Linux i386 writes them. */
#pragma once

#include <stdint.h>

/* Records of d_reclen bytes, a multiple of 8. */
struct linux_dirent64 {
	uint64_t d_ino;
	int64_t d_off;
	uint16_t d_reclen;
	uint8_t d_type;
	char d_name[];
};
