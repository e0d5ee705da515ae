import type { Command } from "commander";
import { wholeNumber } from "./option-values.ts";

/** What worker takes. */
export interface WorkerFlags {
  queue?: string;
  queueKey?: string;
  concurrency: number;
  makeKey?: string;
}

// Adds the flags of worker.
export function workerFlags(command: Command): Command {
  return command
    .option("--queue <url>", "the queue: redis://HOST:PORT, or rediss:// for TLS")
    .option("--queue-key <file>", "the key that coordinators and workers of the queue share")
    .option("--make-key <file>", "make such a key, and do nothing else")
    .option("--concurrency <n>", "shares that are done at once", wholeNumber, 1);
}
