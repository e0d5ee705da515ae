# What the archive module asks and does; archived.ts says what each function is for.
# shellcheck shell=sh disable=SC2086 # lists are split at line breaks, and nothing else
hw_literal() { for hw_p; do printf '%s\n' "$hw_p"; done; }
hw_matching() { for hw_p; do if [ -e "$hw_p" ] || [ -L "$hw_p" ]; then printf '%s\n' "$hw_p"; fi; done; }
hw_choose() {
  hw_nl='
'
  hw_format=$1 hw_many=$2 hw_dest=$3 hw_own=$4 hw_private_dirs=$5 hw_skip=$6
  hw_left=$(printf '%s\n' "$hw_paths" | LC_ALL=C sort -u | grep . | grep -vxF -e "$hw_excluded")
  hw_root=
  hw_there=
  set -f
  IFS=$hw_nl
  for hw_p in $hw_left; do
    hw_d="${hw_p%/*}/"
    hw_root=${hw_root:-$hw_d}
    until case $hw_d in "$hw_root"*) true ;; *) false ;; esac do
      hw_root=${hw_root%/}
      hw_root="${hw_root%/*}/"
    done
    if [ -e "$hw_p" ] || [ -L "$hw_p" ]; then hw_there="$hw_there$hw_p$hw_nl"; fi
  done
  case $hw_left in *"$hw_nl"*) hw_many=1 ;; *) [ ! -d "$hw_left" ] || hw_many=1 ;; esac
}
hw_names() {
  for hw_p in $hw_there; do
    if [ -d "$hw_p" ]; then
      find -H "$hw_p" -mindepth 1 '(' -path "$hw_own" -o -path "$hw_private_dirs" ')' -prune -o -print0
    else printf '%s\0' "$hw_p"; fi
  done | cut -z -b "$((${#hw_root} + 1))-" | if [ -n "$hw_skip" ]; then LC_ALL=C grep -zavxE -e "$hw_skip"; else cat; fi | LC_ALL=C sort -zu
}
hw_tar() { hw_names | tar --format=gnu --no-recursion -C "$hw_root" --null -T - "$@"; }
hw_packer() {
  case $hw_format in
  gz) echo gzip ;;
  bz2) echo bzip2 ;;
  xz | zstd) echo "$hw_format" ;;
  *) echo tar ;;
  esac
}
hw_pack() {
  case $hw_format in
  gz) gzip -nc ;;
  bz2) bzip2 -c ;;
  xz) xz -c ;;
  zstd) zstd -qc ;;
  *) cat ;;
  esac
}
hw_unpack() {
  case $hw_format in
  gz) gzip -dc ;;
  bz2) bzip2 -dc ;;
  xz) xz -dc ;;
  zstd) zstd -qdc ;;
  *) cat ;;
  esac 2>/dev/null
}
hw_rows() {
  sed -e 's/^\([^ ]*\) \([^ ]*\)  */\1 \2 /' -e 's/\( [0-9][0-9]:[0-9][0-9]:[0-9][0-9]\)[.0-9]*  */\1 /' \
    -e '/^d/s/ [0-9-]* [0-9:]* / /' | LC_ALL=C sort | sha256sum
}
hw_compared() {
  hw_p=$(hw_packer)
  for hw_p in tar "$hw_p"; do command -v "$hw_p" >/dev/null || {
    echo "verdict needs $hw_p"
    return
  }; done
  if [ -n "$hw_many" ]; then
    hw_new=$(TZ=UTC hw_tar --full-time --numeric-owner -cvvf /dev/null 2>/dev/null | hw_rows)
    hw_old=$([ ! -f "$hw_dest" ] || hw_unpack <"$hw_dest" | TZ=UTC tar --full-time --numeric-owner -tvvf - 2>/dev/null | hw_rows)
  else
    hw_new=$(sha256sum <"${hw_there%"$hw_nl"}")
    hw_old=$([ ! -f "$hw_dest" ] || hw_unpack <"$hw_dest" | sha256sum)
  fi
  if [ "$hw_new" = "$hw_old" ]; then echo "verdict same ${hw_new%% *}"; else echo "verdict differs ${hw_new%% *}"; fi
}
hw_archived() (
  hw_choose "$@"
  [ -z "$hw_paths" ] || hw_literal $hw_paths | sed 's/^/path /'
  [ -z "$hw_excluded" ] || hw_literal $hw_excluded | sed 's/^/excluded /'
  for hw_p in $hw_left; do
    if [ -d "$hw_p" ]; then echo "directory $hw_p"; elif [ -e "$hw_p" ] || [ -L "$hw_p" ]; then echo "file $hw_p"; else echo "missing $hw_p"; fi
  done
  printf 'root %s\n' "$hw_root"
  if [ -z "$hw_there" ]; then
    echo "verdict none -"
    return
  fi
  hw_compared
  if [ -n "$hw_many" ]; then hw_names | tr '\n\0' '?\n' | while IFS= read -r hw_p; do printf 'member %s%s\n' "$hw_root" "$hw_p"; done; fi
)
hw_verdict() (
  hw_choose "$@"
  if [ -z "$hw_there" ]; then echo "none -"; else hw_compared | sed 's/^verdict //'; fi
)
hw_make_archive() (
  hw_mode=$1 hw_owner=$2 hw_group=$3
  shift 3
  hw_choose "$@"
  if [ -n "$hw_many" ]; then
    { hw_tar -cf - || [ $? = 1 ] || : >./n; } | hw_pack >./f && [ ! -e ./n ]
  else
    hw_pack <"${hw_there%"$hw_nl"}" >./f
  fi && hw_own ./f "$hw_owner" "$hw_group" && chmod "$hw_mode" ./f && sync ./f
)
