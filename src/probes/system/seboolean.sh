# Says of a boolean of SELinux its own name, whether it is on, and whether it will be at boot (-: not
# known, not asked); "disabled" without SELinux; "-" if there is no such boolean.
# shellcheck shell=sh
hw_seboolean() {
  hw_k=/sys/fs/selinux/booleans hw_n=$1 hw_b=-
  [ -d "$hw_k" ] || {
    echo disabled
    return
  }
  hw_t=$(sed -n 's/^SELINUXTYPE=[[:blank:]]*\([A-Za-z0-9_.-]*\).*/\1/p' /etc/selinux/config 2>/dev/null)
  while read -r hw_o hw_s _; do [ "$hw_o" = "$1" ] && hw_n=$hw_s; done 2>/dev/null <"/etc/selinux/$hw_t/booleans.subs_dist"
  [ -f "$hw_k/$hw_n" ] || {
    echo -
    return
  }
  read -r hw_r _ <"$hw_k/$hw_n" || : # the kernel ends no line
  if [ "$2" = boot ]; then
    for hw_f in "/var/lib/selinux/$hw_t/active" "/etc/selinux/$hw_t/active" "/etc/selinux/$hw_t/modules/active"; do
      [ "$hw_b" != - ] || hw_b=$(sed -n "s/^[[:blank:]]*${hw_n}[[:blank:]]*=[[:blank:]]*\([01]\).*/\1/p" "$hw_f/booleans.local" 2>/dev/null | tail -n 1)
      hw_b=${hw_b:--}
    done
    if [ "$hw_b" = - ] && command -v semanage >/dev/null; then
      hw_b=$(semanage boolean -l 2>/dev/null | sed -n "s/^${hw_n}[[:blank:]]*([a-z]*[[:blank:]]*,[[:blank:]]*\(on\|off\)[[:blank:]]*).*/\1/p" | sed 's/^on$/1/; s/^off$/0/')
    fi
  fi
  echo "$hw_n $hw_r ${hw_b:--}"
}
