# What each function does is said in write.ts.
# shellcheck shell=sh disable=SC2015,SC2034,SC2086,SC3013 # options as words; dash, bash and busybox know -ef
hw_noted=
hw_fail() {
  printf '%s\n' "$*" >&2
  return 1
}
hw_dir() {
  # nothing is written where a path could not be found out
  [ -n "$1" ] || return 1
  hw_name=${1##*/}
  hw_name=${hw_name:-.}
  hw_reach "${1%/*}/" && exec 8<.
}
hw_is_root() { [ -O / ] || [ -O /proc/1 ]; }
hw_reach() {
  case $1 in /proc/self/*) false ;; *) hw_is_root ;; esac || {
    cd -P -- "$1" || return 1
    return 0
  }
  case $1 in /*) cd / ;; esac
  hw_dw=$1
  hw_dk=40
  while [ -n "$hw_dw" ]; do
    hw_dc=${hw_dw%%/*}
    hw_dw=${hw_dw#"$hw_dc"}
    hw_dw=${hw_dw#/}
    case $hw_dc in
    '' | .) ;;
    ..) cd -P .. || return 1 ;;
    *) if [ -L "./$hw_dc" ]; then hw_through "$1"; else hw_into "$1"; fi || return 1 ;;
    esac
  done
}
hw_into() {
  # where root may not even read, as on NFS, it does no harm
  if { command exec 8<.; } 2>/dev/null; then
    hw_cd && { [ .. -ef /proc/self/fd/8 ] || hw_swapped "$1"; }
  else hw_cd; fi
}
hw_cd() {
  cd -P -- "./$hw_dc" 2>/dev/null && return 0
  if [ -e "./$hw_dc" ]; then hw_fail "the directory ${PWD%/}/$hw_dc cannot be entered"; else hw_fail "${PWD%/}/$hw_dc: No such file or directory"; fi
}
hw_swapped() { hw_fail "somebody exchanges directories on the way to $1 while it is written to; nothing was written there"; }
hw_through() {
  hw_whose "$1" || return 1
  if [ -z "$hw_lu" ]; then
    case $hw_lt in /*) cd / ;; esac
    hw_dw=$hw_lt/$hw_dw
    return
  fi
  hw_lt=${PWD%/}/$hw_dc
  hw_cd || return 1
  [ "$(stat -c %u .)" = "$hw_lu" ] || hw_others "$hw_lt" .
}
hw_whose() {
  hw_dk=$((hw_dk - 1))
  hw_dl=$(stat -c '%u:%a %i %.9Z' -- . "./$hw_dc" 2>/dev/null) && [ $hw_dk -gt 0 ] && hw_lt=$(readlink -- "./$hw_dc") || {
    hw_fail "$1 cannot be reached, or leads through too many links"
    return 1
  }
  hw_lu=${hw_dl%% *}
  hw_dl=${hw_dl#*"
"}
  [ "$(stat -c '%u:%a %i %.9Z' -- "./$hw_dc" 2>/dev/null)" = "$hw_dl" ] || hw_swapped "$1" || return 1
  # a link of root's, or in a directory in which only root can make one, leads where root wants
  case $hw_dl in 0:*) hw_lu=0: ;; esac
  case $hw_lu in *[2367] | *[2367]?) hw_lu=${hw_dl%%:*} ;; 0:*) hw_lu= ;; *) hw_lu=${hw_dl%%:*} ;; esac
}
hw_others() {
  hw_fail "$1 is a link of $(stat -c %U -- "$1") to what belongs to $(stat -c %U -- "$2"), which is not followed: by then it may lead anywhere; hint: name what it leads to, or give the link to root if it is right: chown -h root $1"
}
hw_follow() (
  hw_is_root || {
    hw_real "$1"
    exit
  }
  hw_to=$1
  hw_by=
  hw_fk=40
  while hw_dir "$hw_to"; do
    if [ ! -L "./$hw_name" ]; then
      if [ -n "$hw_by" ]; then
        hw_dc=./$hw_name
        [ -e "$hw_dc" ] || hw_dc=.
        [ "$(stat -c %u -- "$hw_dc")" = "$hw_by" ] || hw_others "$hw_at" "$hw_dc" || exit 1
      fi
      printf '%s\n' "${PWD%/}/$hw_name"
      exit
    fi
    hw_dc=$hw_name
    hw_fk=$((hw_fk - 1))
    hw_dk=$hw_fk
    hw_whose "$1" || exit 1
    if [ -n "$hw_lu" ]; then
      hw_at=${PWD%/}/$hw_name
      [ "${hw_by:-$hw_lu}" = "$hw_lu" ] || hw_others "$hw_at" "$hw_at" || exit 1
      hw_by=$hw_lu
    fi
    case $hw_lt in /*) hw_to=$hw_lt ;; *) hw_to=${PWD%/}/$hw_lt ;; esac
  done
  exit 1
)
hw_back() {
  cd /
  exec 8<&-
}
hw_enter() {
  hw_dir "$1" || return 1
  hw_private_dir=
  case "$hw_noted" in *"|$PWD|"*) ;; *) printf '%s\n' "$PWD" >>"$HW_RUN_DIR/private-dirs" && hw_noted="$hw_noted|$PWD|" || {
    hw_back
    return 1
  } ;; esac
  hw_private_dir=$(mktemp -d "./.hw.${HW_RUN_DIR##*/}.XXXXXX") || {
    hw_fail "nothing can be made in $PWD"
    hw_back
    return 1
  }
  cd -P -- "$hw_private_dir" && [ .. -ef /proc/self/fd/8 ] && [ -O . ] && case $(stat -c %a .) in *700) ;; *) false ;; esac && return 0
  hw_back
  hw_fail "somebody exchanges files in ${1%/*} while they are written; nothing was written there"
}
hw_leave() {
  cd -P .. && rmdir -- "$hw_private_dir" 2>/dev/null
  hw_back
}
hw_spoil() {
  rm -rf ./f ./n
  hw_leave
  return 1
}
hw_new() {
  hw_path=$1
  shift
  hw_enter "$hw_path" || return 1
  "$@" && hw_keep "$hw_path" && hw_untouched "$hw_path" && hw_move && {
    hw_leave
    hw_wrote "$hw_path"
    return
  }
  hw_spoil
}
hw_move() {
  if [ -L ./f ] && [ ! -L "../$hw_name" ] && [ ./f -ef "../$hw_name" ]; then
    mkdir ./n && mv -T ./f ./n/f || return 1
    if [ -d "../$hw_name" ]; then
      rmdir -- "../$hw_name" || return 1
    elif [ ./n/f -ef "../$hw_name" ]; then rm -f "../$hw_name"; fi
    mv -fT ./n/f "../$hw_name" && rmdir ./n
    return
  fi
  [ ! -L ./f ] || [ -L "../$hw_name" ] || [ ! -d "../$hw_name" ] || rmdir -- "../$hw_name" || return 1
  mv -fT ./f "../$hw_name"
}
hw_watch() {
  hw_f=$1
  shift
  [ $# = 0 ] && return
  for hw_p; do printf 'asked%s %s//\n' "$hw_f" "$hw_p"; done
  stat $hw_f -c "at$hw_f %n//%i %f %u %g %s %.9Y" -- "$@" 2>/dev/null
}
hw_seen() (
  hw_q=
  while IFS= read -r hw_l; do
    hw_v=${hw_l##*//}
    hw_l=${hw_l%//*}
    case $hw_l in
    "done $1") return 1 ;;
    "asked $1")
      hw_q=plain
      hw_w=
      ;;
    "at $1") hw_w=$hw_v ;;
    *) [ "$hw_q" = plain ] || [ -L "$1" ] || case $hw_l in
    "asked-L "*) [ "${hw_l#asked-L }" -ef "$1" ] && hw_q=followed hw_w= ;;
    "at-L "*) [ "${hw_l#at-L }" -ef "$1" ] && hw_w=$hw_v ;;
    esac ;;
    esac
  done 2>/dev/null <"$HW_RUN_DIR/seen"
  [ -n "$hw_q" ] && printf '%s\n' "$hw_w"
)
hw_stands() { stat -c '%i %f %u %g %s %.9Y' -- "$1" 2>/dev/null; }
hw_still() {
  [ "$hw_stood" != "$(hw_stands "../$hw_name")" ] || {
    hw_was=$hw_stood
    return 0
  }
  hw_fail "$1 was changed by somebody else while the task ran; it was left as they made it"
}
hw_untouched() {
  hw_was=
  hw_s=$(hw_seen "$1") || return 0
  [ "$hw_s" != "$(stat -c '%i %f %u %g %s %.9Y' -- "$1" 2>/dev/null)" ] || {
    hw_was=$hw_s
    return 0
  }
  hw_fail "$1 was changed by somebody else while the task ran; it was left as they made it"
}
hw_wrote() {
  [ ! -s "$HW_RUN_DIR/seen" ] || printf 'done %s//\n' "$1" >>"$HW_RUN_DIR/seen"
  [ -n "$hw_was" ] && hw_s=$(stat -c '%i %f %u %g %s %.9Y' -- "$hw_n" 2>/dev/null) && [ "$hw_s" != "$hw_was" ] && { [ -n "${2-}" ] || [ "${hw_s%% *}" = "${hw_was%% *}" ]; } || return 0
  hw_fail "$1 was changed by somebody else in the moment in which it was replaced; what they wrote is kept as $hw_n"
}
hw_open() {
  [ -z "${hw_bulk-}" ] || [ ! . -ef /proc/self/fd/6 ] || return 1
  case $(stat -c '%u:%a' .) in *[2367] | *[2367]?) return 0 ;; 0:*) ;; *) [ -O . ] || return 0 ;; esac
  [ -z "${hw_bulk-}" ] || exec 6<.
  return 1
}
hw_own() { [ -z "$2$3" ] || chown -h -- "$2${3:+:$3}" "$1"; }
# a socket, a FIFO or a device has no content that could be written
hw_sync() { if [ -L "$1" ]; then :; elif [ -d "$1" ]; then sync -f "$1"; elif [ -f "$1" ]; then sync "$1"; else [ -e "$1" ]; fi; }
hw_kept() {
  hw_n=$(
    sha256sum <<HW_EOF
$1
HW_EOF
  ) && hw_n="$2/kept/${hw_n%% *}"
}
hw_keep() {
  [ -d "$HW_ENTRY_DIR/kept" ] || mkdir -p "$HW_ENTRY_DIR/kept" || return 1
  hw_kept "$1" "$HW_ENTRY_DIR" || return 1
  [ -e "$hw_n" ] || [ -L "$hw_n" ] || [ -e "$hw_n.absent" ] && return 0
  [ -e "$1" ] || [ -L "$1" ] || {
    : >"$hw_n.absent"
    return
  }
  if [ -n "${2-}" ] || [ -d "$1" ] || ! ln -- "$1" "$hw_n" 2>/dev/null; then
    rm -rf -- "$hw_n.new"
    cp -a -- "$1" "$hw_n.new" && hw_sync "$hw_n.new" && mv -T -- "$hw_n.new" "$hw_n" || return 1
  fi
  [ ! -f "$hw_n" ] || [ -L "$hw_n" ] || sha256sum "$hw_n" >>"$HW_ENTRY_DIR/kept/sums"
}
hw_again() {
  # a file that has other names gets this one back, too
  if [ -f "$1" ] && [ ! -L "$1" ]; then
    hw_s=$(stat -c %h -- "$1")
    [ "$hw_s" = 1 ] || ! ln -- "$1" ./f 2>/dev/null || return 0
  fi
  cp -a -- "$1" ./f
}
hw_restore() {
  hw_kept "$1" "$U" && hw_path=$1 && hw_was=$hw_n || return 1
  if [ -e "$hw_was.absent" ]; then
    [ ! -e "$1" ] && [ ! -L "$1" ] || hw_remove "$1"
    return
  fi
  [ -e "$hw_was" ] || [ -L "$hw_was" ] || return 0
  if hw_s=$(grep -F -- "$hw_was" "$U/kept/sums" 2>/dev/null) && ! printf '%s\n' "$hw_s" | sha256sum -c --status 2>/dev/null; then
    hw_fail "what was kept of $1 is not what it was any more: it is not put back"
    return 1
  fi
  hw_enter "$1" || return 1
  hw_stood=$(hw_stands "../$hw_name") || :
  if hw_again "$hw_was" && hw_sync ./f && hw_keep "$1" && hw_untouched "$1" && hw_still "$1"; then
    if { [ -d "../$hw_name" ] && [ ! -L "../$hw_name" ]; } || { [ -d ./f ] && [ ! -L ./f ]; }; then rm -rf -- "../$hw_name"; fi
    hw_move && {
      hw_leave
      hw_wrote "$1"
      return
    }
  fi
  hw_spoil
}
hw_remove() {
  while read -r hw_s hw_t hw_n; do
    case $hw_t in "$1" | "$1"/*)
      hw_fail "$hw_t is mounted; hint: unmount it before $1 is removed"
      return 1
      ;;
    esac
  done </proc/self/mounts
  [ -d "$HW_ENTRY_DIR/kept" ] || mkdir -p "$HW_ENTRY_DIR/kept" || return 1
  hw_kept "$1" "$HW_ENTRY_DIR" && hw_dir "$1" && hw_untouched "$1" && hw_take_off "$1"
  hw_s=$?
  hw_back
  return $hw_s
}
hw_take_off() {
  if [ -e "$hw_n" ] || [ -L "$hw_n" ] || [ -e "$hw_n.absent" ]; then
    rm -rf -- "./$hw_name"
    return
  fi
  hw_s=$(stat -c %d -- "./$hw_name" "$HW_ENTRY_DIR/kept") || return 1
  if [ "${hw_s%%[!0-9]*}" = "${hw_s##*[!0-9]}" ]; then
    mv -T -- "./$hw_name" "$hw_n.new" && mv -T -- "$hw_n.new" "$hw_n" && hw_wrote "$1" moved
    return
  fi
  hw_s=$(du -skx -- "./$hw_name")
  [ "${hw_s%%[!0-9]*}" -gt 102400 ] || hw_keep "$1" || return 1
  rm -rf -- "./$hw_name"
}
hw_copy() {
  if hw_movable "$@"; then
    mv -T -- "$1" ./f && chown -h -- "$3:$4" ./f && chmod "$2" ./f && sync ./f
    return
  fi
  install -m "$2" ${3:+-o "$3"} ${4:+-g "$4"} -- "$1" ./f && sync ./f
}
hw_movable() {
  case " ${hw_single-} " in *" ${1##*/} "*) ;; *) return 1 ;; esac
  [ "$1" = "${HW_STATE_DIR-}/stage/${1##*/}" ] && [ -n "$3" ] && [ -n "$4" ] && [ ! -e /sys/fs/selinux/enforce ]
}
hw_place() { hw_new "$2" hw_copy "$1" "$3" "$4" "$5"; }
hw_link() { hw_new "$2" ln -s -- "$1" ./f; }
hw_hard() {
  # the way to the file that gets the name is as little to be trusted as the way to the name
  hw_dir "$1" && exec 7<. || return 1
  hw_new "$2" ln -- "/proc/self/fd/7/$hw_name" ./f
  hw_s=$?
  exec 7<&-
  return $hw_s
}
hw_blank() { hw_new "$1" hw_copy /dev/null "${4:-0644}" "$2" "$3"; }
hw_mkdir() {
  hw_dir "$1" || return 1
  if ! hw_open; then
    mkdir ${4:+-m "$4"} -- "./$hw_name" && hw_own "./$hw_name" "$2" "$3"
    hw_s=$?
    hw_back
    return $hw_s
  fi
  hw_enter "$1" || return 1
  if [ -e "../$hw_name" ] || [ -L "../$hw_name" ]; then hw_fail "$1 already exists"; else
    mkdir ${4:+-m "$4"} ./f && hw_own ./f "$2" "$3" && mv -fT ./f "../$hw_name" && {
      hw_leave
      return 0
    }
  fi
  hw_spoil
}
hw_temp() {
  hw_p=${1%/}
  shift
  hw_dir "$hw_p/." && hw_n=$(mktemp -p . "$@") && printf '%s\n' "$hw_p/${hw_n#./}"
}
hw_mkdirs() {
  [ ! -d "$1" ] || return 0
  case $1 in /*/*) hw_mkdirs "${1%/*}" || return 1 ;; esac
  hw_mkdir "$1" '' ''
}
hw_settle() {
  hw_dir "$2" || return 1
  [ -d "$HW_ENTRY_DIR/kept" ] || mkdir -p "$HW_ENTRY_DIR/kept" || {
    hw_back
    return 1
  }
  hw_n="$HW_ENTRY_DIR/kept/$4"
  [ -e "$hw_n" ] || [ -L "$hw_n" ] || [ -e "$hw_n.absent" ] || : >"$hw_n.absent" || {
    hw_back
    return 1
  }
  if ! cd -P -- "$3" || ! [ .. -ef /proc/self/fd/8 ] || ! [ -O . ]; then
    hw_back
    hw_fail "somebody exchanges files in ${2%/*} while they are written; nothing was written there"
    return 1
  fi
  if ln -T -- "./$1" "../$hw_name" 2>/dev/null; then
    hw_back
    return 0
  fi
  if [ -e "../$hw_name" ] || [ -L "../$hw_name" ]; then
    hw_back
    hw_fail "$2 exists by now: somebody else created it"
    return 1
  fi
  mv -nT -- "./$1" "../$hw_name" && [ ! -e "./$1" ]
  hw_s=$?
  hw_back
  return $hw_s
}
hw_drop_dirs() {
  exec 6<&-
  while read -r hw_private_dir hw_p; do
    [ -n "$hw_private_dir" ] || continue
    hw_dir "$hw_p" && cd -P -- "$hw_private_dir" && [ .. -ef /proc/self/fd/8 ] && [ -O . ] && rm -f ./f* && cd -P .. && rmdir -- "$hw_private_dir"
    hw_back
  done <<HW_EOF
${hw_private_dirs-}
HW_EOF
  hw_private_dirs=
}
hw_swept() {
  [ -f "$HW_RUN_DIR/private-dirs" ] || return 0
  while IFS= read -r hw_p; do for hw_d in "$hw_p/.hw.${HW_RUN_DIR##*/}."??????; do [ ! -e "$hw_d" ] || return 1; done; done <"$HW_RUN_DIR/private-dirs"
}
hw_set() {
  hw_dir "$1" || return 1
  hw_own "./$hw_name" "$2" "$3" && hw_chmod "$1" "${4-}"
  hw_s=$?
  hw_back
  [ ! -s "$HW_RUN_DIR/seen" ] || printf 'done %s//\n' "$1" >>"$HW_RUN_DIR/seen"
  return $hw_s
}
hw_chmod() {
  [ -n "$2" ] || return 0
  if [ -L "./$hw_name" ]; then
    hw_fail "$1 is a link now, which has no mode"
    return 1
  fi
  if ! hw_open; then
    chmod "$2" "./$hw_name"
    return
  fi
  if [ -d "./$hw_name" ]; then
    cd -P -- "./$hw_name" && { [ . -ef /proc/self/fd/8 ] || [ .. -ef /proc/self/fd/8 ]; } && chmod "$2" .
    return
  fi
  hw_enter "$1" || return 1
  ln -- "../$hw_name" ./f && [ ! -L ./f ] && chmod "$2" ./f
  hw_s=$?
  rm -f ./f
  hw_leave
  return $hw_s
}
hw_modes() {
  hw_dir "$1/." || return 1
  if [ -z "$(find . -type d '(' ! -uid 0 -o -perm /022 ')' -print -quit)" ]; then
    find . -mindepth 1 ! -type l -exec chmod -- "$2" {} +
    hw_s=$?
    hw_back
    return $hw_s
  fi
  hw_enter "$1/." && mkdir ./links && exec 7<./links || return 1
  cd -P .. && find . -mindepth 1 -name "$hw_private_dir" -prune -o -type d -execdir sh -c '
    exec 8<.; for d; do (cd -P -- "$d" && [ .. -ef /proc/self/fd/8 ] && chmod -- "$0" .) || exit 1; done' "$2" {} + -o ! -type l ! -type d -execdir sh -c '
    r=/proc/self/fd/7/; ln -- "$@" "$r" && find "$r" -mindepth 1 ! -type l -exec chmod -- "$0" {"}" + && find "$r" -mindepth 1 -delete' "$2" {} +
  hw_s=$?
  cd -P /proc/self/fd/7/.. && rm -rf ./links
  exec 7<&-
  hw_leave
  return $hw_s
}
hw_backup() {
  [ -e "$1" ] || return 0
  hw_enter "$1" || return 1
  hw_b="$$.$(date +%Y-%m-%d@%H:%M:%S)~"
  cp -a -- "../$hw_name" ./f && mv -fT ./f "../$hw_name.$hw_b" && {
    hw_leave
    printf 'backup %s\n' "$1.$hw_b"
    return 0
  }
  hw_spoil
}
hw_remember() { printf '%s %s\n' "$1" "$(stat -L -c '%s %.9Y %.9Z %i %n' -- "$2")" >>"$HW_RUN_DIR/verified"; }
hw_index() {
  [ -s "$HW_RUN_DIR/verified" ] || return 0
  sleep 0.02
  hw_v=
  {
    while IFS= read -r hw_l; do
      hw_p="${hw_l#* * * * * }"
      hw_v="$hw_v
$hw_p"
      [ "$(stat -L -c '%s %.9Y %.9Z %i %n' -- "$hw_p" 2>/dev/null)" = "${hw_l#* }" ] && printf '%s\n' "$hw_l"
    done <"$HW_RUN_DIR/verified"
    [ -f "$HW_STATE_DIR/index" ] && while IFS= read -r hw_l; do
      case "$hw_v
" in *"
${hw_l#* * * * * }
"*) ;; *) printf '%s\n' "$hw_l" ;; esac
    done <"$HW_STATE_DIR/index"
  } >"$HW_STATE_DIR/.index.new"
  mv -f "$HW_STATE_DIR/.index.new" "$HW_STATE_DIR/index"
  rm -f "$HW_RUN_DIR/verified"
}
