/*
 * IPC_INFO, SHM_INFO, SHM_STAT and /proc/sysvipc/shm show every segment there is.
 */
#include "shm.h"

static bool listed(int id)
{
	char line[300];
	FILE *f = fopen("/proc/sysvipc/shm", "r");
	bool found = false;
	int key, other;

	CHECK(f && fgets(line, sizeof(line), f) && strstr(line, "shmid perms"));
	while (fgets(line, sizeof(line), f))
		found |= sscanf(line, "%d %d", &key, &other) == 2 && other == id;
	fclose(f);
	return found;
}

static bool reached(int id)
{
	struct shm_info info;
	struct shmid_ds ds;
	int last = shmctl(0, SHM_INFO, (void *)&info);

	CHECK(last >= 0 && info.used_ids > 0 && info.shm_tot >= 3);
	for (int i = 0; i <= last; i++)
		if (shmctl(i, SHM_STAT, &ds) == id && ds.shm_segsz == 3 * PAGE)
			return true;
	return false;
}

int main(void)
{
	struct shminfo limits;
	int id = shm_make(3 * PAGE, 0600);

	CHECK(shmctl(0, IPC_INFO, (void *)&limits) >= 0 && limits.shmmin == 1);
	CHECK(limits.shmmni == 4096);
	CHECK(listed(id) && reached(id));
	CHECK(shmctl(id, SHM_LOCK, NULL) == 0 && (shm_stat(id).shm_perm.mode & 02000));
	CHECK(shmctl(id, SHM_UNLOCK, NULL) == 0 && !(shm_stat(id).shm_perm.mode & 02000));
	CHECK(shmctl(id, IPC_RMID, NULL) == 0 && !listed(id));
	return 0;
}
