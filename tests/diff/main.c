/*
 * main.c: run programs, given by their seeds.
 *
 *	diff [--verbose] [--dir DIR] [--fs tmpfs|disk] [--without NAME,…] --seed N [--count N] [--ops K]
 *	diff [...] --jobs FILE
 *
 * Each program runs in a process and a folder of its own below DIR. One line is printed for each: its
 * seed and a digest of its transcript; with --verbose the transcript as well. A line of FILE is
 * one program: SEED OPS [SKIPPED OPERATION]...
 */
#include "tests/diff/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <ftw.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define OPS_MAX 4096
#define HANG_SECONDS 20
#define SURVEY_EVERY 16

/* A page here leaves no 3.5 GiB in one piece, even where a program has 4 GiB. */
#define MIDDLE 0x20000000

bool on_tmpfs = true;
uint32_t cursor, program_end;

static uint32_t seed;
static bool verbose, skipped[OPS_MAX];
static const char *without = "";

static const struct operation *const tables[] = {file_operations,  io_operations,
						 map_operations,   advice_operations,
						 touch_operations, process_operations};

/* ---- one program ---- */

bool is_left_out(const char *name)
{
	size_t n = strlen(name);

	for (const char *at = without; (at = strstr(at, name)) != NULL; at += n)
		if ((at == without || at[-1] == ',') && (at[n] == ',' || at[n] == '\0'))
			return true;
	return false;
}

/* The operation at a place among all weights; with NULL, *at becomes the sum of the weights. */
static const struct operation *operation_at(uint32_t *at, bool count)
{
	uint32_t sum = 0;

	for (uint32_t t = 0; t < COUNT(tables); t++)
		for (const struct operation *o = tables[t]; o->name; o++) {
			sum += o->weight;
			if (!count && *at < sum)
				return o;
		}
	*at = sum;
	return NULL;
}

static const struct operation *operation_called(const char *name)
{
	for (uint32_t t = 0; t < COUNT(tables); t++)
		for (const struct operation *o = tables[t]; o->name; o++)
			if (strcmp(o->name, name) == 0)
				return o;
	return NULL;
}

/* The first operations make what the others need. */
static const struct operation *operation_choose(void)
{
	static const char *const first[] = {"mmap",  "open", "fill", "mmap",  "read", "fill",
					    "pread", "open", "mmap", "pread", "fill", "mmap"};
	uint32_t at;

	if (cursor < COUNT(first))
		return operation_called(first[cursor]);
	operation_at(&at, true);
	at = below(at);
	return operation_at(&at, false);
}

void run_until(uint32_t end)
{
	for (; cursor < end; cursor++) {
		const struct operation *o;

		if (cursor % SURVEY_EVERY == SURVEY_EVERY - 1)
			survey_memory();
		if (skipped[cursor])
			continue;
		chance_seed(seed, cursor);
		o = operation_choose();
		if (is_left_out(o->name))
			continue;
		say("%u ", cursor);
		o->act();
		if (transcript->text[transcript->used - 1] != '\n')
			say("not done\n");
	}
}

static void program_run(uint32_t ops)
{
	memset(fd_kinds, 0, FD_LIMIT);
	faults_catch();
	spaces_init();
	umask(022);
	mkdir("sub", 0755);
	cursor = 0;
	program_end = ops;
	alarm(HANG_SECONDS);
	run_until(ops);
	survey_memory();
	survey_files();
	_exit(0);
}

/* ---- all of them ---- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static void folder_remove(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static uint64_t transcript_hash(void)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (uint32_t i = 0; i < transcript->used; i++)
		hash = (hash ^ (uint8_t)transcript->text[i]) * 0x100000001b3u;
	return hash;
}

static void job_run(const char *dir, uint32_t ops)
{
	char folder[256];
	int status = 0;
	pid_t pid;

	snprintf(folder, sizeof(folder), "%s/diff-%d-%u", dir, getpid(), seed);
	folder_remove(folder);
	if (mkdir(folder, 0755) != 0 || chdir(folder) != 0) {
		perror(folder);
		exit(2);
	}
	transcript->used = 0;
	transcript->vague = transcript->reserved = false;
	printf("%u ", seed);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		program_run(ops);
	waitpid(pid, &status, 0);
	say("end: status %#x\n", status);
	printf("%016llx\n", (unsigned long long)transcript_hash());
	if (verbose)
		fwrite(transcript->text, 1, transcript->used, stdout);
	if (chdir("/") == 0)
		folder_remove(folder);
}

static void jobs_run(const char *dir, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[16384];

	if (!file) {
		perror(path);
		exit(2);
	}
	while (fgets(line, sizeof(line), file)) {
		char *word = strtok(line, " \n");
		uint32_t ops;

		seed = word ? strtoul(word, NULL, 10) : 0;
		word = strtok(NULL, " \n");
		ops = word ? strtoul(word, NULL, 10) : 0;
		memset(skipped, 0, sizeof(skipped));
		while ((word = strtok(NULL, " \n")) != NULL)
			skipped[strtoul(word, NULL, 10) % OPS_MAX] = true;
		job_run(dir, ops < OPS_MAX ? ops : OPS_MAX);
	}
	fclose(file);
}

int main(int argc, char **argv)
{
	const char *dir = "/tmp", *jobs = NULL;
	uint32_t count = 1, ops = 60;

	transcript = mmap(NULL, sizeof(*transcript), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	mmap((void *)MIDDLE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (strcmp(argv[i], "--verbose") == 0) {
			verbose = true;
			continue;
		}
		i++;
		if (strcmp(argv[i - 1], "--dir") == 0)
			dir = value;
		else if (strcmp(argv[i - 1], "--fs") == 0)
			on_tmpfs = strcmp(value, "tmpfs") == 0;
		else if (strcmp(argv[i - 1], "--without") == 0)
			without = value;
		else if (strcmp(argv[i - 1], "--jobs") == 0)
			jobs = value;
		else if (strcmp(argv[i - 1], "--seed") == 0)
			seed = strtoul(value, NULL, 10);
		else if (strcmp(argv[i - 1], "--count") == 0)
			count = strtoul(value, NULL, 10);
		else if (strcmp(argv[i - 1], "--ops") == 0)
			ops = strtoul(value, NULL, 10) % OPS_MAX;
	}
	if (jobs)
		jobs_run(dir, jobs);
	else
		for (; count > 0; count--, seed++)
			job_run(dir, ops);
	return 0;
}
