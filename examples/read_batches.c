// Batches of EpochFS from C, without NumPy: read_batches FILE.npy...
//
// A .npy file is a text header, 128 bytes for plain types, and then the numbers: map it, and there they are. Prints the shape of each file and
// the mean of each channel.
//
//   cc -O2 -o read_batches read_batches.c -lm && ./read_batches /tmp/ais/train/epoch-0/batch-*.input.npy

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_AXES = 8 };

// A mapped batch: little-endian float32 in C order.
struct batch {
  void *mapping;
  size_t byte_count;
  const float *values;
  int axes;
  size_t shape[MAX_AXES];
};

// The text of a header is a Python dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (64, 128, 6), }
static int parse_header(struct batch *batch) {
  const unsigned char *bytes = batch->mapping;
  if (batch->byte_count < 10 || memcmp(bytes, "\x93NUMPY\x01\x00", 8) != 0) return -1;
  size_t length = bytes[8] | (size_t)bytes[9] << 8;
  if (10 + length > batch->byte_count) return -1;
  char header[1024];
  if (length >= sizeof header) return -1;
  memcpy(header, bytes + 10, length);
  header[length] = 0;
  const char *shape = strstr(header, "'shape': (");
  if (!strstr(header, "'descr': '<f4'") || !strstr(header, "'fortran_order': False") || !shape) return -1;
  size_t count = 1;
  for (const char *next = shape + strlen("'shape': ("); *next != ')';) {
    char *end;
    unsigned long long axis = strtoull(next, &end, 10);
    if (end == next || batch->axes == MAX_AXES || __builtin_mul_overflow(count, axis, &count)) return -1;
    batch->shape[batch->axes++] = axis;
    next = end + strspn(end, ", ");
  }
  size_t payload;
  if (__builtin_mul_overflow(count, sizeof(float), &payload) || payload != batch->byte_count - 10 - length) return -1;
  batch->values = (const float *)(bytes + 10 + length);
  return 0;
}

static int open_batch(const char *path, struct batch *batch) {
  memset(batch, 0, sizeof *batch);
  // A damaged shard gives EIO here, or at the first read; a signal with a handler gives EINTR.
  int fd;
  do fd = open(path, O_RDONLY); while (fd < 0 && errno == EINTR);
  struct stat status;
  char first;
  if (fd < 0 || fstat(fd, &status) != 0 || pread(fd, &first, 1, 0) != 1) {
    perror(path);
    if (fd >= 0) close(fd);
    return -1;
  }
  batch->byte_count = status.st_size;
  batch->mapping = mmap(NULL, batch->byte_count, PROT_READ, MAP_PRIVATE, fd, 0);
  close(fd);  // the mapping stays
  if (batch->mapping == MAP_FAILED) {
    perror(path);
    return -1;
  }
  if (parse_header(batch) != 0) {
    fprintf(stderr, "%s: no .npy file of float32\n", path);
    munmap(batch->mapping, batch->byte_count);
    return -1;
  }
  return 0;
}

static void print_means(const char *path, const struct batch *batch) {
  size_t channels = batch->axes > 0 ? batch->shape[batch->axes - 1] : 1, rows = 1;
  printf("%s: (", path);
  for (int axis = 0; axis < batch->axes; axis++) printf("%s%zu", axis ? ", " : "", batch->shape[axis]);
  printf("), means");
  for (int axis = 0; axis + 1 < batch->axes; axis++) rows *= batch->shape[axis];
  for (size_t channel = 0; channel < channels; channel++) {
    double sum = 0;
    for (size_t row = 0; row < rows; row++) sum += batch->values[row * channels + channel];
    printf(" %.6f", rows > 0 ? sum / rows : NAN);
  }
  printf("\n");
}

int main(int argc, char **argv) {
  int status = EXIT_SUCCESS;
  if (argc < 2) {
    fprintf(stderr, "usage: %s BATCH.npy ...\n", argv[0]);
    return EXIT_FAILURE;
  }
  for (int number = 1; number < argc; number++) {
    struct batch batch;
    if (open_batch(argv[number], &batch) != 0) {
      status = EXIT_FAILURE;
      continue;
    }
    print_means(argv[number], &batch);
    munmap(batch.mapping, batch.byte_count);
  }
  return status;
}
