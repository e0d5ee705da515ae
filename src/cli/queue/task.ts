import type { PromisedHost } from "../../plan/saved.ts";
import type { RunFlags } from "../settings/options.ts";

/** What a share is made of, besides its hosts: it travels sealed. */
export interface ShareTask {
  playbooks: readonly { path: string; shipped?: true }[];
  flags: RunFlags;
  passwords: { connection?: string; become?: string };
  /** Passwords of ansible-vault, in base64. */
  vault: readonly { id: string; password: string }[];
  /** The only things that may be done, if they were shown to somebody or saved. */
  plan?: { hosts: { [name: string]: PromisedHost }; unplanned: string[] };
}
