import { TaskFailure } from "../../errors.ts";
import { defined } from "../../defined.ts";
import { sha256Hex } from "../../sha256.ts";
import { askGlobbed, type GlobbedFile } from "../../probes/files/globbed.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { sh } from "../../script/sh.ts";
import { placeFile, staged } from "../../script/write.ts";
import { restore } from "../../script/undo.ts";
import type { Also, Change, Controller, LocalFile, Module, Step } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { octal } from "../shared/files/mode.ts";
import { hostPath, parentOf } from "../shared/files/ownership.ts";
import { rootFile } from "../shared/files/placed.ts";
import {
  idsOf,
  readKeyrings,
  shortened,
  shownKeys,
  TRUSTED,
  withKeys,
  withoutKey,
  type WantedKey,
  type AptKeyring,
} from "../shared/packages/keyrings.ts";
import { readKeys, writeKeys, type PublicKey } from "../shared/packages/openpgp.ts";
import { fieldDiff } from "../contract/diff.ts";

const schema = {
  description:
    "Adds a key to those that apt trusts, or removes it. Neither apt-key nor gpg is needed on the host. Keys that apt trusts for one repository only are better: see deb822_repository.",
  example: `name: Trust the packages of the site
apt_key: {url: "https://packages.example.org/key.asc", id: 9FED2BCBDCD29CDF762678CBAED4B06F473041FA}`,
  returns: [
    "id, key_id, fp, short_id: the key's id as given or found, in full, and its last 16 and 8 digits",
    "before, after: the ids of all keys, before and after a change",
  ],
  arguments: {
    id: {
      type: "str",
      description:
        "The key's id: 8, 16 or more hexadecimal digits, also with 0x. Without it the first key that is brought counts.",
    },
    data: { type: "str", description: "The key itself, as text." },
    file: { type: "path", description: "A file on the host with the key." },
    url: {
      type: "str",
      description: "Where the controller downloads the key from, if the host does not have it.",
    },
    keyserver: {
      type: "str",
      description: "The keyserver that the controller asks for the id: a name, or hkp://NAME:80.",
    },
    keyring: {
      type: "path",
      description:
        "The file of keys. By default a key goes into /etc/apt/trusted.gpg, and is looked for in /etc/apt/trusted.gpg.d, too.",
    },
    state: {
      type: "str",
      choices: ["absent", "present"],
      default: "present",
      description: "Whether the key is there.",
    },
    validate_certs: {
      type: "bool",
      default: true,
      description: "Has to stay true: the controller checks certificates.",
    },
  },
  mutuallyExclusive: [["data", "file", "keyserver", "url"]],
} as const satisfies Schema;

type KeyArgs = ArgsOf<typeof schema>;

/**
 * All keyrings that count; the one that a key is added to, and its directory;
 * the file with the key.
 */
type State = { keyrings: GlobbedFile[]; target: PathState; parent: PathState; key?: PathState };

/** The keys that apt trusts for all repositories. */
export const apt_key: Module<KeyArgs, State> = {
  name: "apt_key",
  schema,
  observe(args) {
    const target = targetOf(args);
    const trusted = [TRUSTED, `${TRUSTED}.d/*.gpg`, `${TRUSTED}.d/*.asc`];
    return {
      keyrings: askGlobbed(args.keyring === undefined ? trusted : [target]),
      target: statPath(target, { digest: true }),
      parent: statPath(parentOf(target), { follow: true }),
      ...defined({
        key:
          args.file === undefined
            ? undefined
            : statPath(hostPath(args.file), { follow: true, unless: "" }),
      }),
    };
  },
  plan,
  result(args, state, outputs, controller) {
    if (outputs) return {};
    const wanted = wantedId(args, state, controller);
    return keyResult(wanted, { before: idsOf(readKeyrings(state.keyrings), wanted) });
  },
};

// The keyring that a key is added to.
function targetOf({ keyring }: KeyArgs): string {
  const path = keyring === undefined ? TRUSTED : hostPath(keyring);
  if (/[*?[\]\\]/.test(path)) throw new TaskFailure(`the keyring ${path} looks like a pattern`);
  return path;
}

function plan(args: KeyArgs, before: State, controller: Controller): Change<State> | null {
  refuse(args, before);
  const wanted = wantedId(args, before, controller);
  const keyrings = readKeyrings(before.keyrings);
  const isThere = idsOf(keyrings, wanted).includes(shortened(wanted.full.slice(-16), wanted));
  if (isThere === (args.state === "present")) return null;
  const next =
    args.state === "present"
      ? withKeys(keyrings, targetOf(args), keysToAdd(args, wanted, before, controller))
      : withoutKey(keyrings, wanted);
  return changeTo(args, keyrings, next, before, wanted);
}

// Refuses what says too little, and hosts without apt.
function refuse(args: KeyArgs, { parent }: State): void {
  if (args.id === undefined && args.keyserver !== undefined)
    throw new TaskFailure(
      "Missing key_id, required with keyserver.",
      "name the key by its id, best with all 40 digits",
    );
  if (!args.validate_certs)
    throw new TaskFailure(
      "the controller downloads keys, and checks the certificate of the server",
      "leave validate_certs away, or bring the key with data",
    );
  if (parent?.type !== "directory")
    throw new TaskFailure(
      `the directory ${parentOf(targetOf(args))} does not exist`,
      args.keyring === undefined
        ? "the module is for hosts with apt"
        : "create it first, with the file module",
    );
}

