import { posix } from "node:path";
import { TaskFailure } from "../../errors.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { Unknown } from "../../value.ts";
import type { Controller, ControllerPath, Module, StepOutput } from "../contract/module.ts";
import { hostPath } from "../shared/files/ownership.ts";
import type { BroughtFile } from "../contract/controller-step.ts";
import { defined } from "../../defined.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { fieldDiff } from "../contract/diff.ts";

const schema = {
  description: "Fetches a file from the host to the controller.",
  example: `name: Keep the hosts' kernel logs here
fetch: {src: /var/log/kern.log, dest: logs/}`,
  checkMode: { kind: "skipped", msg: "check mode not (yet) supported for this module" },
  findsHomesBefore: true,
  returns: ["dest: where it is on the controller", "checksum, md5sum: its SHA-1 and MD5"],
  arguments: {
    src: {
      type: "path",
      required: true,
      description: "The file on the host; a link is followed.",
    },
    dest: {
      type: "path",
      here: true,
      required: true,
      description:
        "Where to put it on the controller: a directory that gets it as HOST/PATH, or with flat the path of the file itself. It is relative to the playbook's directory.",
    },
    flat: {
      type: "bool",
      default: false,
      description:
        "dest is the path of the file itself; with a trailing slash, a directory that gets it under its own name.",
    },
    fail_on_missing: {
      type: "bool",
      default: true,
      description: "Fails if there is no such file on the host.",
    },
    validate_checksum: {
      type: "bool",
      default: true,
      description: "Fails if the fetched file differs from the one on the host.",
    },
  },
} as const satisfies Schema;

type FetchArgs = ArgsOf<typeof schema>;

/** Brings files of hosts here. The plan compares digests; the file itself travels at apply. */
export const fetch: Module<FetchArgs, { file: PathState }> = {
  name: "fetch",
  schema,
  observe: (args) => ({
    file: statPath(hostPath(args.src), { follow: true, digest: true, source: true }),
  }),
  onController: { kind: "file", path: placeOf },
  plan(args, before, controller) {
    const fault = faultOf(before.file);
    if (fault !== undefined && args.fail_on_missing)
      throw new TaskFailure(fault, undefined, before.file ? {} : { msg: `${fault}${IGNORED}` });
    if (fault !== undefined || !before.file) return null;
    const { to, here } = destination(args, controller);
    const { sha256, mode } = before.file;
    if (here?.type === "file" && here.sha256 === sha256) return null;
    const check = args.validate_checksum && sha256 ? { sha256 } : {};
    const diff = [fieldDiff(to, here?.type === "file" ? here.sha256 : null, sha256 ?? null)];
    return {
      after: before,
      steps: [],
      runner: { kind: "bring", from: hostPath(args.src), to, ...defined({ mode }), ...check },
      diff,
    };
  },
  result(args, { file }, outputs, controller) {
    const fault = faultOf(file);
    if (fault !== undefined) return { changed: false, file: args.src, msg: `${fault}${IGNORED}` };
    const { to, here } = destination(args, controller);
    if (!outputs && here?.type === "file" && here.sha256 === file?.sha256)
      return { md5sum: here.md5, file: args.src, dest: to, checksum: here.sha1 };
    const { md5, sha1 } = brought(outputs);
    return { md5sum: md5, dest: to, remote_md5sum: null, checksum: sha1, remote_checksum: sha1 };
  },
};

/** Ansible registers this of a file that is not there, even where that is a failure. */
const IGNORED = ", not transferring, ignored";

// Why there is nothing to bring.
function faultOf(file: PathState): string | undefined {
  if (file === null) return "the remote file does not exist";
  if (file.type === "directory")
    return "remote file is a directory, fetch cannot work on directories";
  if (file.type === "denied") return "the remote file may not be read";
  return file.type === "file"
    ? undefined
    : `remote file is a ${file.type}, fetch cannot work on those`;
}

// The local path of the file, and what is there now.
function destination(
  args: FetchArgs,
  controller: Controller,
): { to: string; here: ControllerPath | null } {
  const to = placeOf(args, controller);
  const here = controller.here(to);
  if (here?.type === "directory")
    throw new TaskFailure(
      `dest ${to} is an existing directory`,
      "use a trailing slash if you want to fetch src into that directory",
    );
  return { to, here };
}

function placeOf(args: FetchArgs, controller: Controller): string {
  return controller.place(args.flat ? flatName(args) : treeName(args, controller));
}

// With a slash at its end, dest is a directory.
function flatName({ src, dest }: FetchArgs): string {
  return dest.endsWith("/") ? dest + posix.basename(src) : dest;
}

// Each host has a directory of its own, in which files have the same paths as on the host.
function treeName({ src, dest }: FetchArgs, controller: Controller): string {
  return posix.join(
    dest,
    String(controller.evaluate("inventory_hostname")),
    posix.normalize(hostPath(src)),
  );
}

// What the runner reported about the file; not known before it is here.
function brought(
  outputs: StepOutput[] | undefined,
): BroughtFile | { [key in keyof BroughtFile]: Unknown } {
  const text = outputs?.at(-1)?.stdout;
  if (text) return JSON.parse(text) as BroughtFile;
  const unknown = new Unknown("the fetched file");
  return { sha256: unknown, sha1: unknown, md5: unknown };
}
