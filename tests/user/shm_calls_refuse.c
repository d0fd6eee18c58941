/*
 * shmget, shmat, shmdt and shmctl follow their manual pages: keys, sizes, places, permissions.
 *
 * rows: A13 E39
 */
#include "maps.h"
#include "shm.h"

static int key, id, secret;

static void stranger(void *arg)
{
	struct shmid_ds ds = shm_stat(id);

	(void)arg;
	CHECK(setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
	CHECK_ERRNO(shmat(id, NULL, 0), EACCES);
	CHECK(shmat(id, NULL, SHM_RDONLY) != (void *)-1);
	CHECK_ERRNO(shmget(key, 0, 0200), EACCES);
	CHECK_ERRNO(shmctl(secret, IPC_STAT, &ds), EACCES);
	CHECK_ERRNO(shmctl(id, IPC_SET, &ds), EPERM);
	CHECK_ERRNO(shmctl(id, IPC_RMID, NULL), EPERM);
}

int main(void)
{
	char *hole = map_anon(4 * PAGE), *p;
	struct shmid_ds ds;

	key = 0x51000000 + getpid();
	CHECK_ERRNO(shmget(key, PAGE, 0600), ENOENT);
	CHECK_ERRNO(shmget(key, 0, IPC_CREAT | 0600), EINVAL);
	id = shmget(key, 2 * PAGE, IPC_CREAT | 0644);
	secret = shm_make(PAGE, 0600);
	CHECK(id >= 0 && shmget(key, PAGE, 0400) == id && shmget(key, 0, IPC_CREAT) == id);
	CHECK_ERRNO(shmget(key, PAGE, IPC_CREAT | IPC_EXCL), EEXIST);
	CHECK_ERRNO(shmget(key, 2 * PAGE + 1, 0), EINVAL);

	CHECK(munmap(hole + PAGE, 2 * PAGE) == 0);
	CHECK_ERRNO(shmat(-1, NULL, 0), EINVAL);
	CHECK_ERRNO(shmat(id + 1000, NULL, 0), EINVAL);
	CHECK_ERRNO(shmat(id, hole + PAGE + 1, 0), EINVAL);
	CHECK_ERRNO(shmat(id, hole, 0), EINVAL);
	CHECK_ERRNO(shmat(id, NULL, SHM_REMAP), EINVAL);
	p = shmat(id, hole + PAGE + 7, SHM_RND);
	CHECK(p == hole + PAGE && shmat(id, hole, SHM_REMAP) == hole);
	CHECK_ERRNO(shmdt(hole + 1), EINVAL);
	CHECK_ERRNO(shmdt(hole + 3 * PAGE), EINVAL);
	CHECK(shmdt(hole) == 0 && maps_count(hole + 2 * PAGE, PAGE) == 1);

	CHECK_ERRNO(shmctl(id, 99, NULL), EINVAL);
	CHECK_ERRNO(shmctl(id + 1000, IPC_STAT, &ds), EINVAL);
	if (geteuid() == 0)
		CHECK(child_run(stranger, NULL) == 0);
	ds = shm_stat(id);
	ds.shm_perm.mode = 0600;
	CHECK(shmctl(id, IPC_SET, &ds) == 0 && shm_stat(id).shm_perm.mode == 0600);
	CHECK(shmctl(id, IPC_RMID, NULL) == 0 && shmctl(secret, IPC_RMID, NULL) == 0);
	CHECK_ERRNO(shmget(key, 0, 0), ENOENT);
	return 0;
}
