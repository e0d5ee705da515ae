import { hideSecretText } from "../../secrets.ts";
import type { Session, Transport } from "../../transport/transport.ts";
import type { Mask } from "../../vault/mask.ts";
import { sessionThrough } from "../../run/session-through.ts";

// With -vvv: what each host is asked, and what it answers, on stderr; nothing of tasks
// with no_log, and no secrets.
export function traced(transport: Transport, mask: Mask, print: (text: string) => void): Transport {
  const say = (host: string, what: string, text: string): void =>
    print(shownInTrace(`--- ${host} ${what}\n${text}\n`, mask));
  return {
    async open(connection) {
      const session = await transport.open(connection);
      const { name } = connection;
      return sessionThrough(
        session,
        tracedRun(session, (what, text) => say(name, what, text)),
      );
    },
    close: () => transport.close(),
  };
}

// Runs programs, and says what is asked and answered, but for what no_log hides.
function tracedRun(session: Session, say: (what: string, text: string) => void): Session["run"] {
  return async (program, options) => {
    const shown = options?.traceText;
    say("is asked", shown ? `${shown()}\n# the rest is hidden because no_log is set` : program);
    const output = await session.run(program, options);
    const answer = shown
      ? "# hidden because no_log is set"
      : `${output.stdout.toString("utf8")}\n${output.stderr}`;
    say(`answers (code ${output.code})`, answer);
    return output;
  };
}

/** Files are sent as base64, whose lines are meaningless to people, and may contain secrets. */
const BASE64 = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{40,}={0,2}(?:\n[A-Za-z0-9+/]+={0,2}(?=\n))*/g;
/** Small files that travel inside of programs. */
const FILE = /(<<'HW_FILE'[^\n]*\n)([\s\S]*?)(HW_FILE\n)/g;
/** Digests and paths look like base64, but mean something. */
const READABLE =
  /^(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}|[^A-Z]*|\/(?:bin|boot|data|dev|etc|home|lib|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)\/.*)$/;

// A text of the trace as it may be shown: without contents of files, secrets, and
// control characters of a host.
export function shownInTrace(text: string, mask: Mask): string {
  const withoutFiles = text.replace(
    FILE,
    (_whole, begin: string, content: string, end: string) => `${begin}${sizeOf(content)}\n${end}`,
  );
  const readable = withoutFiles.replace(BASE64, (found) =>
    READABLE.test(found) ? found : sizeOf(found),
  );
  return hideSecretText(mask.hide(readable));
}

function sizeOf(base64: string): string {
  return `(${Buffer.from(base64, "base64").byteLength} bytes in base64)`;
}
