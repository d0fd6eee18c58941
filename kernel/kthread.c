/*
 * kthread.c: threads of the kernel itself: no process, no user memory, preemptible like all kernel
 * code.
 */

#include "kernel/lib/string.h"
#include "kernel/proc_internal.h"
#include "mm/kmalloc.h"
#include "mm/kstack.h"

struct kthread {
	struct thread thread;
	void (*fn)(void *);
	void *arg;
	struct reap reap;
};

KMEM_CACHE(kthread_cache, struct kthread);

static void kthread_free(struct reap *r)
{
	struct kthread *k = container_of(r, struct kthread, reap);

	while (!thread_is_off_cpu(&k->thread))
		thread_yield();
	kstack_free(k->thread.kstack);
	kmem_cache_free(&kthread_cache, k);
}

static void kthread_main(void *arg)
{
	struct kthread *k = arg;

	sched_first_run();
	k->fn(k->arg);
	reap_later(&k->reap, kthread_free);
	thread_exit();
}

struct thread *kthread_create(const char *name, void (*fn)(void *), void *arg)
{
	struct kthread *k = kmem_cache_zalloc(&kthread_cache);
	uint32_t kstack = k ? kstack_alloc() : 0;

	if (!kstack) {
		kmem_cache_free(&kthread_cache, k);
		return NULL;
	}
	k->fn = fn;
	k->arg = arg;
	thread_init(&k->thread, name);
	k->thread.kstack = kstack;
	context_init(&k->thread.context, kstack + KSTACK_SIZE, kthread_main, k);
	thread_wake(&k->thread);
	return &k->thread;
}
