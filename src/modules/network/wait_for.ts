import { TaskFailure } from "../../errors.ts";
import { askWaiting, type Awaited } from "../../probes/system/wait-for.ts";
import { compileRegex } from "../../jinja/python/regex.ts";
import { Unknown } from "../../value.ts";
import type { Module, StepOutput } from "../contract/module.ts";
import { hostPath } from "../shared/files/ownership.ts";
import { CONNECTION_STATES, isLocal, waitScript, type WaitArgs } from "./wait_for/script.ts";

/** Waits until something is so. What is so already, with nothing planned that may change it, costs nothing. */
export const wait_for: Module<WaitArgs, { there?: boolean }> = {
  name: "wait_for",
  readOnly: true,
  schema: {
    description:
      "Waits at apply until a port or a path is there, or is gone. A plan does not wait.",
    arguments: {
      port: { type: "int", description: "A TCP port." },
      host: {
        type: "str",
        default: "127.0.0.1",
        description:
          "Where the port is. Another host than the host itself is tried with bash, nc or curl.",
      },
      path: { type: "path", description: "A path on the host." },
      search_regex: {
        type: "str",
        description:
          "What must stand in the file, or in what the port says first; needs grep -P on the host.",
      },
      state: {
        type: "str",
        choices: ["absent", "drained", "present", "started", "stopped"],
        default: "started",
        description:
          "started, present: it is there; stopped, absent: it is gone; drained: the port has no connections.",
      },
      timeout: {
        type: "int",
        default: 300,
        description: "Seconds until it fails. With neither port nor path: how long to wait.",
      },
      connect_timeout: { type: "int", default: 5, description: "Seconds for one try to connect." },
      delay: { type: "int", default: 0, description: "Seconds before the first look." },
      sleep: { type: "int", default: 1, description: "Seconds between two looks." },
      msg: { type: "str", description: "What is said where it fails." },
      active_connection_states: {
        type: "list",
        elements: "str",
        default: ["ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "SYN_RECV", "SYN_SENT", "TIME_WAIT"],
        choices: CONNECTION_STATES,
        description: "The states of connections that count for drained.",
      },
    },
    mutuallyExclusive: [["port", "path"]],
  },
  observe(args) {
    const what = awaited(args);
    return what ? { there: askWaiting(what) } : {};
  },
  plan(args, before) {
    refuse(args);
    const wanted = args.state === "started" || args.state === "present";
    if (before.there === wanted) return null;
    return {
      after: before.there === undefined ? {} : { there: wanted },
      steps: [{ run: waitScript(args) }],
      silent: true,
    };
  },
  result(args, _state, outputs) {
    const elapsed = Number(/^elapsed (\d+)$/m.exec(outputs?.[0]?.stdout ?? "")?.[1] ?? 0);
    return {
      state: args.state,
      port: args.port ?? null,
      path: args.path ?? null,
      search_regex: args.search_regex ?? null,
      elapsed,
      ...matchKeys(args, outputs),
    };
  },
};

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
      ? null
      : compileRegex(pattern!, { ignoreCase: false, multiline: true }).exec(
          Buffer.from(text, "base64").toString("utf8"),
        );
  return {
    match_groups: found?.slice(1).map((group) => group ?? null) ?? [],
    match_groupdict: Object.fromEntries(
      Object.entries(found?.groups ?? {}).map(([name, group]) => [name, group ?? null]),
    ),
  };
}

// What one look tells; undefined: it takes more than that.
function awaited({ port, path, host, state, search_regex }: WaitArgs): Awaited | undefined {
  if (search_regex !== undefined || state === "drained") return undefined;
  if (path !== undefined) return { path: hostPath(path) };
  return port !== undefined && isLocal(host) ? { port } : undefined;
}

// Fails for what makes no sense together.
function refuse({ port, path, state }: WaitArgs): void {
  if (path !== undefined && (state === "stopped" || state === "drained"))
    throw new TaskFailure(`state: ${state} is for ports, not for paths`, "a path is absent");
  if (port === undefined && state === "drained")
    throw new TaskFailure("state: drained needs a port");
  if (port !== undefined && (port < 1 || port > 65_535))
    throw new TaskFailure(`${port} is no port`, "ports are 1 to 65535");
}
