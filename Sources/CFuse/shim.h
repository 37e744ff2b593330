// The one place that fixes the API version of libfuse (Debian 12 has 3.14), and what Swift cannot import of it.
#define FUSE_USE_VERSION 314
#include <errno.h>
#include <fcntl.h>
#include <fuse3/fuse_log.h>
#include <fuse3/fuse_lowlevel.h>
#include <linux/memfd.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// FUSE_DEV_IOC_BACKING_OPEN and _CLOSE of linux/fuse.h since 6.9, which Debian 12's headers do not have. Open answers an id above zero.
struct epochfs_backing_map { int32_t fd; uint32_t flags; uint64_t padding; };
static inline int epochfs_backing_open(int device, int fd) {
  struct epochfs_backing_map map = {fd, 0, 0};
  return ioctl(device, _IOW(229, 1, struct epochfs_backing_map), &map);
}
static inline int epochfs_backing_close(int device, uint32_t id) { return ioctl(device, _IOW(229, 2, uint32_t), &id); }

// A sealed memory file of one page, for trying whether the kernel takes one. F_ADD_SEALS and its flags are behind _GNU_SOURCE: their values.
static inline int epochfs_sealed_page(void) {
  int fd = (int)syscall(SYS_memfd_create, "epochfs-probe", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0) return -1;
  if (ftruncate(fd, 4096) == 0 && fcntl(fd, 1024 + 9, 0x0f) == 0) return fd;
  close(fd);
  return -1;
}
