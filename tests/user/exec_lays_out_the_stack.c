/*
 * A new program finds its arguments, environment and auxiliary vector as the i386 ABI wants them: the
 * stack pointer on 16 bytes, the vectors in order, the strings above them.
 *
 * rows: C12 C25
 */
#include "check.h"

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

extern char **environ;

static const char *aux_string(unsigned long type)
{
	return (const char *)getauxval(type);
}

static void check_vectors(int argc, char **argv)
{
	uint32_t sp = (uint32_t)(argv - 1);

	CHECK(sp % 16 == 0 && *(int *)sp == argc);
	CHECK(argv[argc] == NULL && environ == argv + argc + 1);
	CHECK(argv[1] + strlen(argv[1]) + 1 == argv[2] && argv[2][0] == '\0');
	CHECK(argv[argc - 1] + strlen(argv[argc - 1]) + 1 == environ[0]);
	CHECK(strcmp(environ[0], "A=1") == 0 && strcmp(environ[1], "B=") == 0 && !environ[2]);
}

static void check_auxv(void)
{
	const Elf32_Phdr *phdr = (const Elf32_Phdr *)getauxval(AT_PHDR);
	const unsigned char *random = (const unsigned char *)getauxval(AT_RANDOM);
	int sum = 0;

	CHECK(getauxval(AT_MINSIGSTKSZ) >= 1024);
	CHECK(getauxval(AT_PAGESZ) == PAGE && getauxval(AT_CLKTCK) == 100);
	CHECK(getauxval(AT_PHENT) == sizeof(*phdr) && getauxval(AT_PHNUM) >= 2);
	CHECK(getauxval(AT_UID) == getuid() && getauxval(AT_EGID) == getegid());
	CHECK(getauxval(AT_SECURE) == 0 && getauxval(AT_FLAGS) == 0);
	CHECK(strcmp(aux_string(AT_EXECFN), "/proc/self/exe") == 0);
	CHECK(strcmp(aux_string(AT_PLATFORM), "i686") == 0);
	for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++)
		CHECK(phdr[i].p_type != PT_INTERP);
	for (int i = 0; i < 16; i++)
		sum += random[i];
	CHECK(sum != 0);
}

int main(int argc, char **argv)
{
	char *args[] = {"zero", "one", "", "three", NULL};
	char *env[] = {"A=1", "B=", NULL};

	if (argc == 1) {
		execve("/proc/self/exe", args, env);
		CHECK(false);
	}
	check_vectors(argc, argv);
	check_auxv();
	return 0;
}
