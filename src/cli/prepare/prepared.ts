import type { Printed } from "../../inventory/program.ts";
import type { HostRun } from "../../run/host-run.ts";
import { tellShared } from "../../run/machine.ts";
import type { Run } from "../../run/run.ts";
import type { Variables } from "../../plan/model/variables.ts";
import type { Play, Playbook } from "../../playbook/play.ts";
import type { Mask } from "../../vault/mask.ts";
import type { NewFact } from "./fact-memory.ts";
import type { FoundHosts } from "./hosts/find-hosts.ts";
import type { HostReach } from "./reach-hosts.ts";
import type { ReadFiles } from "./read-files.ts";
import type { WalkedHosts } from "./read-or-part.ts";
import type { RunRequest } from "./run-request.ts";
import type { Sources } from "./sources.ts";
import type { HostWalker } from "./walk-hosts.ts";

/** What the steps of preparing a run made. */
interface Steps {
  request: RunRequest;
  sources: Sources;
  reach: HostReach;
  found: FoundHosts;
  walker: HostWalker;
  walked: WalkedHosts;
}

/** A run that is ready to plan: everything is read and checked, no host has been touched. */
export class Prepared {
  /** The run's name; it is that of no other run, and their order is that of time. */
  readonly name: string;
  readonly playbook: Playbook;
  /** The hosts of all plays, in the order of the plays. */
  readonly names: readonly string[];
  /**
   * The hosts of each process that is to do some. Where there are several, only the first host is
   * open here.
   */
  readonly parts: WalkedHosts["parts"];
  /** What programs for inventories printed. */
  readonly printed: Printed;
  /** The files of this machine that were read. */
  readonly read: ReadFiles;
  /** Takes what was decrypted out of whatever is shown or kept. */
  readonly mask: Mask;
  private readonly steps: Steps;
  private readonly foreign: NewFact[] = [];
  private whole: Run;

  constructor(steps: Steps) {
    const { request, sources, reach, found, walked } = steps;
    this.steps = steps;
    this.name = reach.options.run;
    this.playbook = sources.playbook;
    this.names = found.names;
    this.parts = walked.parts;
    this.printed = sources.printed;
    this.read = sources.read;
    this.mask = request.vault.mask;
    this.whole = walked.run;
  }

  get run(): Run {
    return this.whole;
  }

  /** All hosts that have a part in the run by now. */
  get runs(): HostRun[] {
    return this.whole.hosts;
  }

  // Opens all hosts here, where other processes were to do them.
  async openAll(): Promise<void> {
    this.whole = await this.steps.walker.walkAll();
  }

  // Takes note of facts that other processes have learned.
  remember(news: readonly NewFact[]): void {
    this.foreign.push(...news);
  }

  // The hosts of a play, as far as they are known before it runs.
  hostsOf(play: Play): readonly string[] {
    return this.steps.found.fleet.view([]).hostsOf(play);
  }

  // What is known of a play's variables before it runs, for its title and its tags.
  variablesOf(play: Play): Variables {
    return this.steps.found.fleet.variablesOf(play);
  }

  // Plays that have no host by now, where tasks might have added some.
  emptyPlays(): readonly Play[] {
    return this.steps.found.mayGrow ? this.whole.emptyPlays() : [];
  }

  // Questions and programs that a host was sent after login.
  rounds(host: string): number {
    return this.steps.reach.logins.rounds(host);
  }

  // How many seconds logging in to a host took; undefined: nobody has logged in.
  connecting(host: string): number | undefined {
    return this.steps.reach.logins.connecting(host);
  }

  // Where a host is reached.
  addressOf(host: string): string {
    return this.steps.reach.opener.addressOf(host);
  }

  // Ends all logins, and keeps what hosts have reported for the next run.
  async close(): Promise<void> {
    const { options, logins } = this.steps.reach;
    tellShared(options);
    this.keepFacts();
    await logins.close();
  }

  private keepFacts(): void {
    const {
      request: { part, kept, warn },
      sources: { memory },
      reach: { opener },
    } = this.steps;
    const news = memory.news(opener.byAddress);
    if (part) part.keepFacts(news);
    else if (kept) kept.news.push(...news);
    else memory.save([...news, ...this.foreign], warn);
  }
}
