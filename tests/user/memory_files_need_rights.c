/*
 * Whose memory it is, and root, may open the files of /proc that show it; frame numbers are for root
 * alone.
 */
#include "procfs.h"

static void as_user(void *arg)
{
	static const char *const secret[] = {
		"/proc/1/maps",	    "/proc/1/smaps",	"/proc/1/smaps_rollup",
		"/proc/1/pagemap",  "/proc/1/mem",	"/proc/1/environ",
		"/proc/kpagecount", "/proc/kpageflags", "/proc/slabinfo"};

	(void)arg;
	CHECK(setgid(1000) == 0 && setuid(1000) == 0);
	for (size_t i = 0; i < sizeof(secret) / sizeof(*secret); i++)
		CHECK_ERRNO(open(secret[i], O_RDONLY), EACCES);
	CHECK_ERRNO(open("/proc/1/clear_refs", O_WRONLY), EACCES);
	CHECK(proc_sum("/proc/1/status", "VmRSS") > 0);
	CHECK(strlen(proc_text("/proc/1/statm")) > 0 && strlen(proc_text("/proc/1/stat")) > 0);
}

/* A process that has changed its user is root's until it execs, as it may hold root's secrets. */
static void as_user_afresh(void *arg)
{
	char *p = map_anon(PAGE);

	(void)arg;
	p[0] = 1;
	CHECK(pagemap_at(p) & PM_PRESENT && PM_FRAME(pagemap_at(p)) == 0);
	CHECK(strlen(proc_text("/proc/self/smaps")) > 0);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		as_user_afresh(NULL);
		return 0;
	}
	CHECK(child_run(as_user, NULL) == 0);
	if (fork() == 0) {
		CHECK(setgid(1000) == 0 && setuid(1000) == 0);
		execl("/proc/self/exe", argv[0], "again", NULL);
		_exit(1);
	}
	int status;
	CHECK(wait(&status) > 0 && status == 0);
	return 0;
}
