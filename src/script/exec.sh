# The program $1 may be run; else hw_errno says why not.
# shellcheck shell=sh
hw_may_run() {
  [ -f "$1" ] && [ -x "$1" ] && return
  [ ! -e "$1" ] || hw_errno=13
  return 1
}

# Looks for the program $1 in PATH, as the kernel's callers do; a path is taken as it is.
hw_find_program() {
  case $1 in */*)
    hw_may_run "$1"
    return
    ;;
  esac
  hw_rest=${PATH-/bin:/usr/bin}:
  while [ -n "$hw_rest" ]; do
    hw_directory=${hw_rest%%:*}
    hw_rest=${hw_rest#*:}
    hw_may_run "${hw_directory:-.}/$1" && return
  done
  return 1
}

# Says in Python's words, as Ansible does, that something cannot be done with the path $2, and ends.
hw_errno() {
  case $hw_errno in
  2) hw_words='No such file or directory' ;;
  20) hw_words='Not a directory' ;;
  *) hw_words='Permission denied' ;;
  esac
  printf '%s\n' "$1[Errno $hw_errno] $hw_words: b'$2'" >&2
  exit "$hw_errno"
}

# Becomes the program $1 with its arguments: never a word of the shell or a function of this name.
hw_exec() {
  hw_errno=2
  hw_find_program "$1" || hw_errno '' "$1"
  exec "$@"
}

# Goes to the directory $1.
hw_chdir() {
  cd -- "$1" 2>/dev/null && return
  hw_errno=2
  [ ! -e "$1" ] || hw_errno=20
  [ ! -d "$1" ] || hw_errno=13
  hw_errno 'Unable to change directory before execution: ' "$1"
}
