/* abi/uio.h: limits of readv(2) and writev(2) as Linux has them (linux/uio.h, linux/fs.h). */
#pragma once

#define IOV_MAX 1024u
#define IO_BYTES_MAX 0x7FFFF000u /* A read or write moves at most so many bytes. */
