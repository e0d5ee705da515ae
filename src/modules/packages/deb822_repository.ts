import { TaskFailure } from "../../errors.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { sh } from "../../script/sh.ts";
import { staged } from "../../script/write.ts";
import { textFile } from "../files/copy/source.ts";
import type { PathStates } from "../shared/files/attributes.ts";
import { applyMode, octal } from "../shared/files/mode.ts";
import { rootFile } from "../shared/files/placed.ts";
import type { Change, Diff, Controller, LocalFile, Module, Step } from "../contract/module.ts";
import { deb822Schema, sourceText, slugOf, type Deb822Args } from "../shared/packages/deb822.ts";
import { defined } from "../../defined.ts";
import { restore } from "../../script/undo.ts";
import { fieldDiff } from "../contract/diff.ts";
import { fromKeys } from "../../records.ts";

const KEYRINGS = "/etc/apt/keyrings";

/** The file of the repository; its key, if one is brought; where both may be when they shall go. */
type State = { file: PathState; key?: PathState; keys?: PathStates };

/** A repository of apt in the newer form: a file of fields. */
export const deb822_repository: Module<Deb822Args, State> = {
  name: "deb822_repository",
  schema: deb822Schema,
  observe(args, controller) {
    if (args.state === "absent")
      return {
        file: statPath(pathOf(args)),
        keys: fromKeys(keyPaths(args), (path) => statPath(path)),
      };
    const key = keyOf(args, controller);
    return {
      file: statPath(pathOf(args), { unless: textFile(wantedText(args, key)).sha256 }),
      ...defined({ key: key?.file ? statPath(key.path, { digest: true }) : undefined }),
    };
  },
  plan: (args, before, controller) =>
    args.state === "absent" ? planAbsent(args, before) : planPresent(args, before, controller),
  result: (args, _state, _outputs, controller) =>
    args.state === "absent"
      ? { repo: null, dest: null, key_filename: null }
      : resultOf(args, controller),
};

function pathOf({ name }: Deb822Args): string {
  return `/etc/apt/sources.list.d/${slugOf(name)}.sources`;
}

// Where a key of this repository may have been put.
function keyPaths({ name }: Deb822Args): string[] {
  return ["asc", "gpg"].map((ending) => `${KEYRINGS}/${slugOf(name)}.${ending}`);
}

/**
 * The key: where it is, and its file if it has to be copied; an armored one is part
 * of the fields themselves.
 */
interface Key {
  path: string;
  file?: LocalFile;
}

// The key that signed_by means: a file of the host, or what is fetched from an address.
function keyOf({ name, signed_by: by }: Deb822Args, controller: Controller): Key | undefined {
  if (by === undefined || by.startsWith("-----BEGIN PGP")) return undefined;
  if (!/^https?:\/\//.test(by)) return { path: by };
  const file = controller.download(by, undefined);
  const isArmored = file.text?.startsWith("-----BEGIN PGP") ?? false;
  return { path: `${KEYRINGS}/${slugOf(name)}.${isArmored ? "asc" : "gpg"}`, file };
}

function wantedText(args: Deb822Args, key: Key | undefined): string {
  return sourceText({ ...args, ...defined({ signed_by: key ? key.path : undefined }) });
}

function planPresent(
  args: Deb822Args,
  before: State,
  controller: Controller,
): Change<State> | null {
  const key = keyOf(args, controller);
  const file = textFile(wantedText(args, key));
  const mode = applyMode(args.mode, 0o644, false);
  const putKey = key?.file ? put(key.path, key.file, 0o644, before.key ?? null) : undefined;
  const putFile = put(pathOf(args), file, mode, before.file);
  const puts = [putKey, putFile].filter((one) => one !== undefined);
  if (puts.length === 0) return null;
  return {
    after: {
      file: putFile?.after ?? before.file,
      ...defined({ key: key?.file ? (putKey?.after ?? before.key!) : undefined }),
    },
    steps: puts.map((one) => one.step),
    diff: puts.map((one) => one.diff),
  };
}

interface Put {
  file: LocalFile;
  step: Step;
  after: NonNullable<PathState>;
  diff: Diff;
}

// Puts a file in place; undefined: it is already there.
function put(path: string, file: LocalFile, mode: number, before: PathState): Put | undefined {
  if (before !== null && before.type !== "file")
    throw new TaskFailure(`${path} is a ${before.type}, not a file`);
  if (before?.sha256 === file.sha256 && before.mode === mode) return undefined;
  const folder = path.slice(0, path.lastIndexOf("/"));
  return {
    file,
    step: {
      run: sh`mkdir -p ${folder} && hw_place ${staged(file)} ${path} ${octal(mode)} root root`,
      undo: restore(path),
    },
    after: rootFile(file, mode),
    diff: {
      kind: "text",
      title: path,
      before: Buffer.from(before?.content ?? "", "base64").toString(),
      after: file.text ?? "",
    },
  };
}

function planAbsent(args: Deb822Args, before: State): Change<State> | null {
  const { file, keys = {} } = before;
  const gone = [...(file ? [pathOf(args)] : []), ...keyPaths(args).filter((path) => keys[path])];
  if (gone.length === 0) return null;
  return {
    after: { file: null, keys: fromKeys(keyPaths(args), () => null) },
    steps: gone.map((path) => ({
      run: sh`hw_remove ${path}`,
      undo: restore(path),
    })),
    diff: gone.map((path) => fieldDiff(path, "file", null)),
  };
}

function resultOf(args: Deb822Args, controller: Controller): { [key: string]: unknown } {
  const key = keyOf(args, controller);
  return { repo: wantedText(args, key), dest: pathOf(args), key_filename: key?.path ?? null };
}
