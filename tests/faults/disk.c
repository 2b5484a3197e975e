/* A disk that fails, for the tests of power cuts, full disks and errors of fsync. Loaded by LD_PRELOAD.
   DISK_KEEPS: folder where each file under DISK_HOME is kept, under its own name, as it stood when it was last synced.
   DISK_FAULT: a file; while it exists and begins with F, writing under DISK_HOME ends in ENOSPC; with E, fsync in EIO. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *inside(int fd, char *path) {
  char link[64];
  const char *home = getenv("DISK_HOME");
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, 4095);
  if (!home || length < 0) return NULL;
  path[length] = 0;
  return strncmp(path, home, strlen(home)) ? NULL : path + strlen(home);
}

static int faulty(char kind) {
  const char *name = getenv("DISK_FAULT");
  int fd = name ? open(name, O_RDONLY) : -1;
  char found = 0;
  if (fd < 0) return 0;
  if (read(fd, &found, 1) != 1) found = 0;
  close(fd);
  return found == kind;
}

static void keep(const char *path, const char *name) {
  char target[8192], temporary[8300], buffer[65536];
  struct stat about;
  ssize_t count, (*plain)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
  if (!getenv("DISK_KEEPS") || stat(path, &about) || !S_ISREG(about.st_mode)) return;
  snprintf(target, sizeof target, "%s%s", getenv("DISK_KEEPS"), name);
  for (char *at = target + 1; (at = strchr(at, '/')); at++) { *at = 0; mkdir(target, 0700); *at = '/'; }
  snprintf(temporary, sizeof temporary, "%s~", target);
  int from = open(path, O_RDONLY), to = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  while ((count = read(from, buffer, sizeof buffer)) > 0) if (plain(to, buffer, count) != count) abort();
  close(from); close(to);
  rename(temporary, target);
}

static int synced(int fd, const char *which) {
  char path[4096];
  int (*real)(int) = dlsym(RTLD_NEXT, which);
  const char *name = inside(fd, path);
  if (name && faulty('E')) { errno = EIO; return -1; }
  int code = real(fd);
  if (!code && name) keep(path, name);
  return code;
}
int fsync(int fd) { return synced(fd, "fsync"); }
int fdatasync(int fd) { return synced(fd, "fdatasync"); }

int unlink(const char *path) { /* ext4 writes names in order: a file removed before a sync is gone after it */
  char target[8192];
  const char *home = getenv("DISK_HOME");
  if (home && getenv("DISK_KEEPS") && !strncmp(path, home, strlen(home))) {
    snprintf(target, sizeof target, "%s%s", getenv("DISK_KEEPS"), path + strlen(home));
    ((int (*)(const char *))dlsym(RTLD_NEXT, "unlink"))(target);
  }
  return ((int (*)(const char *))dlsym(RTLD_NEXT, "unlink"))(path);
}

#define REFUSE(fd) { char path[4096]; if (inside(fd, path) && faulty('F')) { errno = ENOSPC; return -1; } }
ssize_t write(int fd, const void *data, size_t size) {
  REFUSE(fd) return ((ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write"))(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  REFUSE(fd) return ((ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite"))(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off_t at) {
  REFUSE(fd) return ((ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64"))(fd, data, size, at);
}
