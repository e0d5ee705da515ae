import { defined } from "../../defined.ts";
import { Run } from "../../run/run.ts";
import { machineOf } from "../connection/address.ts";
import type { FoundHosts } from "./hosts/find-hosts.ts";
import { mistakeIn, refuseMistakes } from "./mistakes.ts";
import { asksNothing } from "./playbook/prompts-and-start.ts";
import type { HostReach } from "./reach-hosts.ts";
import { partHosts, readOrPart, type WalkedHosts } from "./read-or-part.ts";
import type { RunRequest } from "./run-request.ts";
import { keepHeapSmall } from "./small-heap.ts";
import type { Sources } from "./sources.ts";

/** How many hosts are at work at once, unless the user says. */
const USUAL_FORKS = 50;

/** Opens hosts, and walks them for the first time. */
export class HostWalker {
  private readonly request: RunRequest;
  private readonly sources: Sources;
  private readonly reach: HostReach;
  private readonly found: FoundHosts;

  constructor(request: RunRequest, sources: Sources, reach: HostReach, found: FoundHosts) {
    [this.request, this.sources, this.reach, this.found] = [request, sources, reach, found];
  }

  // Walks all hosts, or the first alone where several processes do a part each. Throws InputError
  // for a mistake that a walk shows.
  async begin(): Promise<WalkedHosts> {
    const { names, fleet } = this.found;
    const view = fleet.view([]);
    const parts = partHosts(names, this.processes(), (name) =>
      machineOf(this.reach.opener.loginOf(name, view)),
    );
    return readOrPart(
      names,
      parts,
      async (some, mayAsk) => this.walk(some, mayAsk),
      this.sources.read,
      this.request.isEager ?? false,
    );
  }

  // Walks all hosts here.
  async walkAll(): Promise<Run> {
    return this.walk(this.found.names, this.request.isEager ?? false);
  }

  // How many processes are to do the hosts, as far as is known before any is walked.
  private processes(): number {
    const { workers, flags } = this.request;
    const { playbook, read } = this.sources;
    const { names, mayGrow } = this.found;
    const mayPart = !mayGrow && read.areLasting && playbook.plays.every(asksNothing);
    return mayPart ? (workers?.(flags, names.length) ?? 1) : 1;
  }

  private async walk(names: readonly string[], isEager: boolean): Promise<Run> {
    const run = await this.open(names, isEager);
    try {
      await run.read();
      this.refuseMistaken(run);
      return run;
    } catch (error) {
      await this.reach.logins.close();
      throw error;
    }
  }

  private async open(names: readonly string[], isEager: boolean): Promise<Run> {
    const { fleet, relays } = this.found;
    const { opener, logins, gates } = this.reach;
    const { flags, part } = this.request;
    const forks = flags.forks ?? USUAL_FORKS;
    if (names.length > forks) keepHeapSmall();
    const view = fleet.view([]);
    const hosts = await opener.openMany(names, view, (name) => fleet.run(name, view));
    for (const name of names) relays.relaysOf(name); // for the mistakes in them
    return new Run({
      fleet,
      playbook: this.sources.playbook,
      hosts,
      find: (name) => fleet.runs.get(name)!,
      forks,
      isEager,
      sound: gates.logIn.open,
      release: async (name) => logins.end(name),
      ...defined({ others: part?.others }),
    });
  }

  private refuseMistaken({ hosts }: Run): void {
    const wrong = hosts.find(mistakeIn);
    if (!wrong) return;
    this.request.part?.mistaken(wrong.host.name);
    refuseMistakes(wrong);
  }
}
