import { command } from "../../probes/command.ts";
import { schema } from "./uri/schema.ts";
import { statPath } from "../../probes/files/path.ts";
import { ask } from "../../probes/probe.ts";
import { Unknown } from "../../value.ts";
import { askConditions, skipReason, type CommandState } from "../commands/command.ts";
import { shownUrl } from "../shared/download/download.ts";
import type { Module } from "../contract/module.ts";
import { isLooking, requestScript } from "./uri/request.ts";
import { readResponse } from "./uri/response.ts";
import { defined } from "../../defined.ts";
import type { UriArgs } from "./uri/schema.ts";

/** A request to a web service, sent by the host. Like Ansible's, it never counts as a change. */
export const uri: Module<UriArgs, CommandState> = {
  name: "uri",
  schema,
  observe: (args) => askConditions(args, (path) => statPath(path)),
  probe: (args) =>
    isLooking(args) && args.creates === undefined && args.removes === undefined
      ? ask(command, { script: requestScript(args).sh, isTimed: false })
      : undefined,
  plan(args, before) {
    if (skipReason(args, before)) return null;
    const diff = [{ kind: "note", title: `${args.method} ${shownUrl(args.url)}` }] as const;
    return {
      after: before,
      steps: [{ run: requestScript(args) }],
      silent: true,
      ...defined({ opaque: isLooking(args) ? undefined : true }),
      diff: [...diff],
    };
  },
  result(args, state, outputs) {
    if (outputs) return readResponse(args, outputs[0]!);
    const reason = skipReason(args, state);
    if (reason) return { stdout: reason };
    const unknown = new Unknown(`what ${shownUrl(args.url)} answers`);
    return {
      url: shownUrl(args.url),
      status: unknown,
      json: unknown,
      msg: unknown,
      ...defined({ content: args.return_content ? unknown : undefined }),
    };
  },
};
