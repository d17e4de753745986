/* A disk that fails as it is told, under the database of one program, and that can lose its power.
 *
 * Preloaded into a node, it counts every write (truncations included) and every sync of the
 * database, its write-ahead log and its index file, and lets one of them fail. Beside it keeps the
 * *platter*: what of the database and its log would be there after a power loss. A write only marks
 * sectors as dirty; a sync copies them to the platter. A failed sync forgets them, as Linux does:
 * the program still reads what it wrote, and a later sync succeeds without writing it.
 *
 * FAILING_DISK names the control file, FAILING_DISK_FILE the database; the platter's files lie
 * beside the control file. failing_disk.py writes the one and reads the other. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512, MAP = 1 << 20, DATABASE = 0, LOG = 1, INDEX = 2, FILES = 3 };
enum { NOTHING, IO_ERROR, NO_SPACE, POWER_LOSS };
enum { WRITES, SYNCS };

/* The control file; the other side is failing_disk.py. */
struct control {
  int64_t action, on, at, lasting; /* told */
  int64_t count[2], hits, file;    /* shown: operations so far, failed ones, the first one's file */
  int64_t unlinked;                /* the log was removed since it was last synced */
};

static struct control *control;
static char path[FILES][PATH_MAX];
static unsigned char *dirty[2]; /* one byte for each sector of database and log */
static int platter[2];
static int owed; /* a short write was given; the next write gets the reason */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static int (*real_ftruncate)(int, off64_t);
static int (*real_fsync)(int);
static int (*real_unlink)(const char *);

static void give_up(const char *why) {
  perror(why);
  _exit(99);
}

static void *map(const char *name, size_t size) {
  int fd = open(name, O_RDWR | O_CLOEXEC);
  if (fd < 0) give_up(name);
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) give_up(name);
  close(fd);
  return memory;
}

__attribute__((constructor)) static void begin(void) {
  real_pwrite = (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
  real_ftruncate = (int (*)(int, off64_t))dlsym(RTLD_NEXT, "ftruncate64");
  real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  real_unlink = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
  const char *told = getenv("FAILING_DISK"), *database = getenv("FAILING_DISK_FILE");
  if (!told || !database) return;
  static const char *suffix[FILES] = {"", "-wal", "-shm"};
  char name[PATH_MAX];
  for (int file = 0; file < FILES; file++)
    snprintf(path[file], PATH_MAX, "%s%s", database, suffix[file]);
  for (int file = 0; file < 2; file++) {
    snprintf(name, PATH_MAX, "%s.platter%d", told, file);
    platter[file] = open(name, O_RDWR | O_CLOEXEC);
    if (platter[file] < 0) give_up(name);
    snprintf(name, PATH_MAX, "%s.dirty%d", told, file);
    dirty[file] = map(name, MAP);
  }
  control = map(told, sizeof *control);
}

/* Which of the three files that is; -1 for any other. */
static int file_of(int fd) {
  char link[32], name[PATH_MAX];
  if (!control) return -1;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, name, sizeof name - 1);
  if (length <= 0) return -1;
  name[length] = 0;
  for (int file = 0; file < FILES; file++)
    if (strcmp(name, path[file]) == 0) return file;
  return -1;
}

/* Counts an operation; what is to happen to it. */
static int verdict(int kind, int file) {
  int64_t number = ++control->count[kind];
  int is_it = control->on == kind && number == control->at;
  int goes_on = control->lasting && control->hits > 0;
  if (control->action == NO_SPACE && kind == SYNCS) return NOTHING;
  if (control->action == NOTHING || !(is_it || goes_on)) return NOTHING;
  if (control->hits++ == 0) control->file = file;
  if (control->action == POWER_LOSS && kind == SYNCS) kill(getpid(), SIGKILL);
  return (int)control->action;
}

static ssize_t put(int fd, int file, const void *data, size_t size, off64_t offset) {
  ssize_t done = real_pwrite(fd, data, size, offset);
  if (done > 0 && file < 2) {
    size_t first = offset / SECTOR, last = (offset + done - 1) / SECTOR;
    if (last >= MAP) give_up("the database is larger than the dirty map");
    memset(dirty[file] + first, 1, last - first + 1);
  }
  return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
  int file = file_of(fd);
  if (file < 0) return real_pwrite(fd, data, size, offset);
  pthread_mutex_lock(&turn);
  int found = owed ? owed : verdict(WRITES, file);
  ssize_t done = -1;
  int reason = 0;
  if (found == NOTHING) {
    done = put(fd, file, data, size, offset);
    reason = errno;
  } else if (owed) {
    owed = 0;
    reason = ENOSPC;
  } else {
    /* Half of it gets there, whatever is said about it. */
    done = put(fd, file, data, size / 2, offset);
    if (found == POWER_LOSS) kill(getpid(), SIGKILL);
    if (found == NO_SPACE && done > 0) owed = NO_SPACE;
    if (found == IO_ERROR) done = -1;
    reason = found == IO_ERROR ? EIO : ENOSPC;
  }
  pthread_mutex_unlock(&turn);
  errno = reason;
  return done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
  return pwrite64(fd, data, size, offset);
}

int ftruncate64(int fd, off64_t size) {
  int file = file_of(fd);
  if (file < 0) return real_ftruncate(fd, size);
  pthread_mutex_lock(&turn);
  int found = verdict(WRITES, file), result = -1;
  if (found == POWER_LOSS) kill(getpid(), SIGKILL);
  if (found != IO_ERROR) result = real_ftruncate(fd, size);
  pthread_mutex_unlock(&turn);
  if (found == IO_ERROR) errno = EIO;
  return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

/* What was written becomes durable. */
static void settle(int fd, int file) {
  char sector[SECTOR];
  struct stat info;
  if (fstat(fd, &info) != 0) give_up("fstat");
  if (file == LOG && control->unlinked) {
    if (real_ftruncate(platter[file], 0) != 0) give_up("platter");
    control->unlinked = 0;
  }
  for (off64_t at = 0; at < info.st_size; at += SECTOR) {
    if (!dirty[file][at / SECTOR]) continue;
    ssize_t length = pread64(fd, sector, SECTOR, at);
    if (length > 0 && real_pwrite(platter[file], sector, length, at) != length)
      give_up("platter");
  }
  if (real_ftruncate(platter[file], info.st_size) != 0) give_up("platter");
}

int fsync(int fd) {
  int file = file_of(fd);
  if (file < 0) return real_fsync(fd);
  pthread_mutex_lock(&turn);
  int found = verdict(SYNCS, file);
  if (file < 2) {
    if (found == NOTHING) settle(fd, file);
    memset(dirty[file], 0, MAP);
  }
  pthread_mutex_unlock(&turn);
  if (found != NOTHING) errno = EIO;
  return found == NOTHING ? 0 : -1;
}

int fdatasync(int fd) { return fsync(fd); }

int unlink(const char *name) {
  if (control && strcmp(name, path[LOG]) == 0) {
    pthread_mutex_lock(&turn);
    memset(dirty[LOG], 0, MAP);
    control->unlinked = 1;
    int result = real_unlink(name);
    pthread_mutex_unlock(&turn);
    return result;
  }
  return real_unlink(name);
}
