// The one place that fixes the API version of libfuse (Debian 12 has 3.14).
#define FUSE_USE_VERSION 314
#include <fuse3/fuse_lowlevel.h>
#include <linux/fuse.h>
