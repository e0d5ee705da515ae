import { command } from "../../probes/command.ts";
import { schema } from "./uri/schema.ts";
import { statPath } from "../../probes/files/path.ts";
import { ask } from "../../probes/probe.ts";
import { FURTHER, Unknown } from "../../value.ts";
import { askConditions, needless, type CommandState } from "../commands/command.ts";
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
    if (skippedBy(args, before)) return null;
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
    const reason = skippedBy(args, state);
    if (reason) return { stdout: reason, stdout_lines: [reason] };
    const unknown = new Unknown(`what ${shownUrl(args.url)} answers`);
    return {
      url: args.follow_redirects === "none" ? shownUrl(args.url) : unknown,
      status: unknown,
      redirected: unknown,
      elapsed: unknown,
      msg: unknown,
      ...defined({ content: args.return_content ? unknown : undefined }),
      [FURTHER]: unknown,
    };
  },
};

// Why nothing is sent, in the words of Ansible's module; undefined: it is.
function skippedBy(args: UriArgs, state: CommandState): string | undefined {
  const reason = needless(args, state);
  return reason && `skipped, since '${reason.path}' ${reason.how}`;
}
