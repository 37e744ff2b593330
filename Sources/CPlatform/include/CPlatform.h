// What Swift's Glibc module lacks. Each may go when Glibc imports it.
#ifndef EPOCHFS_CPLATFORM_H
#define EPOCHFS_CPLATFORM_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <linux/memfd.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// memfd_create(2) and the sealing constants of fcntl(2) are behind _GNU_SOURCE, which Glibc's module map does not set.
static inline int epochfs_memfd_create(const char *_Nonnull name, unsigned flags) { return (int)syscall(SYS_memfd_create, name, flags); }
static inline int epochfs_seal_forever(int fd) { return fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL); }
// prctl(2) is variadic, which Swift cannot call.
static inline void epochfs_name_thread(const char *_Nonnull name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
// Swift takes stdout for a variable that anybody may change. 0 when all that was ever printed has arrived; else errno may say why.
static inline int epochfs_flush_standard_output(void) { int failed = ferror(stdout); return fflush(stdout) != 0 || failed; }
// A tmpfs of the process's own, mounted nowhere (fsopen(2) and its kin have no wrappers in this Glibc), whose files may lie in large pages however the
// machine's own tmpfs is set. -1 without CAP_SYS_ADMIN.
int epochfs_own_tmpfs(void);
// A file without a name in it, all its memory allocated; -1 where there is none.
int epochfs_tmpfs_file(int tmpfs, long byte_count);
// Puts a read-only description of the same file behind the descriptor: nothing of the process can write it any more. 0 when done.
int epochfs_make_read_only(int fd);
enum { EPOCHFS_MFD_CLOEXEC = MFD_CLOEXEC, EPOCHFS_MFD_ALLOW_SEALING = MFD_ALLOW_SEALING };
#endif
