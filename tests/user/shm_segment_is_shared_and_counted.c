/*
 * A System V segment is one memory for all who attach it, counted by attachment over fork and exit, and ends
 * with the last one after IPC_RMID.
 *
 * rows: A12 B17 B19 B20 B21 B22 B23 B24 B25 D31
 */
#include "maps.h"
#include "shm.h"

static char *p;

static void child(void *id)
{
	char *again = shmat(*(int *)id, NULL, 0);

	CHECK(shm_stat(*(int *)id).shm_nattch == 5);
	CHECK(again != (char *)-1 && p[0] == 'p' && again[PAGE] == 'q');
	again[1] = 'c';
	CHECK(shmdt(p) == 0); /* The other one is detached by exit. */
}

int main(void)
{
	int id = shm_make(2 * PAGE - 5, 0600);
	struct shmid_ds ds = shm_stat(id);
	char *q;

	CHECK(ds.shm_segsz == 2 * PAGE - 5 && ds.shm_nattch == 0 && ds.shm_cpid == getpid());
	CHECK(ds.shm_atime == 0 && ds.shm_dtime == 0 && ds.shm_ctime != 0);
	CHECK(ds.shm_perm.mode == 0600 && ds.shm_perm.cuid == geteuid());
	p = shmat(id, NULL, 0);
	q = shmat(id, NULL, SHM_RDONLY);
	CHECK(p != (char *)-1 && q != (char *)-1 && p != q && maps_is(q, "r--s"));
	CHECK(strncmp(maps_at(p).name, "/SYSV00000000", 13) == 0);
	CHECK(pages_hold(p, 2 * PAGE, 0) && shm_stat(id).shm_nattch == 2);
	p[0] = 'p';
	p[PAGE] = 'q';
	CHECK(child_run(child, &id) == 0 && p[1] == 'c' && q[1] == 'c');
	ds = shm_stat(id);
	CHECK(ds.shm_nattch == 2 && ds.shm_lpid != getpid() && ds.shm_dtime >= ds.shm_ctime);
	CHECK(shmctl(id, IPC_RMID, NULL) == 0);
	CHECK((shm_stat(id).shm_perm.mode & 01000) && q[0] == 'p');
	CHECK(shmdt(q) == 0 && maps_count(q, PAGE) == 0 && p[0] == 'p');
	CHECK(shm_stat(id).shm_lpid == getpid() && shm_stat(id).shm_nattch == 1);
	CHECK(munmap(p, PAGE) == 0 && p[PAGE] == 'q' && shm_stat(id).shm_nattch == 1);
	CHECK(shmdt(p) == 0); /* Though its first page is gone. */
	CHECK_ERRNO(shmctl(id, IPC_STAT, &ds), EINVAL);
	CHECK_ERRNO(shmat(id, NULL, 0), EINVAL);
	return 0;
}
