// Maps a file, closes it, and says what the mapping holds later: mapping_after_close FILE shared|private
//
// Prints "ready" when the file is mapped and closed and the first half of its pages was read. Then waits for the end of its input,
// and writes all bytes of the mapping. Exit status 3: the pages that were read before have changed meanwhile.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

int main(int argc, char **argv) {
  if (argc != 3) return 64;
  int file = open(argv[1], O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) fail(argv[1]);
  size_t count = (size_t)status.st_size, half = count / 2;
  int kind = strcmp(argv[2], "shared") == 0 ? MAP_SHARED : MAP_PRIVATE;
  const char *bytes = mmap(NULL, count, PROT_READ, kind, file, 0);
  if (bytes == MAP_FAILED) fail("mmap");
  if (close(file) != 0) fail("close");

  char *before = malloc(half);
  if (before == NULL) fail("malloc");
  memcpy(before, bytes, half);
  puts("ready");
  fflush(stdout);
  while (getchar() != EOF) {
  }

  if (memcmp(before, bytes, half) != 0) return 3;
  return fwrite(bytes, 1, count, stdout) == count && fflush(stdout) == 0 ? 0 : 1;
}
