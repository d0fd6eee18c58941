/*
 * sys_file.h: the calls on files, paths and descriptors; see sys_proc.h for how to read this. Each
 * does what the manual page of its name says; 64-bit numbers come as two words, the lower first
 * (_llseek: the upper first). The 16-bit forms of chown have 65535 for "leave it".
 */
#pragma once

#include "kernel/lib/types.h"

/* sys_file.c: opening and moving bytes */
int32_t sys_open(uint32_t path, uint32_t flags, uint32_t mode);
int32_t sys_openat(uint32_t dirfd, uint32_t path, uint32_t flags, uint32_t mode);
int32_t sys_creat(uint32_t path, uint32_t mode);
int32_t sys_close(uint32_t fd);
int32_t sys_read(uint32_t fd, uint32_t buf, uint32_t count);
int32_t sys_write(uint32_t fd, uint32_t buf, uint32_t count);
int32_t sys_readv(uint32_t fd, uint32_t iov, uint32_t count);
int32_t sys_writev(uint32_t fd, uint32_t iov, uint32_t count);
int32_t sys_pread64(uint32_t fd, uint32_t buf, uint32_t count, uint32_t pos_low, uint32_t pos_high);
int32_t sys_pwrite64(uint32_t fd, uint32_t buf, uint32_t count, uint32_t pos_low,
		     uint32_t pos_high);
int32_t sys_preadv(uint32_t fd, uint32_t iov, uint32_t count, uint32_t pos_low, uint32_t pos_high);
int32_t sys_pwritev(uint32_t fd, uint32_t iov, uint32_t count, uint32_t pos_low, uint32_t pos_high);
int32_t sys_lseek(uint32_t fd, uint32_t offset, uint32_t whence);
int32_t sys_llseek(uint32_t fd, uint32_t high, uint32_t low, uint32_t result, uint32_t whence);

/* Send the signals that go with some errors of writing. n itself. */
int32_t write_result(ssize_t n);

/* sys_splice.c: from file to file */
int32_t sys_sendfile(uint32_t out_fd, uint32_t in_fd, uint32_t pos, uint32_t count);
int32_t sys_sendfile64(uint32_t out_fd, uint32_t in_fd, uint32_t pos, uint32_t count);
int32_t sys_copy_file_range(uint32_t in_fd, uint32_t in_pos, uint32_t out_fd, uint32_t out_pos,
			    uint32_t count, uint32_t flags);
int32_t sys_splice(uint32_t in_fd, uint32_t in_pos, uint32_t out_fd, uint32_t out_pos,
		   uint32_t count, uint32_t flags);

/* sys_fd.c, fcntl_lock.c: descriptors and open files */
int32_t sys_dup(uint32_t fd);
int32_t sys_dup2(uint32_t fd, uint32_t new_fd);
int32_t sys_dup3(uint32_t fd, uint32_t new_fd, uint32_t flags);
int32_t sys_close_range(uint32_t first, uint32_t last, uint32_t flags);
int32_t sys_pipe(uint32_t fds);
int32_t sys_memfd_create(uint32_t name, uint32_t flags);
int32_t sys_pipe2(uint32_t fds, uint32_t flags);
int32_t sys_fcntl(uint32_t fd, uint32_t cmd, uint32_t arg);
int32_t sys_fcntl64(uint32_t fd, uint32_t cmd, uint32_t arg);
int32_t sys_flock(uint32_t fd, uint32_t operation);
int32_t sys_ioctl(uint32_t fd, uint32_t cmd, uint32_t arg);
int32_t sys_fsync(uint32_t fd);
int32_t sys_fdatasync(uint32_t fd);
int32_t sys_fadvise64(uint32_t fd, uint32_t off_low, uint32_t off_high, uint32_t len,
		      uint32_t advice);
int32_t sys_fadvise64_64(uint32_t fd, uint32_t off_low, uint32_t off_high, uint32_t len_low,
			 uint32_t len_high, uint32_t advice);
int32_t sys_readahead(uint32_t fd, uint32_t off_low, uint32_t off_high, uint32_t count);

/* sys_stat.c: looking at files */
int32_t sys_stat(uint32_t path, uint32_t buf);
int32_t sys_lstat(uint32_t path, uint32_t buf);
int32_t sys_fstat(uint32_t fd, uint32_t buf);
int32_t sys_stat64(uint32_t path, uint32_t buf);
int32_t sys_lstat64(uint32_t path, uint32_t buf);
int32_t sys_fstat64(uint32_t fd, uint32_t buf);
int32_t sys_fstatat64(uint32_t dirfd, uint32_t path, uint32_t buf, uint32_t flags);
int32_t sys_statx(uint32_t dirfd, uint32_t path, uint32_t flags, uint32_t mask, uint32_t buf);
int32_t sys_access(uint32_t path, uint32_t mode);
int32_t sys_faccessat(uint32_t dirfd, uint32_t path, uint32_t mode);
int32_t sys_faccessat2(uint32_t dirfd, uint32_t path, uint32_t mode, uint32_t flags);
int32_t sys_readlink(uint32_t path, uint32_t buf, uint32_t size);
int32_t sys_readlinkat(uint32_t dirfd, uint32_t path, uint32_t buf, uint32_t size);
int32_t sys_statfs(uint32_t path, uint32_t buf);
int32_t sys_fstatfs(uint32_t fd, uint32_t buf);
int32_t sys_statfs64(uint32_t path, uint32_t size, uint32_t buf);
int32_t sys_fstatfs64(uint32_t fd, uint32_t size, uint32_t buf);

