/*
 * kthread.c: threads of the kernel itself: no user memory, preemptible like all kernel code. Those that
 * last are kernel processes: they have a number, and ps shows them.
 */

#include "arch/x86/clock.h"
#include "kernel/lib/string.h"
#include "kernel/proc_internal.h"
#include "mm/kmalloc.h"
#include "mm/kstack.h"

struct kthread {
	struct thread thread;
	void (*fn)(void *);
	void *arg;
	bool lasts; /* It is a kernel process: fn never returns. */
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
	BUG_ON(k->lasts);
	reap_later(&k->reap, kthread_free);
	thread_exit();
}

static struct kthread *kthread_alloc(const char *name, void (*fn)(void *), void *arg)
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
	return k;
}

static struct thread *start(struct kthread *k)
{
	if (!k)
		return NULL;
	thread_wake(&k->thread);
	return &k->thread;
}

struct thread *kthread_create(const char *name, void (*fn)(void *), void *arg)
{
	return start(kthread_alloc(name, fn, arg));
}

/* Its group and session are 0: nobody's. */
static void enter_tree(struct proc *p)
{
	spin_lock(&proc_lock);
	p->pid = pid_alloc_locked();
	proc_link_locked(p);
	spin_unlock(&proc_lock);
}

struct thread *kproc_create(const char *name, void (*fn)(void *), void *arg)
{
	struct proc *p = proc_alloc();
	struct kthread *k = p ? kthread_alloc(name, fn, arg) : NULL;

	if (!k) {
		proc_put(p);
		return NULL;
	}
	k->lasts = true;
	p->kernel_thread = &k->thread;
	p->start_ns = clock_now();
	strlcpy(p->comm, name, sizeof(p->comm));
	enter_tree(p);
	return start(k);
}
