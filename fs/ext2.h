/* ext2.h: the second extended file system, read and write, revisions 0 and 1. */
#pragma once

void ext2_init(void);
