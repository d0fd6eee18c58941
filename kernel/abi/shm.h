/* abi/shm.h: System V shared memory as Linux i386 has it (asm-generic/ipcbuf.h, shmbuf.h; linux/shm.h). */
#pragma once

#include <stdint.h>

/* The first word of ipc(2), of which only these are answered. */
#define IPC_CALL_SHMAT 21
#define IPC_CALL_SHMDT 22
#define IPC_CALL_SHMGET 23
#define IPC_CALL_SHMCTL 24

#define IPC_PRIVATE 0
#define IPC_CREAT 01000u
#define IPC_EXCL 02000u

#define IPC_RMID 0u
#define IPC_SET 1u
#define IPC_STAT 2u
#define IPC_INFO 3u
#define SHM_LOCK 11u
#define SHM_UNLOCK 12u
#define SHM_STAT 13u
#define SHM_INFO 14u
#define SHM_STAT_ANY 15u
#define IPC_64 0x100u /* With a command of ipc(2): the structs below, not older ones. */

#define SHM_NORESERVE 010000u
#define SHM_HUGETLB 04000u

#define SHM_RDONLY 010000u
#define SHM_RND 020000u
#define SHM_REMAP 040000u
#define SHM_EXEC 0100000u

#define SHM_DEST 01000u	  /* In a mode: goes with the last detach. */
#define SHM_LOCKED 02000u /* In a mode. */

struct ipc64_perm {
	int32_t key;
	uint32_t uid, gid, cuid, cgid;
	uint16_t mode, pad1, seq, pad2;
	uint32_t unused[2];
};

struct shmid64_ds {
	struct ipc64_perm perm;
	uint32_t segsz;
	uint64_t atime, dtime, ctime; /* Low word first. */
	int32_t cpid, lpid;
	uint32_t nattch, unused[2];
} __attribute__((packed));

struct shminfo64 {
	uint32_t shmmax, shmmin, shmmni, shmseg, shmall, unused[4];
};

struct shm_info {
	int32_t used_ids;
	uint32_t tot, rss, swp, swap_attempts, swap_successes;
};

_Static_assert(sizeof(struct shmid64_ds) == 84, "as Linux i386");
