import { type ArgsOf } from "../../contract/schema.ts";
import { notCheckable, type Schema } from "../../contract/schema.ts";

/** States of TCP connections; the kernel counts them from 1 in this order. */
export const CONNECTION_STATES = [
  "ESTABLISHED",
  "SYN_SENT",
  "SYN_RECV",
  "FIN_WAIT1",
  "FIN_WAIT2",
  "TIME_WAIT",
] as const;

export const schema = {
  description: "Waits during apply until a port or a path exists, or is gone. plan does not wait.",
  example: `name: Wait until the service listens
wait_for: {port: 8080, timeout: 60}`,
  checkMode: notCheckable("wait_for"),
  returns: ["elapsed: the seconds that it took", "state, port, path, search_regex: as given"],
  arguments: {
    port: { type: "int", description: "A TCP port." },
    host: {
      null: "default",
      type: "str",
      default: "127.0.0.1",
      description:
        "Where the port is. Hosts other than the host itself are tried with bash, nc or curl.",
    },
    path: { type: "path", description: "A path on the host." },
    search_regex: {
      type: "str",
      description:
        "What must be in the file, or in what the port sends first; needs grep -P on the host.",
    },
    state: {
      type: "str",
      choices: ["absent", "drained", "present", "started", "stopped"],
      default: "started",
      description:
        "started, present: it exists; stopped, absent: it is gone; drained: the port has no connections.",
    },
    timeout: {
      type: "int",
      default: 300,
      description: "Seconds until it fails. With neither port nor path: how long to wait.",
    },
    connect_timeout: {
      null: "default",
      type: "int",
      default: 5,
      description: "Seconds for one attempt to connect.",
    },
    delay: { type: "int", default: 0, description: "Seconds before the first check." },
    sleep: { type: "int", default: 1, description: "Seconds between two checks." },
    msg: { type: "str", description: "The message if it fails." },
    active_connection_states: {
      type: "list",
      elements: "str",
      default: ["ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "SYN_RECV", "SYN_SENT", "TIME_WAIT"],
      choices: CONNECTION_STATES,
      description: "The states of connections that count for drained.",
    },
  },
  mutuallyExclusive: [["port", "path"]],
} as const satisfies Schema;

export type WaitArgs = ArgsOf<typeof schema>;
