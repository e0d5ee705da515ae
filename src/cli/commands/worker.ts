import { cpus, hostname } from "node:os";
import { UnplacedError } from "../../errors.ts";
import { openBroker, shownUrl } from "../../queue/broker.ts";
import { wantKeyFile } from "../../queue/coordinator.ts";
import { makeKey, readKey } from "../../queue/seal.ts";
import { serve } from "../../queue/worker.ts";
import { screen } from "../../report/screen.ts";
import { stoppable } from "../stop/stop.ts";
import { ownProgram } from "../cores/workers.ts";
import type { WorkerFlags } from "../settings/worker-options.ts";
import { VERSION } from "../version.ts";

// `hullwright worker`: does hosts of runs that are started elsewhere, until it
// is stopped. Exit code 0.
export async function workerCommand(flags: WorkerFlags): Promise<number> {
  const say = (line: string): void => screen.tell("stdout", `${line}\n`);
  if (flags.makeKey !== undefined) {
    makeKey(flags.makeKey);
    say(`the key is in ${flags.makeKey}; coordinators and workers need the same file`);
    return 0;
  }
  if (flags.queue === undefined)
    throw new UnplacedError(
      "a worker needs a queue to listen on",
      "name it: --queue redis://HOST:PORT",
    );
  const key = readKey(wantKeyFile(flags.queueKey));
  const broker = await openBroker(flags.queue, key);
  const { concurrency } = flags;
  say(
    `${hostname()} pid ${process.pid}: waiting for hosts on ${shownUrl(flags.queue)}; ${concurrency} at once, ${cpus().length} cores`,
  );
  try {
    await stoppable(
      async (stop) =>
        serve(
          {
            broker,
            key,
            version: VERSION,
            program: ownProgram("share")!,
            concurrency,
            say,
          },
          stop,
        ),
      Infinity,
    );
  } finally {
    await broker.close();
  }
  return 0;
}
