/*
 * A robust lock whose owner ended, thread or process, goes to the next who asks, who is told.
 */
#include "threads.h"

static pthread_mutex_t *lock;

static void *die_as_owner(void *arg)
{
	CHECK(pthread_mutex_lock(lock) == 0);
	return arg;
}

static void check_owner_died(void)
{
	CHECK(pthread_mutex_lock(lock) == EOWNERDEAD);
	CHECK(pthread_mutex_consistent(lock) == 0 && pthread_mutex_unlock(lock) == 0);
	CHECK(pthread_mutex_lock(lock) == 0 && pthread_mutex_unlock(lock) == 0);
}

static void *wait_for_death(void *arg)
{
	check_owner_died();
	return arg;
}

int main(void)
{
	pthread_mutexattr_t robust;
	pthread_t thread;
	pid_t pid;

	lock = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(lock != MAP_FAILED && pthread_mutexattr_init(&robust) == 0);
	CHECK(pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST) == 0);
	CHECK(pthread_mutexattr_setpshared(&robust, PTHREAD_PROCESS_SHARED) == 0);
	CHECK(pthread_mutex_init(lock, &robust) == 0);

	CHECK(pthread_create(&thread, NULL, die_as_owner, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
	check_owner_died();

	pid = fork();
	if (pid == 0) {
		die_as_owner(NULL);
		sleep_ms(50); /* Meanwhile the parent's thread goes to sleep on it. */
		_exit(0);
	}
	sleep_ms(20);
	CHECK(pthread_create(&thread, NULL, wait_for_death, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == 0 && waitpid(pid, NULL, 0) == pid);
	return 0;
}
