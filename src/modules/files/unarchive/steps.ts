import { CONTENT_FUNCTIONS, UNPACKED_STAT } from "../../../probes/files/unpacked.ts";
import { lines, quote, sh, type Script } from "../../../script/sh.ts";
import { octal } from "../../shared/files/mode.ts";
import type { Step } from "../../contract/module.ts";
import { BIG } from "./members.ts";
import { type Undo } from "../../../script/undo.ts";

/**
 * The shell functions that unpack. Everything goes to a folder of our own inside `dest`
 * first, so that each path comes to its place by a rename; what is there already as it
 * should be is not touched.
 *
 * hw_make_tree DEST makes that folder, $hw_t, in a private directory ($hw_w) of hw_enter: both, and
 * $hw_d (DEST), are reached by open descriptors, so that nobody can put another in their place;
 * hw_untar ARCHIVE [OPTION...] fills it, and hw_untar_unchecked refuses an archive of which a
 * member's name, as tar lists it, leads out of it (tar itself does not follow such names); hw_dress
 * MODE OWNER GROUP sets modes and owners in it; hw_merge MODE OWNER GROUP brings to `dest` what
 * differs (hw_unchanged tells, right before the rename, whether what stands there is what was
 * compared); hw_list NAME keeps the list of it all.
 */
