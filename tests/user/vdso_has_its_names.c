/*
 * The vDSO is an ELF object with the names and versions C libraries look up, and a part nobody may write.
 */
#include "vdso.h"

static const char *const calls[] = {
	"__vdso_clock_gettime", "__vdso_clock_gettime64",
	"__vdso_clock_getres",	"__vdso_gettimeofday",
	"__vdso_time",		"__vdso_getcpu",
};

int main(void)
{
	const Elf32_Ehdr *header = vdso_header();
	char line[256], *vdso = NULL, *vvar = NULL;
	FILE *maps = fopen("/proc/self/maps", "r");

	CHECK(header->e_type == ET_DYN && header->e_machine == EM_386);
	CHECK(vdso_find("__kernel_vsyscall", "LINUX_2.5") == (void *)getauxval(AT_SYSINFO));
	vdso_find("__kernel_sigreturn", "LINUX_2.5");
	vdso_find("__kernel_rt_sigreturn", "LINUX_2.5");
	for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		vdso_find(calls[i], "LINUX_2.6");
	while (fgets(line, sizeof(line), maps)) {
		if (strstr(line, "[vdso]"))
			vdso = (char *)strtoul(line, NULL, 16);
		if (strstr(line, "[vvar]"))
			vvar = (char *)strtoul(line, NULL, 16);
	}
	CHECK(vdso == (char *)header && vvar && vvar < vdso);
	CHECK_ERRNO(mprotect(vvar, PAGE, PROT_READ | PROT_WRITE), EACCES);
	return 0;
}
