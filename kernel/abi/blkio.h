/* abi/blkio.h: ioctls of block devices as Linux i386 has them (linux/fs.h). */
#pragma once

#define BLKROGET 0x125Eu	 /* int: 1 when read-only. */
#define BLKGETSIZE 0x1260u	 /* unsigned long: size in units of 512 bytes. */
#define BLKFLSBUF 0x1261u	 /* Write back and flush. */
#define BLKSSZGET 0x1268u	 /* int: sector size. */
#define BLKBSZGET 0x80041270u	 /* int: block size of the cache. */
#define BLKGETSIZE64 0x80041272u /* uint64_t: size in bytes. */