const FUNCTIONS = String.raw`
hw_nl='
'
hw_make_tree() {
  hw_dest=@{1%/}; command -v tar >/dev/null 2>&1 || { hw_fail "no tar on the host; hint: install tar"; return 1; }
  hw_enter "$hw_dest/." && exec 7<. || return 1
  trap 'cd -P /proc/self/fd/7 && rm -rf ./archive ./tree ./said && hw_leave' EXIT
  hw_w=/proc/self/fd/7; hw_d=/proc/self/fd/8; hw_t=$hw_w/tree; mkdir -m 0755 ./tree && hw_undo="$HW_ENTRY_DIR/unpacked.$2"
}
hw_unpacked_free() {
  # shellcheck disable=SC2046 # its words
  set -- $(df -P -- "$hw_dest/" 2>/dev/null | tail -n 1)
  [ $# -lt 6 ] || printf '%s KiB of %s KiB are free on %s' "$4" "$2" "$6"
}
hw_untar() {
  hw_a=$1; shift
  hw_m=$(tar -xf "$hw_a" -C "$hw_t" "$@" 2>&1) || hw_not_whole
}
hw_untar_unchecked() {
  hw_a=$1; shift
  hw_bad=$(tar -xvf "$hw_a" -C "$hw_t" "$@" 2>"$hw_w/said"); hw_s=$?; hw_m=$(cat "$hw_w/said"); rm -f "$hw_w/said"
  case "$hw_nl$hw_bad$hw_nl" in *"$hw_nl/"*|*"$hw_nl../"*|*/../*|*"/..$hw_nl"*)
    hw_fail "$hw_src has members that lead out of the directory it is unpacked to; do not trust it"; return 1 ;; esac
  [ "$hw_s" = 0 ] || hw_not_whole
}
hw_not_whole() {
  hw_fail "cannot unpack $hw_src: $hw_m
hint: if it is damaged, fetch it again with a checksum; if a program is missing, install it; if it is full, make room: $(hw_unpacked_free)"
}
hw_walk() {
  for hw_e in "$hw_t/$1"* "$hw_t/$1".[!.]* "$hw_t/$1"..?*; do
    [ -e "$hw_e" ] || [ -L "$hw_e" ] || continue
    hw_r=@{hw_e#"$hw_t/"}
    case $hw_r in *"$hw_nl"*|*\\*|*"  "*) hw_fail "$hw_r has a line break, a backslash or two spaces in its name; leave it out with exclude"; return 1 ;; esac
    if [ -L "$hw_e" ]; then hw_links="$hw_links$hw_r$hw_nl"; hw_inside "$hw_r" "$(readlink -- "$hw_e")" || return 1
    elif [ -d "$hw_e" ]; then hw_dirs="$hw_dirs$hw_r$hw_nl"; hw_walk "$hw_r/" || return 1
    elif [ -f "$hw_e" ]; then hw_files="$hw_files$hw_r$hw_nl"
    else hw_fail "$hw_r of $hw_src is a device or a pipe, which cannot be unpacked; leave it out with exclude"; return 1; fi
  done
}
hw_inside() {
  [ -n "$hw_dest" ] || return 0; hw_k=0; hw_rest=$2/
  case $2 in /*) case $2/ in */../*) ;; "$hw_dest"/*) return 0 ;; esac; hw_k=-1 ;; *) hw_up=$1; while [ "$hw_up" != "@{hw_up#*/}" ]; do hw_up=@{hw_up#*/}; hw_k=$((hw_k + 1)); done ;; esac
  while [ -n "$hw_rest" ] && [ $hw_k -ge 0 ]; do
    case @{hw_rest%%/*} in ..) hw_k=$((hw_k - 1)) ;; .|"") ;; *) hw_k=$((hw_k + 1)) ;; esac
    hw_rest=@{hw_rest#*/}
  done
  [ $hw_k -ge 0 ] || hw_fail "the link $1 of $hw_src points to $2, out of $hw_dest; leave it out with exclude, or create the link with the file module"
}
hw_split() { IFS=$hw_nl; set -f; }
hw_dress() {
  hw_dirs=; hw_files=; hw_links=; hw_walk "" || return 1
  cd "$hw_t" && hw_split || return 1
  if [ -n "$2$3" ] && [ -n "$hw_files$hw_dirs$hw_links" ]; then chown -h "$2@{3:+:$3}" -- $hw_files $hw_dirs $hw_links || return 1; fi
  if [ -n "$1" ] && [ -n "$hw_files$hw_dirs" ]; then chmod "$1" -- $hw_files $hw_dirs || return 1; fi
  hw_new=; [ -z "$hw_files" ] || { hw_new=$(hw_sums_of $hw_files) && sync -- $hw_files || return 1; }
  [ -z "$hw_new" ] || hw_new="$hw_new$hw_nl"
}
hw_sums_of() (
  hw_k=; [ $# -gt 20 ] || hw_k=$(stat -c %s -- "$@")
  case $hw_k in *[0-9][0-9][0-9][0-9][0-9][0-9][0-9]*) ;; *) sha256sum -- "$@"; return ;; esac
  for hw_p; do hw_x=$(hw_sha256 "./$hw_p" "$(stat -c %s -- "./$hw_p")") && printf '%s  %s\n' "@{hw_x%% *}" "$hw_p" || return 1; done
)
hw_merge() {
  cd -P "$hw_d" && hw_split || return 1
  hw_were="$hw_nl$(stat --printf '%f %u %g %s  %n\nid %i %f %u %g %s %.9Y  %n\n' -- . $hw_files $hw_links 2>/dev/null)$hw_nl"
  hw_old=$hw_nl; [ -z "$hw_files" ] || hw_old="$hw_nl$(sha256sum -- $hw_files 2>/dev/null)$hw_nl"
  hw_are=$(cd "$hw_t" && stat -c '%f %u %g %s  %n' -- . $hw_files $hw_links)
  for hw_r in $hw_dirs; do hw_folder "$@" || return 1; done
  hw_sums=$hw_new
  for hw_l in $hw_are; do
    hw_r=@{hw_l#*  }; [ "$hw_r" != . ] || continue
    hw_h=; [ -z "$hw_sums" ] || { hw_h=@{hw_sums%%" "*}; hw_sums=@{hw_sums#*"$hw_nl"}; }
    hw_member || return 1
  done
}
hw_member() {
  if [ -e "$hw_t/$hw_r" ] || [ -L "$hw_t/$hw_r" ]; then
    if ! hw_same; then
      [ ! -d "$hw_r" ] || [ -L "$hw_r" ] || { hw_fail "$hw_dest/$hw_r is a directory, but a file in $hw_src; hint: move it out of the way"; return 1; }
      hw_bring || return 1
    fi
  fi
  hw_m=@{hw_l%%  *}; [ -z "$hw_h" ] || [ "@{hw_m##* }" -lt ${BIG} ] || hw_remember "$hw_h" "$hw_dest/$hw_r"
}
hw_bring() { printf 'kept %s\n' "$hw_dest/$hw_r" >> "$hw_undo" && hw_keep "$hw_dest/$hw_r" && hw_unchanged && (hw_dir "$hw_dest/$hw_r" && mv -fT -- "$hw_t/$hw_r" "./$hw_name") && hw_wrote "$hw_dest/$hw_r" && hw_is "$hw_d/$hw_r" "$hw_dest/$hw_r" >> "$hw_undo"; }
hw_unchanged() {
  hw_untouched "$hw_dest/$hw_r" || return 1
  hw_s=$(stat -c 'id %i %f %u %g %s %.9Y  %n' -- "$hw_r" 2>/dev/null) || :
  if [ -n "$hw_s" ]; then
    case "$hw_were" in *"$hw_nl$hw_s$hw_nl"*) hw_was=@{hw_s#id }; hw_was=@{hw_was%%  *}; return 0 ;; esac
  else
    case "$hw_were" in *"  $hw_r$hw_nl"*) ;; *) hw_was=; return 0 ;; esac
  fi
  hw_fail "$hw_dest/$hw_r was changed by somebody else while the task ran; it was left as they made it"
}
hw_is() {
  [ ! -L "$1" ] || return 0
  if [ -f "$1" ]; then printf 'is %s %s\n' "$(stat -c %s:%.9Y -- "$1")" "$2"; return; fi
  [ -d "$1" ] || return 0
  (cd -P -- "$1" && find . -type f -exec stat -c '%s:%.9Y %n' -- {} +) | while IFS=' ' read -r hw_o hw_p; do printf 'is %s %s\n' "$hw_o" "$2@{hw_p#.}"; done
}
hw_folder() {
  [ -d "$hw_t/$hw_r" ] || return 0
  if [ ! -d "$hw_r" ]; then
    if [ -e "$hw_r" ] || [ -L "$hw_r" ]; then hw_fail "$hw_dest/$hw_r is not a directory, but one in $hw_src; hint: move it out of the way"; return 1; fi
    hw_bring; return
  fi
  [ -n "$1$2$3" ] || return 0
  hw_m=$(stat -L -c '%a %u:%g' -- "$hw_r") && (hw_set "$hw_dest/$hw_r" "$2" "$3" "$1") || return 1
  [ "$(stat -L -c '%a %u:%g' -- "$hw_r")" = "$hw_m" ] || printf '%s %s\n' "$hw_m" "$hw_dest/$hw_r" >> "$hw_undo"
}
hw_same() {
  case "$hw_were" in *"$hw_nl$hw_l$hw_nl"*) ;; *) return 1 ;; esac
  if [ -z "$hw_h" ]; then [ "$(readlink -- "$hw_r")" = "$(readlink -- "$hw_t/$hw_r")" ]; return; fi
  case "$hw_old" in *"$hw_nl$hw_h  $hw_r$hw_nl"*) ;; *) return 1 ;; esac
}
hw_list() {
  cd -P "$hw_d" && hw_split && mkdir -p "$HW_STATE_DIR/unpacked" && sleep 0.02 || return 1
  hw_sums=$hw_new
  [ -z "$hw_files$hw_links" ] || for hw_l in $(stat -c '${UNPACKED_STAT}  %n' -- $hw_files $hw_links); do
    hw_r=@{hw_l#*  }; if [ -z "$hw_sums" ]; then hw_h=$(hw_content_of "$hw_r"); else hw_h=@{hw_sums%%" "*}; hw_sums=@{hw_sums#*"$hw_nl"}; fi
    printf '%s %s %s\n' "$hw_h" "@{hw_l%%  *}" "$hw_dest/$hw_r"
  done > "$HW_STATE_DIR/unpacked/.$1.new" && mv -f "$HW_STATE_DIR/unpacked/.$1.new" "$HW_STATE_DIR/unpacked/$1"
}
hw_take_back() {
  [ -f "$U/unpacked.$1" ] || return 0
  while read -r hw_m hw_o hw_p; do
    [ "$hw_m" != is ] || [ "$(stat -c %s:%.9Y -- "$hw_p" 2>/dev/null)" = "$hw_o" ] || { hw_fail "$hw_p was changed by somebody else since; nothing of this archive is undone"; return 1; }
  done < "$U/unpacked.$1"
  while read -r hw_m hw_o hw_p; do
    case $hw_m in
      is) ;;
      kept) hw_p="$hw_o@{hw_p:+ $hw_p}"; printf 'kept %s\n' "$hw_p" >> "$HW_ENTRY_DIR/unpacked.$1" && hw_restore "$hw_p" && hw_is "$hw_p" "$hw_p" >> "$HW_ENTRY_DIR/unpacked.$1" ;;
      *) printf '%s %s\n' "$(stat -c '%a %u:%g' -- "$hw_p")" "$hw_p" >> "$HW_ENTRY_DIR/unpacked.$1" && hw_set "$hw_p" "@{hw_o%:*}" "@{hw_o#*:}" "$hw_m" ;;
    esac || return 1
  done < "$U/unpacked.$1"
}
`.replaceAll("@{", "${");

