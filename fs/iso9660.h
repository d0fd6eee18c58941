/* iso9660.h: ISO 9660 with Rock Ridge, read only: what the CD that Quire starts from holds. */
#pragma once

void iso9660_init(void);
