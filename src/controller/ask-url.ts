import { spawnSync } from "node:child_process";
import type { WebAnswer, WebRequest } from "../jinja/template-io.ts";
import { defined } from "../defined.ts";
import { noteUnrepeatable } from "../disk/reading.ts";

/**
 * Asks one server and writes the answer as JSON: a process of its own, as templates cannot wait.
 */
const ASK = `
const { url, headers, timeout, follow } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const say = (answer) => process.stdout.write(JSON.stringify(answer));
fetch(url, { headers, redirect: follow ? "follow" : "manual", signal: AbortSignal.timeout(timeout * 1000) })
  .then(async (answer) => say({ status: answer.status, reason: answer.statusText, text: await answer.text() }))
  .catch((error) => say({ error: String(error.cause?.message || error.cause?.code || error.message) }));
`;

// Asks a server, and remembers what it said for the rest of the run.
export function urlAsker(): (request: WebRequest) => WebAnswer {
  const answers = new Map<string, WebAnswer>();
  return (request) => {
    const key = JSON.stringify(request);
    noteUnrepeatable("what the network answers");
    const answer = answers.get(key) ?? ask(request, key);
    answers.set(key, answer);
    return answer;
  };
}

// Asks now.
function ask({ trust, authority }: WebRequest, input: string): WebAnswer {
  const env = {
    ...process.env,
    ...defined({
      NODE_TLS_REJECT_UNAUTHORIZED: trust ? undefined : "0",
      NODE_EXTRA_CA_CERTS: authority,
    }),
  };
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--no-warnings", "-e", ASK], {
    input,
    encoding: "utf8",
    env,
    maxBuffer: 1 << 28,
  });
  return status === 0 ? (JSON.parse(stdout) as WebAnswer) : { error: stderr.trim() };
}
