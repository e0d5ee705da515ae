import { screen } from "../../report/screen.ts";
import type { Emit } from "../../run/event.ts";
import type { HostRun } from "../../run/host-run.ts";
import { isCutOff, TAKEN_OUTPUT } from "../../run/program/taken.ts";
import { showPlace, type Place } from "../../errors.ts";
import type { Entry } from "../../plan/model/entry.ts";
import { keepDefects } from "./defects.ts";
import {
  jsonReport,
  reportHost,
  type HostReport,
  type JsonReport,
  type RunReport,
} from "../../report/summary.ts";
import type { Showing } from "../../report/text.ts";
import type { Mask } from "../../vault/mask.ts";
import { chosenItems, eachItem, nameOfItem } from "../prepare/playbook/list.ts";
import type { RunFlags } from "../settings/options.ts";
import type { Colours } from "../../report/visible.ts";
import type { Prepared } from "../prepare/prepared.ts";
import { defined } from "../../defined.ts";

/**
 * What is reported about a run as a whole: when it began, its warnings, how long its steps took.
 */
export class Telling {
  readonly warnings: string[] = [];
  private readonly started = new Date();
  private readonly begun = performance.now();
  private readonly begins = new Map<string, number>();
  private readonly seconds = new Map<string, number>();
  private readonly mask: Mask;
  private readonly flags: RunFlags;

  constructor(mask: Mask, flags: RunFlags) {
    this.mask = mask;
    this.flags = flags;
  }

  // Notes a warning, and answers it as it is shown.
  warn(message: string, place?: Place): string {
    const text = `${this.mask.hide(message)}${place ? ` (${showPlace(place)})` : ""}`;
    this.warnings.push(text);
    return text;
  }

  // Returns those warnings of tasks (`warnings` in their results) that have not been shown before:
  // the same warning from many hosts counts once.
  warnOfResults({ runs }: Pick<Prepared, "runs">): string[] {
    const texts = runs.flatMap((run) => (run.walk?.entries ?? []).flatMap(warningsIn));
    const said = [...new Set(texts)].filter(
      (text) => !this.warnings.includes(this.mask.hide(text)),
    );
    return said.map((text) => this.warn(text));
  }

  // Passes events on, and measures how long steps take.
  watch(emit: Emit): Emit {
    return (event) => {
      if (event.kind === "step")
        this.measure(`${event.host} ${event.entry.id}`, event.state === "begin");
      emit(event);
    };
  }

  // A task that runs again takes as long as all of its tries.
  private measure(step: string, begins: boolean): void {
    const now = performance.now();
    if (begins) this.begins.set(step, now);
    else
      this.seconds.set(
        step,
        (this.seconds.get(step) ?? 0) + (now - (this.begins.get(step) ?? now)) / 1000,
      );
  }

  // The results of the run by now; with `onlyDone` without what was planned but not done.
  report(command: string, prepared: Prepared, onlyDone = false): JsonReport {
    keepDefects(prepared.runs);
    const hosts = prepared.runs.map((run): [string, HostReport] => [
      run.host.name,
      this.reportHost(run, prepared, onlyDone),
    ]);
    return jsonReport(
      {
        ...this.run(command, prepared.playbook.files),
        left_out_by_tags: leftOut(prepared, this.flags),
      },
      new Map(hosts),
    );
  }

  // The report of a run that reached no host.
  empty(command: string, playbooks: readonly string[]): JsonReport {
    return jsonReport(this.run(command, playbooks), new Map());
  }

  private run(command: string, playbooks: readonly string[]): RunReport {
    return {
      command,
      playbook: playbooks[0]!,
      ...defined({ playbooks: playbooks.length > 1 ? playbooks : undefined }),
      started: this.started.toISOString(),
      ended: new Date().toISOString(),
      seconds: Math.round(performance.now() - this.begun) / 1000,
      warnings: this.warnings,
      left_out_by_tags: [],
    };
  }

  // The same of one host.
  reportHost(run: HostRun, prepared: Prepared, onlyDone: boolean): HostReport {
    const { name } = run.host;
    const seconds = ({ id }: Entry): number | undefined => this.seconds.get(`${name} ${id}`);
    const [rounds, connecting] = [prepared.rounds(name), prepared.connecting(name)];
    const measured = { rounds, connecting, seconds };
    return this.mask.hideIn(reportHost(run, measured, onlyDone));
  }

  // How a report is shown; a plan always shows what changes inside files.
  showing(prepared: Prepared, colours: Colours, isPlan: boolean): Showing {
    const { diff, diffFull, verbose } = this.flags;
    const runs = new Map(prepared.runs.map((run) => [run.host.name, run]));
    const short = isPlan || diff ? "short" : "none";
    return {
      colours,
      diffs: diffFull ? "full" : short,
      verbose,
      words: (host) => wordsOf(host, runs.get(host), prepared),
    };
  }
}

// What a task warns of, and what is to be said of its output.
function warningsIn({ result, noLog, task }: Entry): string[] {
  const { warnings, stdout, stderr } = result;
  const most = `${TAKEN_OUTPUT / 1024 / 1024} MB`;
  const cut = [stdout, stderr].some(isCutOff)
    ? [`"${task}" printed more than ${most}: what it registers is only the first ${most}`]
    : [];
  return [...cut, ...(Array.isArray(warnings) && !noLog ? warnings.map(String) : [])];
}

// The names of tasks that the tags leave out.
function leftOut(prepared: Prepared, flags: RunFlags): string[] {
  if ((flags.tags ?? []).length + (flags.skipTags ?? []).length === 0) return [];
  return prepared.playbook.plays.flatMap((play) => {
    const chosen = new Set(chosenItems(play, flags, prepared.variablesOf(play)));
    return eachItem(play)
      .filter((item) => !chosen.has(item))
      .map(nameOfItem);
  });
}

// Shows a warning of another process of the run, unless it was shown before.
export function warnOnce(telling: Telling, text: string): void {
  if (!telling.warnings.includes(text)) screen.warn(`warning: ${telling.warn(text)}`);
}

/** Facts that are names and addresses of a host. */
const OWN_FACTS = [
  "ansible_hostname",
  "ansible_fqdn",
  "ansible_nodename",
  "ansible_default_ipv4",
  "ansible_all_ipv4_addresses",
  "ansible_all_ipv6_addresses",
];

// A host's own words: its names and addresses, as the inventory and the host itself know them.
export function wordsOf(name: string, run: HostRun | undefined, prepared: Prepared): string[] {
  const facts = run?.walk?.facts;
  const told = OWN_FACTS.flatMap((fact) => textsIn(facts?.get(fact)));
  return [name, name.split(".")[0]!, prepared.addressOf(name), ...told].filter(
    (word) => word !== "localhost",
  );
}

// A text, those of a list, or the address of an interface.
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.filter((item) => typeof item === "string");
  const address =
    typeof value === "object" && value !== null && "address" in value ? value.address : undefined;
  return typeof address === "string" ? [address] : [];
}
