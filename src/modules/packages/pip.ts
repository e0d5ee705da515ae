import { defined } from "../../defined.ts";
import { TaskFailure } from "../../errors.ts";
import { askPip, pipFunction, plainName, type PipState } from "../../probes/packages/pip.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import { splitCommand } from "../commands/command/split.ts";
import type { Change, Diff, Module, Step } from "../contract/module.ts";
import {
  refuseArguments,
  isVenv,
  nameIn,
  namesOf,
  questionOf,
  schema,
  verbOf,
  virtualenvOf,
  wordsOf,
  type PipArgs,
} from "./pip/args.ts";
import { fieldDiff } from "../contract/diff.ts";
import { fromKeys } from "../../records.ts";

type State = { pip: PipState };
type Known = NonNullable<PipState>;

/** Python's packages. Only pip itself is Python, and it is the host's own. */
export const pip: Module<PipArgs, State> = {
  name: "pip",
  schema,
  observe(args) {
    refuseArguments(args);
    return { pip: askPip(questionOf(args)) };
  },
  plan(args, { pip: state }) {
    if (state === null)
      throw new TaskFailure(
        args.virtualenv === undefined
          ? `Unable to find any of ${args.executable ?? "pip3"} to use.  pip needs to be installed.`
          : `Unable to find pip in the virtualenv, ${virtualenvOf(args)!}, under any of these names: pip3, pip. Make sure pip is present in the virtualenv.`,
        "install the package python3-pip before",
      );
    return args.state === "absent" ? planAbsent(args, state) : planInstall(args, state);
  },
  result(args, _state, outputs) {
    const printed = outputs?.at(-1);
    const [stdout, stderr] = [printed?.stdout ?? "", printed?.stderr ?? ""];
    return {
      cmd: ["pip", ...verbOf(args), ...wordsOf(args)],
      name: args.name ?? null,
      version: args.version ?? null,
      state: args.state,
      requirements: args.requirements ?? null,
      virtualenv: virtualenvOf(args) ?? null,
      stdout,
      stdout_lines: linesOf(stdout),
      stderr,
      stderr_lines: linesOf(stderr),
    };
  },
};

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function planInstall(args: PipArgs, state: Known): Change<State> | null {
  if (state.failure !== "") throw new TaskFailure(state.failure);
  const wanted = state.would ?? withoutAsking(args, state);
  const news = Object.entries(wanted).filter(
    ([name, version]) => version === null || state.packages[name] !== version,
  );
  if (news.length === 0 && state.isMade) return null;
  const fresh = news.flatMap(([name]) => (state.packages[name] === undefined ? [name] : []));
  const old = news.flatMap(([name]) => {
    const version = state.packages[name];
    return typeof version === "string" ? [`${name}==${version}`] : [];
  });
  const undo = [
    ...(fresh.length > 0 ? [sh`hw_pip uninstall -y -q ${fresh} || exit 1`] : []),
    ...(old.length > 0 ? [sh`hw_pip install -q --no-deps ${old} || exit 1`] : []),
  ];
  const install: Step = {
    run: inPip(args, [sh`hw_pip ${[...verbOf(args), ...wordsOf(args)]}`]),
    ...(state.isMade && { undo: inPip(args, undo) }),
  };
  return changeOf(
    args,
    state,
    Object.fromEntries(news),
    state.isMade ? [install] : [making(args), install],
  );
}

// What would be installed if pip cannot be asked, because it is too old or its environment does not
// exist yet: only the names decide.
function withoutAsking(
  args: PipArgs,
  { isMade, packages }: Known,
): { readonly [name: string]: string | null } {
  const words = args.version === undefined ? namesOf(args) : wordsOf(args).slice(-1);
  const named = words.map((word) => /^([\w.-]+)(?:==([\w.+!-]+))?$/.exec(word.replace(/\s+/g, "")));
  if (
    isMade &&
    (args.requirements !== undefined || args.state === "latest" || named.includes(null))
  )
    throw new TaskFailure(
      "the host's pip cannot say what it would install",
      "pip can since 22.2; older ones are asked for packages by name, and name==version, alone",
    );
  return Object.fromEntries(
    named.flatMap((found) => {
      const [, name = "", version] = found ?? [];
      const has = packages[plainName(name)];
      const isThere = has !== undefined && (version === undefined || has === version);
      return name === "" || isThere ? [] : [[plainName(name), version ?? null]];
    }),
  );
}

function planAbsent(args: PipArgs, state: Known): Change<State> | null {
  if (args.requirements !== undefined && state.isMade)
    throw new TaskFailure(
      "pip: what a file of requirements lists is not uninstalled",
      "name the packages",
    );
  const names = namesOf(args).flatMap((one) => nameIn(one) ?? []);
  const there = names.filter((name) => state.packages[name] !== undefined);
  if (there.length === 0 && state.isMade) return null;
  const old = there.map((name) => `${name}==${state.packages[name] ?? ""}`);
  const step: Step = {
    run: inPip(args, [sh`hw_pip ${[...verbOf(args), ...wordsOf(args)]}`]),
    undo: inPip(args, [sh`hw_pip install -q --no-deps ${old} || exit 1`]),
  };
  const gone = fromKeys(there, () => undefined);
  const steps = there.length > 0 ? [step] : [];
  return changeOf(args, state, gone, state.isMade ? steps : [making(args), ...steps]);
}

// A script that has hw_pip, and the umask that is wanted.
function inPip(args: PipArgs, scripts: readonly Script[]): Script {
  const { umask } = args;
  return lines([
    ...(umask === undefined ? [] : [sh`umask ${umask}`]),
    pipFunction(questionOf(args)),
    ...scripts,
  ]);
}

// Makes the virtual environment.
function making(args: PipArgs): Step {
  const { virtualenv_command: command, virtualenv_python: python, umask, chdir } = args;
  const directory = virtualenvOf(args)!;
  const site = args.virtualenv_site_packages ? ["--system-site-packages"] : [];
  const by = python === undefined ? sh`-p"$(command -v python3)"` : sh`${`-p${python}`}`;
  return {
    run: lines([
      ...(umask === undefined ? [] : [sh`umask ${umask}`]),
      ...(chdir === undefined ? [] : [sh`cd -- ${chdir} || exit 1`]),
      sh`${splitCommand(command)} ${site} ${isVenv(command) ? sh`` : by} ${directory}`,
    ]),
    undo: sh`rm -rf -- ${directory}`,
  };
}

// The change that installs, or removes (undefined), packages.
function changeOf(
  args: PipArgs,
  state: Known,
  news: { readonly [name: string]: string | null | undefined },
  steps: Step[],
): Change<State> {
  const packages = Object.fromEntries(
    Object.entries({ ...state.packages, ...news }).flatMap(([name, version]) =>
      version === undefined ? [] : [[name, version] as const],
    ),
  );
  const isAsked = state.would !== null || !state.isMade;
  const shown = (version: string | null | undefined): string | null =>
    version === null ? "(known after apply)" : (version ?? null);
  const diff = Object.entries(news).map(([name, version]): Diff =>
    fieldDiff(name, shown(state.packages[name]), shown(version)),
  );
  const made: Diff[] = state.isMade
    ? []
    : [fieldDiff(virtualenvOf(args)!, null, "a virtual environment")];
  return {
    after: {
      pip: {
        ...state,
        isMade: true,
        packages,
        would: isAsked ? {} : null,
        ...defined({ installed: questionOf(args).install }),
      },
    },
    opaque: true,
    steps,
    diff: [...made, ...diff],
  };
}