/** What an unpacking needs to know. */
export interface Unpacking {
  /** The archive, as people know it. */
  src: string;
  dest: string;
  /** Names the undo: one for each set of parameters. */
  name: string;
  /** For everything that is unpacked; "" leaves what the archive says. */
  attributes: readonly [mode: string, owner: string, group: string];
  /** Brings the archive into the private directory ($hw_w), if it is not on the host. */
  fetch?: Script;
  /** Absent: only directories are created. */
  archive?: Script;
  /** Options and member names for tar. */
  options?: readonly string[];
  /** More to do in the private directory, before modes and owners are set. */
  furnish?: Script;
  /** What is done when all is in its place. */
  finish?: Script;
  /** The names in the archive have not been checked yet. */
  isUnchecked?: boolean;
}

// The step that unpacks an archive and brings to `dest` what differs.
export function unpackStep({
  src,
  dest,
  name,
  archive,
  options = [],
  isUnchecked,
  ...more
}: Unpacking): Step {
  const attributes = more.attributes.map((word) => quote(word)).join(" ");
  const nothing = sh`:`;
  const untar = { sh: isUnchecked ? "hw_untar_unchecked" : "hw_untar" };
  const run = lines([
    { sh: CONTENT_FUNCTIONS },
    { sh: FUNCTIONS },
    sh`hw_src=${src}`,
    sh`hw_make_tree ${dest} ${name} || exit 1`,
    more.fetch ?? nothing,
    archive ? sh`${untar} ${archive} ${options} || exit 1` : nothing,
    more.furnish ?? nothing,
    sh`hw_dress ${{ sh: attributes }} && hw_merge ${{ sh: attributes }} || exit 1`,
    more.finish ?? nothing,
  ]);
  return { run, undo: takeBack(name) };
}

// Puts back what the archive replaced: all of it, or nothing where somebody else
// has changed any of it since.
function takeBack(name: string): Undo {
  const script = lines([{ sh: FUNCTIONS }, sh`hw_take_back ${name}`]);
  return { ...script, does: { kind: "restore unpacked", list: name } };
}

// A mode for chmod that is exact for directories too, whose setgid bit chmod would otherwise keep.
export function fullMode(mode: number): string {
  return `0${octal(mode)}`;
}
