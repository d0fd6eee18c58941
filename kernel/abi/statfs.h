/* abi/statfs.h: file system figures as Linux i386 has them (asm-generic/statfs.h,
 * linux/magic.h). */
#pragma once

#include <stdint.h>

struct statfs64 {
	uint32_t f_type, f_bsize;
	uint64_t f_blocks, f_bfree, f_bavail, f_files, f_ffree;
	int32_t f_fsid[2];
	uint32_t f_namelen, f_frsize, f_flags, f_spare[4];
};

_Static_assert(sizeof(struct statfs64) == 84, "struct statfs64 is 84 bytes");

#define TMPFS_MAGIC 0x01021994u
#define ISOFS_SUPER_MAGIC 0x9660u
#define EXT2_SUPER_MAGIC 0xEF53u
#define PROC_SUPER_MAGIC 0x9FA0u
#define PIPEFS_MAGIC 0x50495045u

#define ST_RDONLY 0x0001u
#define ST_VALID 0x0020u
#define ST_RELATIME 0x1000u
