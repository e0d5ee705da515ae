import { TaskFailure } from "../../errors.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { messageText } from "./message-text.ts";

const schema = {
  description: "Fails the host with a message; used with `when`.",
  example: `name: Only Debian is supported
fail: {msg: this is not Debian}
when: ansible_os_family != "Debian"`,
  reachesNoHost: true,
  returns: ["msg: why"],
  arguments: {
    msg: {
      null: "kept",
      type: "raw",
      default: "Failed as requested from task",
      description: "The message.",
    },
  },
} as const satisfies Schema;

/** Fails the host with a message. */
export const fail: Module<ArgsOf<typeof schema>, Record<never, never>> = {
  name: "fail",
  readOnly: true,
  schema,
  observe: () => ({}),
  plan(args) {
    throw new TaskFailure(messageText(args.msg), undefined, { msg: args.msg });
  },
  result: () => ({}),
};
