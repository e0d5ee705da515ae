import { sh, type Script } from "./sh.ts";

/**
 * The shell functions that steps use to write. `$HW` is our folder on the host, `$J` this run's journal
 * entry. Every write is temp + fsync + rename in the same folder, and keeps what it replaces.
 */
export const WRITE_FUNCTIONS = String.raw`
hw_fail() { printf '%s\n' "$*" >&2; return 1; }
hw_keep() {
  mkdir -p "$J/kept" || return 1; hw_n=$(printf %s "$1" | sha256sum); hw_n="$J/kept/@{hw_n%% *}"
  [ -e "$hw_n" ] || [ -L "$hw_n" ] || [ -e "$hw_n.absent" ] && return 0
  if [ -e "$1" ] || [ -L "$1" ]; then cp -a -- "$1" "$hw_n"; else : > "$hw_n.absent"; fi
}
hw_restore() {
  hw_n=$(printf %s "$1" | sha256sum); hw_n="$J/kept/@{hw_n%% *}"
  if [ -e "$hw_n.absent" ]; then rm -rf -- "$1"; return; fi
  [ -e "$hw_n" ] || [ -L "$hw_n" ] || return 0
  hw_t="@{1%/*}/.hw.$$.undo"; rm -rf -- "$hw_t"; cp -a -- "$hw_n" "$hw_t" || return 1
  if { [ -d "$1" ] && [ ! -L "$1" ]; } || { [ -d "$hw_t" ] && [ ! -L "$hw_t" ]; }; then rm -rf -- "$1"; fi
  mv -fT -- "$hw_t" "$1"
}
hw_remove() {
  while read -r hw_s hw_t hw_n; do
    case $hw_t in "$1"|"$1"/*) hw_fail "$hw_t is mounted; mend: unmount it before $1 is removed"; return 1 ;; esac
  done < /proc/self/mounts
  hw_n=$(printf %s "$1" | sha256sum); hw_n="$J/kept/@{hw_n%% *}"; mkdir -p "$J/kept" || return 1
  if [ -e "$hw_n" ] || [ -L "$hw_n" ] || [ -e "$hw_n.absent" ]; then rm -rf -- "$1"; return; fi
  if [ "$(stat -c %d -- "$1")" = "$(stat -c %d "$J/kept")" ]; then mv -T -- "$1" "$hw_n"; return; fi
  hw_s=$(du -skx -- "$1"); [ "@{hw_s%%[!0-9]*}" -gt 102400 ] || hw_keep "$1" || return 1
  rm -rf -- "$1"
}
hw_own() {
  if [ -n "$2$3" ]; then chown @{4-} -- "$2@{3:+:$3}" "$1" || return 1; fi
}
hw_place() {
  hw_t=$(mktemp "@{2%/*}/.hw.XXXXXX") || return 1
  cp -- "$1" "$hw_t" && hw_own "$hw_t" "$4" "$5" && chmod "$3" "$hw_t" && sync "$hw_t" && hw_keep "$2" && mv -fT -- "$hw_t" "$2" && return 0
  rm -f -- "$hw_t"; return 1
}
hw_link() {
  hw_keep "$2" || return 1; hw_t="@{2%/*}/.hw.$$.link"; rm -f -- "$hw_t"
  ln -s -- "$1" "$hw_t" && mv -fT -- "$hw_t" "$2" && return 0
  rm -f -- "$hw_t"; return 1
}
hw_remember() { printf '%s %s\n' "$1" "$(stat -L -c '%s %.9Y %.9Z %i %n' -- "$2")" >> "$J/verified"; }
hw_index() {
  [ -s "$J/verified" ] || return 0; sleep 0.02; hw_v=
  {
    while IFS= read -r hw_l; do
      hw_p="@{hw_l#* * * * * }"; hw_v="$hw_v
$hw_p"
      [ "$(stat -L -c '%s %.9Y %.9Z %i %n' -- "$hw_p" 2>/dev/null)" = "@{hw_l#* }" ] && printf '%s\n' "$hw_l"
    done < "$J/verified"
    [ -f "$HW/index" ] && while IFS= read -r hw_l; do
      case "$hw_v
" in *"
@{hw_l#* * * * * }
"*) ;; *) printf '%s\n' "$hw_l" ;; esac
    done < "$HW/index"
  } > "$HW/.index.new"; mv -f "$HW/.index.new" "$HW/index"; rm -f "$J/verified"
}
`.replaceAll("@{", "${");

// Where a file that travelled to the host waits for the step that uses it.
export function staged(file: { sha256: string }): Script {
  return sh`"$HW/stage/"${file.sha256}`;
}

/** Owner and group as names or numbers; absent: the file keeps them, or gets those of who writes it. */
export interface Ownership {
  owner?: string | undefined;
  group?: string | undefined;
}

// Puts a staged file in its place: `mode` is text for chmod, such as "0644".
export function placeFile(from: Script, to: string, mode: string, { owner, group }: Ownership): { run: Script; undo: Script } {
  return { run: sh`hw_place ${from} ${to} ${mode} ${owner ?? ""} ${group ?? ""}`, undo: sh`hw_restore ${to}` };
}

// Notes that the file at `path` was verified to have this digest, so that it need not be hashed again. Its size, times
// and inode are noted at once; at the program's end it is kept only if they are still the same.
export function remember(sha256: string, path: string): Script {
  return sh`hw_remember ${sha256} ${path}`;
}