/* sys_attr.c: changing files */
int32_t sys_chmod(uint32_t path, uint32_t mode);
int32_t sys_fchmod(uint32_t fd, uint32_t mode);
int32_t sys_fchmodat(uint32_t dirfd, uint32_t path, uint32_t mode);
int32_t sys_chown(uint32_t path, uint32_t uid, uint32_t gid);
int32_t sys_lchown(uint32_t path, uint32_t uid, uint32_t gid);
int32_t sys_fchown(uint32_t fd, uint32_t uid, uint32_t gid);
int32_t sys_fchownat(uint32_t dirfd, uint32_t path, uint32_t uid, uint32_t gid, uint32_t flags);
int32_t sys_chown16(uint32_t path, uint32_t uid, uint32_t gid);
int32_t sys_lchown16(uint32_t path, uint32_t uid, uint32_t gid);
int32_t sys_fchown16(uint32_t fd, uint32_t uid, uint32_t gid);
int32_t sys_utime(uint32_t path, uint32_t times);
int32_t sys_utimes(uint32_t path, uint32_t times);
int32_t sys_futimesat(uint32_t dirfd, uint32_t path, uint32_t times);
int32_t sys_utimensat(uint32_t dirfd, uint32_t path, uint32_t times, uint32_t flags);
int32_t sys_utimensat_time64(uint32_t dirfd, uint32_t path, uint32_t times, uint32_t flags);
int32_t sys_truncate(uint32_t path, uint32_t size);
int32_t sys_truncate64(uint32_t path, uint32_t size_low, uint32_t size_high);
int32_t sys_ftruncate(uint32_t fd, uint32_t size);
int32_t sys_ftruncate64(uint32_t fd, uint32_t size_low, uint32_t size_high);
int32_t sys_fallocate(uint32_t fd, uint32_t mode, uint32_t off_low, uint32_t off_high,
		      uint32_t len_low, uint32_t len_high);

/* No file here has extended attributes: for each call on them, by path, by path without following
 * a link at its end, and by descriptor. What the call wants with them does not matter. */
int32_t sys_xattr(uint32_t path);
int32_t sys_lxattr(uint32_t path);
int32_t sys_fxattr(uint32_t fd);

/* sys_dir.c: names and directories */
int32_t sys_mkdir(uint32_t path, uint32_t mode);
int32_t sys_mkdirat(uint32_t dirfd, uint32_t path, uint32_t mode);
int32_t sys_mknod(uint32_t path, uint32_t mode, uint32_t dev);
int32_t sys_mknodat(uint32_t dirfd, uint32_t path, uint32_t mode, uint32_t dev);
int32_t sys_rmdir(uint32_t path);
int32_t sys_unlink(uint32_t path);
int32_t sys_unlinkat(uint32_t dirfd, uint32_t path, uint32_t flags);
int32_t sys_rename(uint32_t old_path, uint32_t new_path);
int32_t sys_renameat(uint32_t old_dirfd, uint32_t old_path, uint32_t new_dirfd, uint32_t new_path);
int32_t sys_renameat2(uint32_t old_dirfd, uint32_t old_path, uint32_t new_dirfd, uint32_t new_path,
		      uint32_t flags);
int32_t sys_link(uint32_t old_path, uint32_t new_path);
int32_t sys_linkat(uint32_t old_dirfd, uint32_t old_path, uint32_t new_dirfd, uint32_t new_path,
		   uint32_t flags);
int32_t sys_symlink(uint32_t target, uint32_t path);
int32_t sys_symlinkat(uint32_t target, uint32_t dirfd, uint32_t path);
int32_t sys_getdents(uint32_t fd, uint32_t buf, uint32_t size);
int32_t sys_getdents64(uint32_t fd, uint32_t buf, uint32_t size);
int32_t sys_chdir(uint32_t path);
int32_t sys_fchdir(uint32_t fd);
int32_t sys_getcwd(uint32_t buf, uint32_t size);
int32_t sys_chroot(uint32_t path);
int32_t sys_umask(uint32_t mask);

/* sys_mount.c: file systems as a whole */
int32_t sys_mount(uint32_t source, uint32_t target, uint32_t type, uint32_t flags, uint32_t data);
int32_t sys_oldumount(uint32_t target);
int32_t sys_umount(uint32_t target, uint32_t flags);
int32_t sys_sync(void);
int32_t sys_syncfs(uint32_t fd);
int32_t sys_sync_file_range(uint32_t fd, uint32_t off_low, uint32_t off_high, uint32_t len_low,
			    uint32_t len_high, uint32_t flags);

/* sys_poll.c, sys_select.c: waiting for files */
int32_t sys_poll(uint32_t fds, uint32_t count, uint32_t timeout_ms);
int32_t sys_ppoll(uint32_t fds, uint32_t count, uint32_t timeout, uint32_t mask,
		  uint32_t mask_size);
int32_t sys_ppoll_time64(uint32_t fds, uint32_t count, uint32_t timeout, uint32_t mask,
			 uint32_t mask_size);
int32_t sys_old_select(uint32_t args);
int32_t sys_select(uint32_t n, uint32_t in, uint32_t out, uint32_t except, uint32_t timeout);
int32_t sys_pselect6(uint32_t n, uint32_t in, uint32_t out, uint32_t except, uint32_t timeout,
		     uint32_t mask_args);
int32_t sys_pselect6_time64(uint32_t n, uint32_t in, uint32_t out, uint32_t except,
			    uint32_t timeout, uint32_t mask_args);
