// See CPlatform.h.

#include "CPlatform.h"
#include <linux/mount.h>
#include <stdio.h>

int epochfs_own_tmpfs(void) {
  int context = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
  if (context < 0) return -1;
  // Large pages where they fit into a file, so that no file takes more than its size; no limits of its own: the program charges what it takes.
  if (syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "huge", "within_size", 0) < 0 ||
      syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "size", "0", 0) < 0 ||
      syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "nr_inodes", "0", 0) < 0 ||
      syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0) < 0) {
    close(context);
    return -1;
  }
  int tmpfs = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
  close(context);
  return tmpfs;
}

int epochfs_tmpfs_file(int tmpfs, long byte_count) {
  int fd = openat(tmpfs, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0400);
  if (fd < 0) return -1;
  // Allocated at once, the pages are as large as they can be: four times as fast to write and to read as one by one (docs/PERFORMANCE.md).
  if (fallocate(fd, 0, 0, byte_count) < 0) {
    close(fd);
    return -1;
  }
  return fd;
}

int epochfs_make_read_only(int fd) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  int read_only = open(path, O_RDONLY | O_CLOEXEC);
  if (read_only < 0) return -1;
  int result = dup3(read_only, fd, O_CLOEXEC);
  close(read_only);
  return result < 0 ? -1 : 0;
}
