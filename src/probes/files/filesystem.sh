# shellcheck shell=sh
hw_filesystem() {
  hw_p=$1
  while [ ! -e "$hw_p" ] && [ ! -L "$hw_p" ]; do case $hw_p in */*) hw_p=${hw_p%/*} ;; *)
    hw_p=
    break
    ;;
  esac done
  [ -n "$hw_p" ] || hw_p=/
  printf 'parent %s\n' "$hw_p"
  [ -w "$hw_p" ] && echo writable
  hw_l=$(stat -f -c '%T %i %a %S' -- "$hw_p") || return 0
  hw_d=$(stat -L -c %d -- "$hw_p")
  printf 'fs %s %s\n' "$hw_d" "$hw_l"
  hw_i=${hw_l#* }
  hw_i=$hw_d-${hw_i%% *}
  if [ -e "$HW_STATE_DIR/records/overlay-$hw_i" ]; then
    echo proved
    return
  fi
  case $hw_l in ext2/* | xfs*) hw_superblock ;; esac
}
hw_superblock() {
  echo live
  case $hw_l in xfs*) case $(xfs_info "$hw_p") in *ftype=1*)
    echo 'ftype 1'
    return
    ;;
  *ftype=0*)
    echo 'ftype 0'
    return
    ;;
  esac ;; esac
  hw_m=$(((hw_d >> 8) & 4095))
  hw_n=$(((hw_d & 255) | ((hw_d >> 12) & 1048320)))
  printf bytes
  # shellcheck disable=SC2016 # the inner shell expands them
  if [ -r "/dev/block/$hw_m:$hw_n" ]; then
    od -An -v -tx1 -N1280 "/dev/block/$hw_m:$hw_n" | tr -d '\n'
  else unshare -m sh -c 'mount -t tmpfs -o mode=700 none /run && mknod /run/device b "$1" "$2" && od -An -v -tx1 -N1280 /run/device' sh "$hw_m" "$hw_n" | tr -d '\n'; fi
  echo
}
