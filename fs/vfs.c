/* vfs.c: the order in which the file layer starts. */
#include "fs/vfs.h"

#include "fs/dcache.h"
#include "fs/devfs.h"
#include "fs/ext2.h"
#include "fs/iso9660.h"
#include "fs/memfd.h"
#include "fs/pipe.h"
#include "fs/procfs.h"
#include "fs/tmpfs.h"

void vfs_init(void)
{
	dcache_init();
	procfs_init();
	tmpfs_init();
	devfs_init();
	iso9660_init();
	ext2_init();
	pipe_init();
	memfd_init();
}
