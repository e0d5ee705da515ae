import { normalize } from "node:path/posix";
import { lines, sh, type Script } from "../../../script/sh.ts";
import { hostPath } from "../../shared/files/ownership.ts";
import type { FindArgs } from "./schema.ts";

/**
 * What stat prints of one object; no name holds two slashes after a line break, so
 * records cannot run together.
 */
const RECORD = String.raw`\n//obj %f %u %g %s %i %d %h %.9X %.9Y %.9Z %U %G %n`;

// Prints records that begin with a line break and two slashes: paths that are not directories, the
// time where ages count, all objects below the others.
export function findScript(args: FindArgs): Script {
  const paths = args.paths.map((path) => hostPath(normalize(path)));
  const parts = [
    sh`set -- ${paths}; for hw_p; do shift; if [ -d "$hw_p" ]; then set -- "$@" "$hw_p"; else printf '\n//skip %s' "$hw_p"; fi; done`,
    ...(args.age === undefined ? [] : [sh`printf '\n//now %s' "$(date +%s.%N)"`]),
    sh`[ "$#" = 0 ] && exit 0`,
    sh`${walk(args)} -exec stat --printf ${RECORD} -- {} + 2>/dev/null`,
  ];
  const files = sh`${walk(args)} -type f${named(args)} -print0 2>/dev/null`;
  if (args.contains !== undefined) parts.push(grep(args.contains, args.read_whole_file, files));
  if (args.get_checksum) parts.push(sh`printf '\n//sums\n'; ${files} | xargs -0 -r sha1sum --`);
  return lines([...parts, sh`exit 0`]);
}

// find, as deep as wanted. Ansible also looks at what is in the last directories, and counts it.
function walk({ follow, recurse, depth }: FindArgs): Script {
  const deepest = recurse ? depth && depth + 1 : 1;
  return sh`find ${follow ? "-L" : "-H"} "$@" -mindepth 1${deepest ? sh` -maxdepth ${deepest}` : sh``}`;
}

// The names that may fit, so that fewer files are read; where find would read a
// pattern otherwise, all.
function named({ patterns, use_regex }: FindArgs): Script {
  if (use_regex || patterns.length === 0 || patterns.some((pattern) => pattern.includes("\\")))
    return sh``;
  return { sh: ` \\( ${patterns.map((pattern) => sh`-name ${pattern}`.sh).join(" -o ")} \\)` };
}

// Names of files whose content matches, each after a record of its own.
function grep(pattern: string, whole: boolean, files: Script): Script {
  const text = pattern.replaceAll("\n", "\\n");
  const [flags, wanted] = whole
    ? ["-laPZz", `(?-m)${atTextsEnd(text)}`]
    : ["-laPZ", `^(?:${text})`];
  return sh`echo | grep -qP ${wanted} || [ "$?" = 1 ] || { echo 'contains needs a grep that knows -P, and an expression that it understands' >&2; exit 1; }
printf '\n//grep'; ${files} | xargs -0 -r grep ${flags} -e ${wanted.replaceAll("\\Z", "\\z")} -- | xargs -0 -r printf '\n//has %s'`;
}

// A pattern whose `$` is the end of a text, or a line break there, as Python has it;
// grep has the end of a record.
function atTextsEnd(pattern: string): string {
  if (/\(\?[a-z]*m/.test(pattern)) return pattern;
  return pattern.replaceAll(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$/gs, (part) =>
    part === "$" ? String.raw`(?=\n?\z)` : part,
  );
}
