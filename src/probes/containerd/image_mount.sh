# `ctr snapshots ls` prints KEY PARENT KIND.
# shellcheck shell=sh
hw_image_mount() {
  hw_k=$1
  hw_p=$2
  hw_t=$3
  shift 3
  hw_m=no
  cut -d' ' -f4-5 /proc/self/mountinfo | sed 's/^[^ ]*\(.*\)$/\1 /' | grep -qxF -- "$hw_t" && hw_m=yes
  hw_l=$("$@" 2>/dev/null) || {
    echo "mount $hw_k down"
    return
  }
  while read -r hw_n hw_r hw_s; do
    [ "$hw_n" = "$hw_p" ] && {
      echo "mount $hw_k up $hw_m ${hw_r:--} $hw_s"
      return
    }
  done <<HW_EOF
$hw_l
HW_EOF
  echo "mount $hw_k up $hw_m -"
}
