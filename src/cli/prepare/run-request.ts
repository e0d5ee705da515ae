import type { Place } from "../../errors.ts";
import type { Printed } from "../../inventory/program.ts";
import type { PlaybookText } from "../../playbook/load/load.ts";
import type { Turns } from "../../run/machine.ts";
import type { OtherParts } from "../../run/other-parts.ts";
import type { Transport } from "../../transport/transport.ts";
import type { Vault } from "../../vault/vault.ts";
import type { AnsibleConfig } from "../settings/ansible-cfg.ts";
import type { RunFlags } from "../settings/options.ts";
import type { NewFact } from "./fact-memory.ts";
import type { KeptSources } from "./sources.ts";

/** What is to be run, and how. */
export interface RunRequest {
  /** The playbooks, by their paths; at least one. */
  books: readonly string[];
  flags: RunFlags;
  settings: AnsibleConfig;
  becomePassword: string | undefined;
  /** It decrypts what is read, and hides what it decrypted. */
  vault: Vault;
  warn(message: string, place?: Place): void;
  /** A playbook that no file holds, in the place of one that does. */
  book?: PlaybookText | undefined;
  /**
   * Hosts may be logged in on and asked as soon as it is known what, while others are still walked.
   */
  isEager?: boolean | undefined;
  /** How many processes so many hosts are worth; only this one unless given. */
  workers?: ((flags: RunFlags, hosts: number) => number) | undefined;
  /** It is a part of a run, which another process has begun. */
  part?: RunPart | undefined;
  /** Takes note of what hosts are sent, so that the run can be remembered. */
  remembering?: { over(transport: Transport): Transport } | undefined;
  /** What is read once by a program that does several parts of a run. */
  kept?: KeptSources | undefined;
}

/** What a part of a run has from the process that began the run. */
export interface RunPart {
  /** The run's name. */
  run: string;
  /** What programs for inventories printed. */
  printed: Printed;
  others: OtherParts;
  turns: Turns;
  askPassphrase(prompt: string): Promise<string | undefined>;
  keepFacts(news: readonly NewFact[]): void;
  /** Hears of the host whose plan shows a mistake, before that is thrown. */
  mistaken(host: string): void;
}
