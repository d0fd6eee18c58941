#!/bin/sh
#
# tcc: compiles programs of several files, libraries and threads, in memory and on disk; runs them.
# Compiles itself, and with that itself again.
#
# rows: A12 D31

set -e
export LC_ALL=C
cat >list.h <<'END'
struct node { int key; struct node *next; };
struct node *insert(struct node *list, int key);
long sum(const struct node *list);
END
cat >list.c <<'END'
#include <stdlib.h>
#include "list.h"

struct node *insert(struct node *list, int key)
{
	struct node **at = &list, *n = malloc(sizeof(*n));

	while (*at && (*at)->key < key)
		at = &(*at)->next;
	n->key = key;
	n->next = *at;
	*at = n;
	return list;
}

long sum(const struct node *list)
{
	return list ? list->key + sum(list->next) : 0;
}
END
cat >main.c <<'END'
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "list.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long counter;

static void *count(void *by)
{
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&lock);
		counter += (long)by;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[4];
	struct node *list = NULL;
	int status, *shared = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < 500; i++)
		list = insert(list, i * 7919 % 1009);
	printf("%d %s: sum %ld, first %d\n", argc, argv[1], sum(list), list->key);
	for (long i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, count, (void *)(i + 1));
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	printf("counter %ld, sqrt %.6f, 64 bits %lld\n", counter, sqrt(2), 1LL << 40);
	if (fork() == 0)
		_exit(*shared = 42);
	wait(&status);
	printf("child said %d, %d\n", WEXITSTATUS(status), *shared);
	return strlen(argv[1]);
}
END
tcc -Wall -g -o prog main.c list.c -lm -lpthread
./prog one || echo "status $?"
tcc -c main.c && tcc -c list.c && tcc -o linked main.o list.o -lm -lpthread && ./linked three || echo "status $?"
tcc -shared -o liblist.so list.c && tcc -o dynamic main.c -L. -llist -lm -lpthread -Wl,-rpath=/root && ./dynamic seven || echo "status $?"
tcc -lm -lpthread list.c -run main.c memory || echo "status $?"
tcc -ar rcs liblist.a list.o && tcc -o static main.c liblist.a -lm -lpthread && ./static archive || echo "status $?"

# A source of 4000 functions.
awk 'BEGIN { print "#include <stdio.h>"
	for (i = 0; i < 4000; i++) printf "static int f%d(int x) { return x * %d + %d; }\n", i, i % 13 + 1, i
	print "int main(void) { unsigned s = 0;"; for (i = 0; i < 4000; i++) printf "s += f%d(s & 255);\n", i
	print "printf(\"%u\\n\", s); return 0; }" }' >large.c
tcc -o large large.c && ./large
tcc -E -P large.c | tail -n 2 | cut -c 1-40
echo 'int main(void) { return undefined(); }' >bad.c; tcc -o bad bad.c 2>errors || { echo "status $?"; cat errors; }
echo 'int main( { }' | tcc -c - 2>errors || cat errors
printf '#!/usr/bin/tcc -run\n#include <stdio.h>\nint main(int n, char **v) { printf("script %%d %%s\\n", n, v[1]); return 0; }\n' >script
chmod +x script; ./script argument

# What configure would find out on Debian.
set -- -DONE_SOURCE=1 -DTCC_TARGET_I386 '-DTCC_VERSION="0.9.27"' '-DCONFIG_TRIPLET="i386-linux-gnu"' \
	'-DCONFIG_TCCDIR="/usr/lib/i386-linux-gnu/tcc"' -I. /usr/src/tcc/tcc.c -lm -ldl -lpthread
: >config.h
tcc -o tcc2 "$@"
./tcc2 -o tcc3 "$@"
cmp tcc2 tcc3 && echo compiles itself
./tcc3 -o again large.c && ./again
