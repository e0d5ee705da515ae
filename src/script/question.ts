import { mayWrite, ProbeError, type Probe, type ProbeKind } from "../probes/probe.ts";
import { PATH_FUNCTIONS } from "../probes/files/path.ts";
import type { Json } from "../value.ts";
import { lines, sh, type Script } from "./sh.ts";
import { stateFolder } from "./state-folder.ts";
import { VALIDATED, type Validator, validatorOf } from "./validator.ts";

type AnyKind = ProbeKind<never, unknown>;

// Sorts probes by their kind, each equal probe once, in the order in which they were first wanted.
function byKind(probes: readonly Probe<unknown>[]): Map<AnyKind, Probe<unknown>[]> {
  const kinds = new Map<AnyKind, Map<string, Probe<unknown>>>();
  for (const probe of probes) {
    const same = kinds.get(probe.kind) ?? new Map<string, Probe<unknown>>();
    kinds.set(probe.kind, same.set(probe.key, probe));
  }
  return new Map([...kinds].map(([kind, same]) => [kind, [...same.values()]]));
}

/** Probes of one kind, and under which name they are answered. */
interface Section {
  name: string;
  kind: AnyKind;
  same: Probe<unknown>[];
}

// The sections of a program, in their order. What may change the host comes after all that is
// wanted before it, and before all that is wanted behind it.
function sectionsOf(probes: readonly Probe<unknown>[]): Section[] {
  return runsOf(probes, (probe) => probe).flatMap((run, index) =>
    [...byKind(run)].map(([kind, same]) => ({
      name: index === 0 ? kind.name : `${kind.name} ${index}`,
      kind,
      same,
    })),
  );
}

/**
 * Parts questions, in their order, into runs: those that all may change the host, and those of
 * which none may.
 */
export function runsOf<T>(asked: readonly T[], probeOf: (one: T) => Probe<unknown>): T[][] {
  const runs: T[][] = [];
  let last: boolean | undefined;
  for (const one of asked) {
    const now = mayWrite(probeOf(one));
    if (now !== last) runs.push([]);
    runs.at(-1)!.push(one);
    last = now;
  }
  return runs;
}

/** Says so where stat is none of coreutils'; where a run of ours was before, it is. */
const CHECK_STAT = sh`[ -d "$HW_STATE_DIR/journal" ] || stat --printf '' / >/dev/null 2>&1 || {
  hw_s=other; command -v stat >/dev/null 2>&1 || hw_s=lacks
  printf '\n@%s %s stat\n' "$hw_nonce" "$hw_s"; exit 0; }`;

/**
 * Makes one read-only program out of many questions. Each kind's answer comes after a line with the
 * nonce, which no answer can contain, because it is random for every program.
 */
export function question(
  probes: readonly Probe<unknown>[],
  options: { nonce: string; isRoot: boolean },
): Script {
  const { isRoot, nonce } = options;
  const validated = new Map(validatedKinds(probes, isRoot));
  const sections = sectionsOf(probes);
  const behind = sections.filter(({ kind }) => validated.has(kind));
  return lines([
    stateFolder(isRoot),
    sh`hw_nonce=${nonce}`,
    { sh: PATH_FUNCTIONS },
    CHECK_STAT,
    ...sections.filter((section) => !behind.includes(section)).map(programOf),
    ...(behind.length > 0 ? [VALIDATED, ...behind.map(programOf)] : []),
    sh`printf '\n@%s end\n' ${nonce}`,
  ]);
}

// The part of a program that asks one kind.
function programOf({ name, kind, same }: Section): Script {
  return sh`printf '\n@%s %s\n' "$hw_nonce" ${name}
{ ${kind.script(argsOf(same))}
} 2>/dev/null`;
}

// The validator of a question; undefined: it has none.
export function questionValidator(
  probes: readonly Probe<unknown>[],
  isRoot: boolean,
): string | undefined {
  const validators = validatedKinds(probes, isRoot).map(([, validator]) => validator);
  return validators.length > 0 ? validatorOf(validators).sh : undefined;
}

// The kinds that have a validator for what they are asked. Only root may look everywhere; and where
// asking may change the host, its files may be others behind it.
function validatedKinds(
  probes: readonly Probe<unknown>[],
  isRoot: boolean,
): [AnyKind, Validator][] {
  if (!isRoot || probes.some(mayWrite)) return [];
  return [...byKind(probes)].flatMap(([kind, same]): [AnyKind, Validator][] => {
    const validator = kind.validator?.(argsOf(same));
    return validator ? [[kind, validator]] : [];
  });
}

function argsOf(probes: readonly Probe<unknown>[]): never[] {
  return probes.map(({ arg }) => arg as never);
}

// The nonce of a question; undefined: the program is not one.
export function nonceOf(program: string): string | undefined {
  return /\nprintf '\n@%s end\n' (\w+)\n*$/.exec(program)?.[1];
}

/**
 * Reads the answer to `question`: probe key -> state. Throws ProbeError where
 * it is truncated or garbled.
 */
export function answers(
  output: string,
  probes: readonly Probe<unknown>[],
  nonce: string,
): Map<string, Json> {
  const sections = new Map<string, string>();
  const parts = output.split(`\n@${nonce} `);
  for (const part of parts.slice(1)) {
    const end = part.indexOf("\n");
    sections.set(part.slice(0, end), part.slice(end + 1));
  }
  if (sections.has("lacks stat"))
    throw new ProbeError("there is no stat on the host", "install coreutils there");
  if (sections.has("other stat"))
    throw new ProbeError(
      "the host's stat is not that of coreutils but another, such as busybox's",
      "install coreutils there",
    );
  if (!sections.has("end")) throw new ProbeError("the host's answer ended early");
  const states = new Map<string, Json>();
  for (const { name, kind, same } of sectionsOf(probes)) {
    const found = kind.parse(
      sections.get(name) ?? "",
      same.map((probe) => probe.arg as never),
    );
    same.forEach((probe, i) => states.set(probe.key, found[i] as Json));
  }
  return states;
}
