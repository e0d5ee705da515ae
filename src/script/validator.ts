import { lines, sh, type Script } from "./sh.ts";

/**
 * While stat says the same of each path, and what the script prints is the same, answers are the
 * same.
 */
export interface Validator {
  paths: readonly string[];
  /** Adds further paths, that only the host knows, to "$@". It starts no process. */
  more?: Script;
}

/**
 * A question can be put once more for less. Most of its answers rest on files alone, and a
 * validator, as HTTP has them, shows that these are as they were: what stat says of each, by itself
 * and through links. Behind the mark are the kinds that it vouches for.
 */
const MARK = String.raw`printf '\n@%s validator\n' "$hw_nonce"`;

/** What a question ends with. */
const END = String.raw`printf '\n@%s end\n' "$hw_nonce"`;

/** Shell that says: this answer rests on more than files, and no validator can vouch for it. */
export const LIVE = "echo live";

/** File systems of the kernel, whose files have no times of their own. */
export const KERNEL_TREES = ["/proc", "/sys", "/sys/fs/cgroup"] as const;

/** Where links on most hosts lead, which is looked at as every link's target is. */
const COMMON = ["/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/run"];

/**
 * Of each path of "$@" prints "absent PATH" or a line of stat: mode in hexadecimal, device, inode,
 * names and numbers of owner and group, size, times of content and inode, name with what a link
 * holds; then what links lead to in the same way, directories as "NAME/.". It starts two processes.
 */
const LOOK = String.raw`hw_n='
'; hw_c=
for hw_p; do
  if [ -L "$hw_p" ]; then
    case $hw_p in *"$hw_n"*) ${LIVE} ;; esac
    if [ -d "$hw_p" ]; then hw_c="$hw_c$hw_p/.$hw_n"; else hw_c="$hw_c$hw_p$hw_n"; fi
  elif [ ! -e "$hw_p" ]; then printf 'absent %s\n' "$hw_p"; fi
done
hw_f='%f %d %i %U %G %u %g %s %.9Y %.9Z %N'
QUOTING_STYLE=shell-escape-always LC_ALL=C stat -c "$hw_f" -- "$@"
IFS=$hw_n; set -f
[ -z "$hw_c" ] || QUOTING_STYLE=shell-escape-always LC_ALL=C stat -L -c "$hw_f" -- $hw_c
unset IFS; set +f`;

/** Begins what a validator vouches for. */
export const VALIDATED: Script = { sh: MARK };

// The program that prints a validator, made of those of all kinds.
export function validatorOf(kinds: readonly Validator[]): Script {
  const paths = kinds.flatMap((kind) => kind.paths.flatMap(withParents));
  const more = kinds.flatMap((kind) => kind.more ?? []);
  return sh`{ set -- ${[...new Set([...KERNEL_TREES, ...COMMON, ...paths])]}
${lines(more)}
${{ sh: LOOK }}
} 2>/dev/null`;
}

// A path behind all directories on its way.
export function withParents(path: string): string[] {
  return [...path.matchAll(/\/+[^/]+/g)].map(({ index, 0: name }) =>
    path.slice(0, index + name.length),
  );
}

// A question that also says what its validator and the host's clock are, in whole seconds.
export function withValidator(question: string, validator: string): string {
  return question.replace(MARK, () => `${MARK}\ndate +'now %s'\n${validator}`);
}

// What is left of a question where its validator vouches for the rest.
export function withoutValidated(question: string, validator: string): string {
  return [question.slice(0, question.indexOf(MARK)) + MARK, validator, END, ""].join("\n");
}
