import type { Client, ClientChannel } from "ssh2";
import { UnreachableError } from "../../errors.ts";
import {
  LAST_WORDS_MS,
  type Channel,
  type Closing,
  type OpenChannel,
  type Sinks,
} from "../channel.ts";
import { commandLine } from "./config/quote.ts";

// How a connection starts a process. It remembers why the connection broke, for all
// channels that went with it.
export function openExec(
  client: Client,
  label: string,
  environment: Record<string, string> = {},
): OpenChannel {
  let lost: string | undefined;
  client.on("error", (error) => {
    lost ??= error.message;
  });
  const gone = new Promise<void>((resolve) => {
    client.on("close", () => {
      lost ??= "the host closed it";
      resolve();
    });
  });
  return async (argv: string[], sinks: Sinks, isRestricted?: boolean): Promise<Channel> =>
    exec({ client, label, environment }, commandLine(argv, isRestricted), (stream) =>
      adaptChannel(stream, sinks, { gone, lost: () => lost }),
    );
}

// Asks for one process. The login shell reads the line, whichever shell that is. The channel is
// listened to at once: how a quick process ended may come in the same packet.
function exec(
  {
    client,
    label,
    environment,
  }: { client: Client; label: string; environment: Record<string, string> },
  line: string,
  adapt: (stream: ClientChannel) => Channel,
): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const refused = (error: Error): void => {
      const hint = "sshd may allow no more sessions on one connection (MaxSessions)";
      reject(
        new UnreachableError(
          "lost",
          `${label} started no process: ${error.message}`,
          /open fail/.test(error.message) ? hint : undefined,
        ),
      );
    };
    try {
      client.exec(line, { env: environment }, (error, stream) =>
        error ? refused(error) : resolve(adapt(stream)),
      );
    } catch (error) {
      refused(error as Error);
    }
  });
}

/** The connection that carries the channels: its end, and the reason for it. */
interface Carrier {
  gone: Promise<void>;
  lost(): string | undefined;
}

// An ssh2 channel as ours. Its write callbacks never come once it has closed, so
// closing settles them too.
function adaptChannel(stream: ClientChannel, sinks: Sinks, carrier: Carrier): Channel {
  const closed = channelEnd(stream, carrier);
  stream.on("data", sinks.stdout);
  stream.stderr.on("data", sinks.stderr);
  stream.on("error", () => undefined);
  const gone = closed.then(() => undefined);
  return {
    closed,
    write: (bytes) =>
      Promise.race([new Promise<void>((resolve) => stream.write(bytes, () => resolve())), gone]),
    close: () => stream.close(),
  };
}

// Resolves when the channel has closed: with the process's own end, or without one when the
// connection broke. An sshd that could not write to a process any more closes the channel
// without saying how that process ended; the connection lives on. Where the connection ends too,
// nothing more is waited for.
function channelEnd(stream: ClientChannel, { gone, lost }: Carrier): Promise<Closing> {
  return new Promise((resolve) => {
    let ending: Closing | undefined;
    stream.on("exit", (code: number | null, signal?: string) => {
      ending = { code: code ?? undefined, signal };
      setTimeout(resolve, LAST_WORDS_MS, ending).unref();
    });
    stream.on("close", () => {
      if (ending) return resolve(ending);
      const end = (): void => resolve(lost() === undefined ? {} : { lost: lost() });
      const timer = setTimeout(end, 50);
      void gone.then(() => {
        clearTimeout(timer);
        end();
      });
    });
  });
}