// The id that the task names, or that of the first key that it brings.
function wantedId(args: KeyArgs, state: State, controller: Controller): WantedKey {
  const id = args.id ?? broughtKeys(args, state, controller)?.[0]?.ids[0] ?? "";
  const full = id.toUpperCase().replace(/^0X/, "");
  if (!/^([0-9A-F]{8}|[0-9A-F]{16,})$/.test(full))
    throw new TaskFailure(
      "Invalid key_id",
      "8, 16 or more hexadecimal digits; 40 name a key for certain",
    );
  return { id, full };
}

// The keys that the task brings; undefined: it names none.
function broughtKeys(
  args: KeyArgs,
  { key }: State,
  controller: Controller,
): PublicKey[] | undefined {
  if (args.data !== undefined) return keysOf(Buffer.from(args.data), "inline data");
  if (args.file !== undefined) {
    if (key?.content === undefined)
      throw new TaskFailure(
        `Unable to extract key from '${args.file}'`,
        "it must be a file on the host",
      );
    return keysOf(Buffer.from(key.content, "base64"), args.file);
  }
  const url = args.url ?? (args.keyserver === undefined ? undefined : keyserverUrl(args));
  if (url === undefined) return undefined;
  const file = controller.download(url, undefined);
  return keysOf(Buffer.from(file.content ?? file.text ?? ""), url);
}

function keysOf(content: Buffer, from: string): PublicKey[] {
  const keys = readKeys(content);
  if (!keys || keys.length === 0)
    throw new TaskFailure(
      `Unable to extract key from '${from}'`,
      "it must be a public key of OpenPGP: armored text, or binary",
    );
  return keys;
}

// Where a keyserver has a key: what gpg would ask it for.
function keyserverUrl({ keyserver = "", id = "" }: KeyArgs): string {
  const [, scheme = "hkps", host = "", port] =
    /^(?:(hkps?|https?):\/\/)?([^/:]+)(?::(\d+))?\/?$/.exec(keyserver) ?? [];
  if (host === "")
    throw new TaskFailure(`${keyserver} is not a keyserver`, "a name, or hkp://NAME:80");
  const at = port ?? (scheme === "hkp" ? "11371" : undefined);
  const plain = scheme === "hkp" || scheme === "http" ? "http" : "https";
  const search = `0x${id.replace(/^0x/i, "")}`;
  return `${plain}://${host}${at === undefined ? "" : `:${at}`}/pks/lookup?op=get&options=mr&search=${search}`;
}

// The keys of the task, among which the wanted one must be.
function keysToAdd(
  args: KeyArgs,
  wanted: WantedKey,
  state: State,
  controller: Controller,
): PublicKey[] {
  const keys = broughtKeys(args, state, controller);
  if (!keys)
    throw new TaskFailure("No key to add", "give url, data, file or keyserver besides the id");
  if (!keys.some(({ ids }) => ids.some((id) => id.endsWith(wanted.full.slice(-16)))))
    throw new TaskFailure(
      `the key ${wanted.full} is not among those that are brought: ${keys.map(({ ids }) => ids[0]).join(", ")}`,
      "check the id",
    );
  return keys;
}

// Writes the keyrings that differ.
function changeTo(
  args: KeyArgs,
  old: readonly AptKeyring[],
  next: readonly AptKeyring[],
  before: State,
  wanted: WantedKey,
): Change<State> {
  const find = (list: readonly AptKeyring[], path: string): AptKeyring | undefined =>
    list.find((one) => one.path === path);
  const changed = [...new Set([...old, ...next].map(({ path }) => path))].filter(
    (path) => find(old, path)?.keys.length !== find(next, path)?.keys.length,
  );
  const writes = changed.map((path) => writeOf(path, find(next, path)));
  const target = writes.find(({ path }) => path === targetOf(args));
  const others = before.keyrings.filter(({ path }) => !changed.includes(path));
  const all = [...others, ...writes.flatMap(({ imported }) => imported ?? [])];
  return {
    after: {
      ...before,
      keyrings: all.sort((one, other) => (one.path < other.path ? -1 : 1)),
      target: target ? target.state : before.target,
    },
    also: writes.map(({ path: subject, state: after }): Also => ({ kind: "path", subject, after })),
    steps: writes.map(({ step }) => step),
    diff: changed.map((title) =>
      fieldDiff(title, shownKeys(find(old, title)), shownKeys(find(next, title))),
    ),
    result: keyResult(wanted, { before: idsOf(old, wanted), after: idsOf(next, wanted) }),
  };
}

/** A keyring that is written, or removed. */
interface Write {
  path: string;
  step: Step;
  state: PathState;
  file?: LocalFile;
  imported?: GlobbedFile;
}

// Writes a keyring, or removes it if no key is left in it.
function writeOf(path: string, keyring: AptKeyring | undefined): Write {
  if (!keyring)
    return { path, state: null, step: { run: sh`hw_remove ${path}`, undo: restore(path) } };
  const content = writeKeys(keyring.keys, keyring.isArmored);
  const file = { content, size: content.length, sha256: sha256Hex(content) };
  return {
    path,
    file,
    imported: { path, sha256: file.sha256, content: content.toString("base64") },
    step: placeFile(staged(file), path, octal(0o644), { owner: "root", group: "root" }),
    state: rootFile(file, 0o644),
  };
}

// What the task tells of a key.
function keyResult(
  { id, full }: WantedKey,
  more: { before: string[]; after?: string[] },
): { [key: string]: unknown } {
  return { id, short_id: full.slice(-8), fp: full.slice(-16), key_id: full, ...more };
}
