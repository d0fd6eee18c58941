/*
 * process_vm_readv and process_vm_writev move bytes between two processes' buffers, up to what cannot be
 * had, and refuse what their manual page says.
 *
 * rows: A7 E32 E33 E36
 */
#include "check.h"

#include <signal.h>
#include <sys/uio.h>

static char *p;

int main(void)
{
	struct iovec local[2], remote[2];
	char a[6] = "", b[5000];
	int go[2];
	pid_t pid;

	p = map_anon(4 * PAGE);
	CHECK(munmap(p + 3 * PAGE, PAGE) == 0 && pipe(go) == 0);
	CHECK((pid = fork()) >= 0);
	if (pid == 0) {
		memset(p, 'c', 3 * PAGE);
		CHECK(mprotect(p + 2 * PAGE, PAGE, PROT_READ) == 0 && write(go[1], "", 1) == 1);
		pause();
	}
	CHECK(read(go[0], a, 1) == 1);
	local[0] = (struct iovec){a, 5};
	local[1] = (struct iovec){b, sizeof(b)};
	remote[0] = (struct iovec){p + 1, 7};
	remote[1] = (struct iovec){p + PAGE - 3, 4000};
	CHECK(process_vm_readv(pid, local, 2, remote, 2, 0) == 4007);
	CHECK(!strcmp(a, "ccccc") && b[0] == 'c' && b[4001] == 'c' && p[0] == 0);
	remote[0] = (struct iovec){p + 2 * PAGE, 2 * PAGE}; /* Its end is not mapped. */
	CHECK(process_vm_readv(pid, local, 2, remote, 1, 0) == PAGE);
	memset(b, 'w', sizeof(b));
	remote[0] = (struct iovec){p + PAGE, 2 * PAGE}; /* Its end is read-only. */
	CHECK(process_vm_writev(pid, local + 1, 1, remote, 1, 0) == PAGE);
	remote[0] = (struct iovec){p + PAGE - 1, 2};
	CHECK(process_vm_readv(pid, local, 1, remote, 1, 0) == 2 && a[0] == 'c' && a[1] == 'w');

	CHECK_ERRNO(process_vm_readv(pid, local, 1, remote, 1, 1), EINVAL);
	CHECK_ERRNO(process_vm_readv(pid, local, 1025, remote, 1, 0), EINVAL);
	CHECK_ERRNO(process_vm_readv(pid, NULL, 1, remote, 1, 0), EFAULT);
	CHECK_ERRNO(process_vm_readv(pid, local, 1, NULL, 1, 0), EFAULT);
	remote[0].iov_base = p + 3 * PAGE;
	CHECK_ERRNO(process_vm_readv(pid, local, 1, remote, 1, 0), EFAULT);
	remote[0].iov_base = (char *)-PAGE;
	CHECK_ERRNO(process_vm_writev(pid, local, 1, remote, 1, 0), EFAULT);
	CHECK(process_vm_readv(pid, local, 0, remote, 1, 0) == 0);
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	CHECK_ERRNO(process_vm_readv(pid, local, 1, remote, 1, 0), ESRCH);
	return 0;
}
