import { sh } from "../../script/sh.ts";
import { Unknown } from "../../value.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Waits during apply until it can log in to the host, as after a first boot. plan does not wait: if the host does not answer, all later tasks are known after apply.",
  example: `name: Wait until the host answers
wait_for_connection: {timeout: 300}`,
  returns: ["elapsed: the seconds that it took"],
  arguments: {
    connect_timeout: { type: "int", default: 5, description: "Seconds for one attempt to log in." },
    delay: { type: "int", default: 0, description: "Seconds before the first try." },
    sleep: { type: "int", default: 1, description: "Seconds between two tries." },
    timeout: { type: "int", default: 600, description: "Seconds until it fails." },
  },
} as const satisfies Schema;

type WaitArgs = ArgsOf<typeof schema>;

/**
 * Waits until the host can be logged in to. A host that does not answer yet can
 * be planned up to here.
 */
export const wait_for_connection: Module<WaitArgs, Record<never, never>> = {
  name: "wait_for_connection",
  schema,
  observe: () => ({}),
  plan(args) {
    const { connect_timeout: connectTimeout, delay, sleep, timeout } = args;
    return {
      after: {},
      steps: [],
      runner: {
        kind: "reconnect",
        delay,
        sleep,
        timeout,
        connectTimeout,
        test: sh`:`,
        what: "the connection",
      },
      diff: [],
      silent: true,
    };
  },
  result: (_args, _state, outputs) => ({
    elapsed: outputs?.[0] ? Number(outputs[0].stdout) : new Unknown("the wait"),
  }),
};
