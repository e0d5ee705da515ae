import { TaskFailure } from "../../errors.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { askText, planEdit, presentContent, type EditState } from "../shared/edit/edit.ts";
import { hashedLine, isAbout, putHostKey, readHostKey } from "../shared/edit/host-keys.ts";
import { fromBytes, toBytes } from "../shared/edit/pattern.ts";
import { shownState } from "../shared/files/attributes.ts";

const schema = {
  description: "Adds or removes the key of a host in a known_hosts file.",
  example: `name: The mirror is known
known_hosts: {name: mirror.example.org, key: "{{ lookup('file', 'mirror.pub') }}"}`,
  returns: [
    "name, key, path, hash_host: as given",
    "state, mode, owner, group, uid, gid, size: of the file as it is now",
  ],
  arguments: {
    name: {
      type: "str",
      required: true,
      aliases: ["host"],
      description: "The host; with a port, [name]:port.",
    },
    key: {
      type: "str",
      description:
        "The line of the key, with the host in front. Without it, all keys of the host go.",
    },
    path: { type: "path", default: "~/.ssh/known_hosts", description: "The file." },
    hash_host: {
      type: "bool",
      default: false,
      description: "Writes the name hashed; the salt comes from the key, so a plan is exact.",
    },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether the key should be in the file.",
    },
  },
} as const satisfies Schema;

type KnownHostsArgs = ArgsOf<typeof schema>;

/** The keys by which other hosts are known. */
export const known_hosts: Module<KnownHostsArgs, EditState> = {
  name: "known_hosts",
  schema,
  observe(args) {
    checkKey(args);
    return askText(editOf(args));
  },
  plan(args, before, controller) {
    const content = fromBytes(presentContent(editOf(args), before) ?? "");
    const { state } = args;
    const host = args.name.toLowerCase();
    const made = putHostKey(content, { host, line: lineOf(args), state });
    if (made === content) return null;
    const change = planEdit(editOf(args), before, { content: toBytes(made), msg: "" }, controller);
    return change && { ...change, result: {} };
  },
  result: (args, { real }) => ({ key: null, ...args, ...shownState(real) }),
};

function editOf({ path }: KnownHostsArgs): { path: string; create: true; backup: false } {
  return { path, create: true, backup: false };
}

// The line as it is written.
function lineOf({ name, key, hash_host: isHashed }: KnownHostsArgs): string | undefined {
  return key !== undefined && isHashed ? hashedLine(name.toLowerCase(), key) : key;
}

function checkKey({ name, key, state }: KnownHostsArgs): void {
  if (key === undefined || key === "") {
    if (state === "absent") return;
    throw new TaskFailure(
      "No key specified when adding a host",
      "key: NAME KIND KEY, as in known_hosts",
    );
  }
  if (name.includes(","))
    throw new TaskFailure(
      "Comma separated list of names is not supported. Please pass a single name to lookup in the known_hosts file.",
    );
  const found = readHostKey(key);
  if (!found || !isAbout(found, name.toLowerCase()))
    throw new TaskFailure(
      "Host parameter does not match hashed host field in supplied key",
      "the key's line begins with the host's name, as ssh-keyscan prints it",
    );
}
