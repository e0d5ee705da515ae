/**
 * What `check_mode: true` asks: whether the server has the file, by a request for its headers.
 * Nothing is fetched.
 */
import { TaskFailure } from "../../../errors.ts";
import { command } from "../../../probes/command.ts";
import { ask, type Probes } from "../../../probes/probe.ts";
import type { StepOutput } from "../../contract/module.ts";
import { requestScript } from "../../network/uri/request.ts";
import { readResponse } from "../../network/uri/response.ts";
import type { UriArgs } from "../../network/uri/schema.ts";
import type { GetUrlArgs } from "./schema.ts";

// Asks the server, where it is one of HTTP and the host is who downloads.
export function askServer(args: GetUrlArgs): Probes<{ told?: StepOutput }> {
  if (args.from !== "host" || !/^https?:/i.test(args.url)) return {};
  const script = requestScript(headersOnly(args)).sh;
  return { told: ask(command, { script, isTimed: false }) };
}

// What is registered of a file that the server has. Throws TaskFailure where it has none.
export function readAnswer(args: GetUrlArgs, told: StepOutput): { msg: unknown } {
  const { status, msg } = readResponse(headersOnly(args), told);
  if (status === 200) return { msg };
  if (status === -1) throw new TaskFailure(String(msg));
  const response = String(msg).replace(/^Status code was .*?: /, "");
  throw new TaskFailure("Request failed", `${response}: check the URL`, {
    status_code: status,
    response,
  });
}

// The request for the headers of a file.
function headersOnly(args: GetUrlArgs): UriArgs {
  return {
    ...args,
    method: "HEAD",
    status_code: [200],
    body_format: "raw",
    follow_redirects: "all",
    return_content: false,
    http_agent: args.http_agent ?? "ansible-httpget",
  };
}
