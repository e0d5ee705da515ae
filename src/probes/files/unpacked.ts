import { sh } from "../../script/sh.ts";
import { STATE_OF_ROOT } from "../../script/state-folder.ts";
import { LIVE } from "../../script/validator.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { defined } from "../../defined.ts";

/**
 * What became of the files that an archive was unpacked to, from the list that the host itself
 * keeps of them. null: there is no such list. `differ`: paths that are not as they were unpacked.
 * `files`: all of them, if asked for.
 */
export type Unpacked = null | { differ: string[]; files?: string[] };

/**
 * The stat data after each digest in a list; equal data means an untouched file, as in git's index.
 */
export const UNPACKED_STAT = "%f %u %g %s %.9Y %.9Z %i";

/** To look at more files one by one takes longer than to ask anew. */
const MOST_VALIDATED = 200;

/**
 * Asks whether everything that was unpacked is still as it was: one cat and one stat for each list.
 * Only where stat data differ are modes, owners and digests looked at again, so a file that was
 * merely touched counts as the same.
 */
export const unpacked: ProbeKind<{ name: string; list?: boolean }, Unpacked> = {
  name: "unpacked",
  subject: (arg) => arg.name,
  script: (args) => sh`${{ sh: CHECK }}
${{ sh: args.map((arg) => sh`hw_unpacked ${arg.name} ${arg.list ? "list" : ""}`.sh).join("\n") }}`,
  validator(args) {
    const lists = args.map(({ name }) => `${STATE_OF_ROOT}/unpacked/${name}`);
    return {
      paths: lists,
      more: sh`hw_k=0; for hw_q in ${lists}; do
  [ ! -f "$hw_q" ] || while IFS= read -r hw_l; do
    hw_k=$((hw_k + 1)); [ $hw_k -le ${MOST_VALIDATED} ] || { ${{ sh: LIVE }}; break; }
    set -- "$@" "\${hw_l#* * * * * * * * }"
  done < "$hw_q"
done`,
    };
  },
  parse(output, args) {
    const found = new Map(
      output
        .split("\n--list ")
        .slice(1)
        .map((part) => [part.slice(0, part.indexOf("\n")), part.split("\n").slice(1)]),
    );
    return args.map(({ name, list }) => readAnswer(found.get(`${name} ${list ? "list" : ""}`)));
  },
  planned: {
    overlay: (_observed, after) => after,
  },
};

// Asks about the list of one name, as `LIST_FUNCTIONS` wrote it.
export function readUnpacked(name: string, list = false): Probe<Unpacked> {
  return ask(unpacked, { name, ...defined({ list: list ? list : undefined }) });
}

// Reads the lines about one list; a list that was not read to its end is garbage.
function readAnswer(lines: string[] | undefined): Unpacked {
  if (lines?.includes("none")) return null;
  if (!lines?.includes("end"))
    throw new ProbeError("the answer about unpacked files is truncated or garbled");
  const all = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} /`)).map((line) => line.slice(word.length + 1));
  const files = all("file");
  return { differ: all("differs"), ...defined({ files: files.length > 0 ? files : undefined }) };
}

/** hw_content_of PATH: the digest of a file, or of where a link points. */
export const CONTENT_FUNCTIONS = String.raw`
hw_content_of() {
  if [ -L "$1" ]; then hw_c=$(readlink -- "$1" | sha256sum); else hw_c=$(sha256sum < "$1"); fi
  printf '%s\n' "@{hw_c%% *}"
}
`.replaceAll("@{", "${");

const CHECK =
  CONTENT_FUNCTIONS +
  String.raw`
hw_unpacked() (
  printf '\n--list %s %s\n' "$1" "$2"
  [ -f "$HW_STATE_DIR/unpacked/$1" ] || { printf 'none\n'; return; }
  hw_was=$(cat "$HW_STATE_DIR/unpacked/$1"); hw_list=$2; IFS='
'; set -f; set --; hw_old=
  for hw_l in $hw_was; do
    hw_x=@{hw_l#* }; hw_old="$hw_old$hw_x
"; set -- "$@" "@{hw_x#* * * * * * * }"
  done
  [ -z "$hw_list" ] || printf 'file %s\n' "$@"
  hw_now=$(stat -c '${UNPACKED_STAT} %n' -- "$@" 2>/dev/null)
  if [ "$hw_now
" != "$hw_old" ]; then
    for hw_l in $hw_was; do hw_changed "$hw_l" && printf 'differs %s\n' "@{hw_l#* * * * * * * * }"; done
  fi
  printf 'end\n'
)
hw_changed() {
  hw_x=@{1#* }; hw_p=@{hw_x#* * * * * * * }
  case "
$hw_now
" in *"
$hw_x
"*) return 1 ;; esac
  [ "$(stat -c '%f %u %g' -- "$hw_p" 2>/dev/null)" = "@{hw_x%" @{hw_x#* * * }"}" ] || return 0
  [ "$(hw_content_of "$hw_p")" != "@{1%% *}" ]
}
`.replaceAll("@{", "${");
