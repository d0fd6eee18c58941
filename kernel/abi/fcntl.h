/*
 * abi/fcntl.h: opening and controlling files as Linux i386 has them (asm-generic/fcntl.h,
 * linux/fcntl.h, linux/fs.h, linux/falloc.h, linux/fadvise.h).
 */
#pragma once

#include <stdint.h>

#define O_ACCMODE 00000003u
#define O_RDONLY 00000000u
#define O_WRONLY 00000001u
#define O_RDWR 00000002u
#define O_CREAT 00000100u
#define O_EXCL 00000200u
#define O_NOCTTY 00000400u
#define O_TRUNC 00001000u
#define O_APPEND 00002000u
#define O_NONBLOCK 00004000u
#define O_DSYNC 00010000u
#define FASYNC 00020000u
#define O_DIRECT 00040000u
#define O_LARGEFILE 00100000u
#define O_DIRECTORY 00200000u
#define O_NOFOLLOW 00400000u
#define O_NOATIME 01000000u
#define O_CLOEXEC 02000000u
#define O_SYNC (04000000u | O_DSYNC)
#define O_PATH 010000000u
#define O_TMPFILE (020000000u | O_DIRECTORY)

#define F_DUPFD 0
#define F_GETFD 1
#define F_SETFD 2
#define F_GETFL 3
#define F_SETFL 4
#define F_SETOWN 8
#define F_GETOWN 9
#define F_GETLK64 12
#define F_SETLK64 13
#define F_SETLKW64 14
#define F_DUPFD_CLOEXEC 1030
#define F_SETPIPE_SZ 1031
#define F_GETPIPE_SZ 1032
#define FD_CLOEXEC 1u

#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2

#define LOCK_SH 1u
#define LOCK_EX 2u
#define LOCK_NB 4u
#define LOCK_UN 8u

struct flock64 {
	int16_t l_type, l_whence;
	int64_t l_start, l_len;
	int32_t l_pid;
};

_Static_assert(sizeof(struct flock64) == 24, "struct flock64 is 24 bytes");

#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define SEEK_DATA 3
#define SEEK_HOLE 4

#define AT_FDCWD (-100)
#define AT_SYMLINK_NOFOLLOW 0x100u
#define AT_EACCESS 0x200u   /* faccessat2 */
#define AT_REMOVEDIR 0x200u /* unlinkat */
#define AT_SYMLINK_FOLLOW 0x400u
#define AT_NO_AUTOMOUNT 0x800u
#define AT_EMPTY_PATH 0x1000u
#define AT_STATX_SYNC_TYPE 0x6000u

#define R_OK 4u
#define W_OK 2u
#define X_OK 1u

#define RENAME_NOREPLACE 1u
#define RENAME_EXCHANGE 2u
#define RENAME_WHITEOUT 4u

#define FALLOC_FL_KEEP_SIZE 0x01u
#define FALLOC_FL_PUNCH_HOLE 0x02u
#define FALLOC_FL_COLLAPSE_RANGE 0x08u
#define FALLOC_FL_ZERO_RANGE 0x10u
#define FALLOC_FL_INSERT_RANGE 0x20u
#define FALLOC_FL_UNSHARE_RANGE 0x40u
#define FALLOC_FL_ALL 0x7Bu

#define POSIX_FADV_NORMAL 0u
#define POSIX_FADV_RANDOM 1u
#define POSIX_FADV_SEQUENTIAL 2u
#define POSIX_FADV_WILLNEED 3u
#define POSIX_FADV_DONTNEED 4u
#define POSIX_FADV_MAX 5u /* POSIX_FADV_NOREUSE, the last of them. */

/* mount(2) and umount2(2) */
#define MS_RDONLY 1u
#define MS_NOSUID 2u
#define MS_NODEV 4u
#define MS_NOEXEC 8u
#define MS_SYNCHRONOUS 16u
#define MS_REMOUNT 32u
#define MS_NOATIME 1024u
#define MS_NODIRATIME 2048u
#define MS_BIND 4096u
#define MS_MOVE 8192u
#define MS_REC 16384u
#define MS_SILENT 32768u
#define MS_PRIVATE (1u << 18)
#define MS_SLAVE (1u << 19)
#define MS_SHARED (1u << 20)
#define MS_UNBINDABLE (1u << 17)
#define MS_RELATIME (1u << 21)
#define MS_MGC_VAL 0xC0ED0000u
#define MS_MGC_MSK 0xFFFF0000u
#define MNT_FORCE 1u
#define MNT_DETACH 2u
#define MNT_EXPIRE 4u
#define UMOUNT_NOFOLLOW 8u

/* ioctl(2) numbers every file understands. */
#define FIONBIO 0x5421u
#define FIONCLEX 0x5450u
#define FIOCLEX 0x5451u

/* sync_file_range(2): wait before, write, wait after. */
#define SYNC_FILE_RANGE_ALL 7u

/* splice(2) */
#define SPLICE_F_MOVE 1u
#define SPLICE_F_NONBLOCK 2u
#define SPLICE_F_MORE 4u
#define SPLICE_F_GIFT 8u
