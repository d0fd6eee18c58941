/*
 * A mutex and a condition in memory that processes share, each at its own address, work between them.
 *
 * rows: D31
 */
#include "threads.h"

#define CHILDREN 4
#define ROUNDS 1000

struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	int count;
};

static struct shared *map(int fd)
{
	struct shared *s = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	CHECK(s != MAP_FAILED);
	return s;
}

static void child(int fd)
{
	struct shared *s = map(fd);

	for (int i = 0; i < ROUNDS; i++) {
		CHECK(pthread_mutex_lock(&s->mutex) == 0);
		s->count++;
		pthread_cond_signal(&s->changed);
		pthread_mutex_unlock(&s->mutex);
	}
	_exit(0);
}

int main(void)
{
	char name[] = "/tmp/lockXXXXXX";
	int fd = mkstemp(name), status;
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;
	struct shared *s;

	CHECK(fd >= 0 && unlink(name) == 0 && ftruncate(fd, PAGE) == 0);
	s = map(fd);
	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_condattr_init(&cond);
	pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	CHECK(pthread_mutex_init(&s->mutex, &mutex) == 0);
	CHECK(pthread_cond_init(&s->changed, &cond) == 0);
	for (int i = 0; i < CHILDREN; i++)
		if (fork() == 0)
			child(fd);
	pthread_mutex_lock(&s->mutex);
	while (s->count < CHILDREN * ROUNDS)
		pthread_cond_wait(&s->changed, &s->mutex);
	pthread_mutex_unlock(&s->mutex);
	for (int i = 0; i < CHILDREN; i++)
		CHECK(wait(&status) > 0 && status == 0);
	return 0;
}
