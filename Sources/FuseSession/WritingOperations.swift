// The operations of libfuse that would change something: each answers EROFS.
//
// The kernel refuses them by itself while the mount is `ro`; these are for a mount that somebody remounted.

internal import CFuse
internal import Glibc

func refuseWriting(_ operations: inout fuse_lowlevel_ops) {
  // Sound: libfuse hands each request to one call, which answers it once.
  unsafe operations.setattr = { request, _, _, _, _ in unsafe fuse_reply_err(request, EROFS) }
  unsafe operations.mknod = { request, _, _, _, _ in unsafe fuse_reply_err(request, EROFS) }
  unsafe operations.mkdir = { request, _, _, _ in unsafe fuse_reply_err(request, EROFS) }
  unsafe operations.unlink = { request, _, _ in unsafe fuse_reply_err(request, EROFS) }
  unsafe operations.rmdir = { request, _, _ in unsafe fuse_reply_err(request, EROFS) }
  unsafe operations.symlink = { request, _, _, _ in unsafe fuse_reply_err(request, EROFS) }
  unsafe operations.rename = { request, _, _, _, _, _ in unsafe fuse_reply_err(request, EROFS) }
  unsafe operations.link = { request, _, _, _ in unsafe fuse_reply_err(request, EROFS) }
  unsafe operations.write = { request, _, _, _, _, _ in unsafe fuse_reply_err(request, EROFS) }
  unsafe operations.create = { request, _, _, _, _ in unsafe fuse_reply_err(request, EROFS) }
  unsafe operations.setxattr = { request, _, _, _, _, _ in unsafe fuse_reply_err(request, EROFS) }
  unsafe operations.removexattr = { request, _, _ in unsafe fuse_reply_err(request, EROFS) }
  unsafe operations.fallocate = { request, _, _, _, _, _ in unsafe fuse_reply_err(request, EROFS) }
}
