import { TaskFailure } from "../../errors.ts";
import { schema } from "./wait_for/schema.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { askWaiting, type Awaited } from "../../probes/system/wait-for.ts";
import { compileRegex } from "../../jinja/python/regex.ts";
import { Unknown } from "../../value.ts";
import type { Module, StepOutput } from "../contract/module.ts";
import { shownState } from "../shared/files/attributes.ts";
import { hostPath } from "../shared/files/ownership.ts";
import { isLocal, readPath, waitScript } from "./wait_for/script.ts";
import type { WaitArgs } from "./wait_for/schema.ts";
import { fromKeys } from "../../records.ts";

/** Whether it is there, where one look tells, and what is at the path. */
type WaitState = { there?: boolean; file?: PathState };

/**
 * Waits until something is so. What is so already, with nothing planned that may
 * change it, costs nothing.
 */
export const wait_for: Module<WaitArgs, WaitState> = {
  name: "wait_for",
  readOnly: true,
  schema,
  observe(args) {
    const what = awaited(args);
    if (!what) return {};
    const file = "path" in what && comes(args) ? { file: statPath(what.path) } : {};
    return { there: askWaiting(what), ...file };
  },
  plan(args, before) {
    refuse(args);
    const wanted = comes(args);
    if (before.there === wanted) return null;
    return {
      after: before.there === undefined ? {} : { ...before, there: wanted },
      steps: [{ run: waitScript(args) }],
      diff: [],
      silent: true,
      opaque: "wait",
      result: toBeSeen(args),
    };
  },
  result(args, { file }, outputs) {
    if (outputs?.at(-1)?.code) return elapsedOf(outputs);
    return {
      state: args.state,
      port: args.port ?? null,
      path: args.path ?? null,
      search_regex: args.search_regex ?? null,
      ...(file && shownState(file)),
      ...readPath(outputs?.[0]?.stdout ?? ""),
      ...elapsedOf(outputs),
      ...matchKeys(args, outputs),
    };
  },
};

// Whether something is to come, and not to go.
function comes({ state }: WaitArgs): boolean {
  return state === "started" || state === "present";
}

// How many seconds were waited.
function elapsedOf(outputs: readonly StepOutput[] | undefined): { elapsed: number } {
  return { elapsed: Number(/^elapsed (\d+)$/m.exec(outputs?.[0]?.stdout ?? "")?.[1] ?? 0) };
}

// What nobody knows of a wait before it is over.
function toBeSeen(args: WaitArgs): { [key: string]: Unknown } {
  const ofPath = ["state", "mode", "uid", "gid", "size", "owner", "group"];
  const keys = ["elapsed", ...(args.path !== undefined && comes(args) ? ofPath : [])];
  return fromKeys(keys, () => new Unknown("what is waited for"));
}

// The groups of what was found, as a list and by their names.
function matchKeys(
  { search_regex: pattern }: WaitArgs,
  outputs: StepOutput[] | undefined,
): { match_groups: unknown; match_groupdict: unknown } {
  const unknown = new Unknown("what is waited for");
  if (pattern !== undefined && !outputs) return { match_groups: unknown, match_groupdict: unknown };
  const text = /^match (.*)$/m.exec(outputs?.[0]?.stdout ?? "")?.[1];
  const found =
    text === undefined
      ? undefined
      : compileRegex(pattern!, { multiline: true }).search(
          Buffer.from(text, "base64").toString("utf8"),
        );
  return {
    match_groups: found?.groups ?? [],
    match_groupdict: fromKeys([...(found?.names.keys() ?? [])], (name) => found!.group(name)),
  };
}

// The result of one look; undefined: it takes more than that.
function awaited({ port, path, host, state, search_regex }: WaitArgs): Awaited | undefined {
  if (search_regex !== undefined || state === "drained") return undefined;
  if (path !== undefined) return { path: hostPath(path) };
  return port !== undefined && isLocal(host) ? { port } : undefined;
}

// Fails for what makes no sense together.
function refuse({ port, path, state }: WaitArgs): void {
  if (path !== undefined && (state === "stopped" || state === "drained"))
    throw new TaskFailure(
      `state: ${state} is for ports, not for paths`,
      "use state: absent for a path",
    );
  if (port === undefined && state === "drained")
    throw new TaskFailure("state: drained needs a port");
  if (port !== undefined && (port < 1 || port > 65_535))
    throw new TaskFailure(`${port} is not a port`, "ports are 1 to 65535");
}
