import { askLinks } from "../../probes/files/links.ts";
import {
  lacksText,
  overlayPath,
  path,
  wantsDigest,
  type PathArg,
  type PathState,
} from "../../probes/files/path.ts";
import { ask, askBehind, type Validity, type Probe, type ProbeKind } from "../../probes/probe.ts";
import { Unknown, type Json } from "../../value.ts";
import { agreedStates, type ChangedProbe } from "./agreed.ts";
import { asSeen } from "./as-seen.ts";
import type { Begun, Made, Observed } from "./observed.ts";
import { PlannedPaths } from "./planned-paths.ts";
import { canonical } from "../../canonical.ts";

const ACCOUNT_FILES = ["/etc/passwd", "/etc/group", "/etc/nsswitch.conf"];

type Found = { state: Json | Unknown } | { wants: Probe<unknown>[] };

/**
 * A host as one task of a plan sees it: what the host answered, overlaid with what earlier tasks of
 * the run will have done. It is created again for every pass; nothing here contacts the host.
 */
export class HostView {
  private readonly observed: Observed;
  private paths!: PlannedPaths;
  /** The questions before that may have changed the host: what is asked behind them. */
  private behind: string;
  private readonly overlay = new Map<string, Map<string, Json>>();
  /** The first planned task that may change anything, or starts a daemon. */
  private opaque: string | undefined;
  private started: string | undefined;
  /** The first planned task of which it is not known yet what it changes. */
  private deferred: string | undefined;
  /** The subjects of which a change is planned that is not made yet, by their kinds. */
  private readonly planned = new Map<string, Set<string>>();

  constructor(observed: Observed, { expected, behind = "" }: Begun = {}) {
    this.observed = observed;
    this.deferred = expected;
    this.behind = behind;
    this.begin();
  }

  // Takes over what executed changes made, if nothing has run since that may have changed it.
  private begin(): void {
    const { answers, changes, changesBehind = "" } = this.observed;
    this.paths = new PlannedPaths(answers, this.behind);
    this.overlay.clear();
    if (changesBehind === this.behind) for (const made of changes) this.make(made);
    this.paths.settle();
    this.planned.clear();
  }

  /** Stands for the questions before that may have changed the host; "": there are none. */
  get askedBehind(): string {
    return this.behind;
  }

  // A question before this place may change the host: what was known of it holds no longer.
  goBehind(questions: string): void {
    this.behind = questions;
    this.begin();
  }

  // A question as it is put at this place: after those that may have changed the host.
  here(probe: Probe<unknown>): Probe<unknown> {
    const isOnce = probe.kind.holds?.asked?.(probe.arg as never) === "once";
    return isOnce || this.behind === "" ? probe : askBehind(probe, this.behind);
  }

  // What the host answered at this place.
  private answerTo(probe: Probe<unknown>, who: string): Json | undefined {
    return this.observed.answers.get(answerKey(this.here(probe), who));
  }

  // Notes what a task makes, for the tasks after it.
  make({ kind, subject, after, before }: Made): void {
    const planned = this.planned.get(kind) ?? new Set<string>();
    if (kind === path.name) {
      const location = this.paths.make(
        subject,
        after as PathState,
        before as PathState | undefined,
      );
      if (location !== undefined) planned.add(location);
    } else {
      const states = this.overlay.get(kind) ?? new Map<string, Json>();
      const isOnlySeen = before !== undefined && states.has(subject); // It was only looked at again.
      if (isOnlySeen && canonical(states.get(subject)) === canonical(after)) return;
      this.overlay.set(kind, states.set(subject, after));
      if (kind === "same" && after === true) this.paths.joinNames(subject);
    }
    this.planned.set(kind, planned.add(subject.replace("follow ", "")));
  }

  // Notes that a planned task may change anything: volatile questions wait until it is done.
  blur(task: string, level: true | "start"): void {
    if (level === true) this.opaque ??= task;
    else this.started ??= task;
  }

  // Notes a planned task of which it is not known yet what it changes.
  expectAny(task: string): void {
    this.deferred ??= task;
  }

  /** Where another view begins that goes on from here. */
  get begun(): Begun {
    return { expected: this.deferred, behind: this.behind };
  }

  /** The planned task after which the host may differ from its present answer, if there is one. */
  get doubtedBy(): string | undefined {
    return this.opaque ?? this.deferred;
  }

  /** The planned task that may change anything, if there is one: what is found now may not last. */
  get blurredBy(): string | undefined {
    return this.opaque;
  }

  /** Whether a planned task may bring users and groups: it may change the files that hold them. */
  get mayBring(): boolean {
    return (
      (this.opaque ?? this.deferred ?? this.started) !== undefined ||
      ACCOUNT_FILES.some((file) => this.paths.at(file) !== undefined)
    );
  }

  // What the tasks before make of a subject that is no path; undefined: nothing.
  madeOf(kind: string, subject: string): Json | undefined {
    return this.overlay.get(kind)?.get(subject);
  }

  /** What a probe found, as `who` sees it; undefined: the host has not been asked yet. */
  get(probe: Probe<unknown>, who: string): Json | Unknown | undefined {
    const found = this.find(probe, who);
    if (!("state" in found)) return undefined;
    const told = this.answerTo(probe, who);
    return asSeen(who, probe.kind.name, { state: found.state, told }, this.overlay);
  }

  // What the host must be asked for a probe whose state is not known: the probe itself and its link
  // targets, or what replaces it.
  wants(probe: Probe<unknown>, who: string): Probe<unknown>[] {
    const found = this.find(probe, who);
    if ("state" in found) return [];
    const ways = found.wants.flatMap(({ kind, arg }) =>
      kind.located ? [askLinks(kind.located.path(arg as never).path)] : [],
    );
    return [
      ...found.wants,
      ...ways.filter((way) => this.answerTo(way, who) === undefined).map((way) => this.here(way)),
    ];
  }

  // What a change leaves for each probe, where some of its paths may be one file.
  agreed(states: readonly ChangedProbe[]): ChangedProbe[] {
    return agreedStates(this.paths, states);
  }

  private find(probe: Probe<unknown>, who: string): Found {
    const { kind } = probe;
    if (!kind.located || this.paths.isEmpty) return this.findAt(probe, who);
    const { path: name, follow } = kind.located.path(probe.arg as never);
    const found = this.paths.locate(name, follow);
    if (found === "circle") return { state: null };
    if ("asks" in found) return this.asked(askLinks(found.asks), who);
    const at =
      found.location === this.paths.observedLocation(name, follow)
        ? probe
        : this.askAt(probe, found.location, follow, who);
    if (kind.name !== path.name)
      return this.isNotThere(at, found.location) ? { state: null } : this.findAt(at, who);
    return (probe.arg as unknown as PathArg).below
      ? this.findBelow(at, found.location, who)
      : this.findPath(at, found.location, who);
  }

  // Whether a task has yet to make or change what is at a location: the host cannot be asked now.
  private isNotThere({ kind, arg }: Probe<unknown>, location: string): boolean {
    if (kind.holds?.asked?.(arg as never) !== "each change")
      return this.paths.at(location)?.isNew === true;
    const there = { kind, arg: kind.located!.at(arg as never, location) };
    return (
      this.paths.isChanging(location) ||
      this.planned.get(path.name)?.has(location) === true ||
      this.isMadeOfPlanned(there)
    );
  }

  // The same question about where its path leads by then; one put to its own name is as good.
  private askAt(
    { kind, arg }: Probe<unknown>,
    location: string,
    follow: boolean,
    who: string,
  ): Probe<unknown> {
    const moved = kind.located!.at(arg as never, location);
    const [plain, followed] = [moved, { ...(moved as object), follow: true }].map((one) =>
      ask(kind as ProbeKind<unknown, unknown>, one),
    );
    return follow && this.answerTo(followed!, who) !== undefined ? followed! : plain!;
  }

  // What is at a location.
  private findPath(probe: Probe<unknown>, location: string, who: string): Found {
    const arg = probe.arg as unknown as PathArg;
    const made = this.paths.at(location);
    if (made?.state === null) return { state: null };
    if (this.isMadeOfPlanned(probe)) return { state: new Unknown("the tasks before it") };
    if (made && made.state.type !== "file") return { state: made.state };
    const isOther = made?.isNew === true && made.state.sha256 === undefined;
    const seen = isOther ? { state: null } : this.asked(probe, who);
    if ("wants" in seen || seen.state instanceof Unknown) return seen;
    const answer = seen.state as PathState;
    const state = made ? overlayPath(answer, made.state) : this.paths.recursed(location, answer);
    const isUnsure = lacksText(state, arg) || (isOther && wantsDigest(arg));
    return { state: isUnsure ? new Unknown(`what an earlier task does to ${location}`) : state };
  }

  // What there is below a location.
  private findBelow(probe: Probe<unknown>, location: string, who: string): Found {
    const made = this.paths.at(location);
    if (made && made.state?.type !== "directory") return { state: null };
    const { states, isWhole, changes } = this.paths.below(location);
    if (isWhole) return { state: { type: "directory", below: states } };
    if (changes) return { state: new Unknown(`what earlier tasks do below ${location}`) };
    const seen = this.asked(probe, who);
    if ("wants" in seen || seen.state instanceof Unknown || states.length === 0) return seen;
    return {
      state: { type: "directory", below: [...((seen.state as PathState)?.below ?? []), ...states] },
    };
  }

  // The host's own answer.
  private asked(probe: Probe<unknown>, who: string): Found {
    const answer = this.answerTo(probe, who);
    if (answer !== undefined) return { state: answer };
    return this.observed.offline
      ? { state: new Unknown("a host that does not answer yet") }
      : { wants: [this.here(probe)] };
  }

  // The answer to a question that is about no path, or whose path leads where it led before.
  private findAt(probe: Probe<unknown>, who: string): Found {
    const { kind } = probe;
    const changed = this.overlay.get(kind.name);
    const subject = kind.subject(probe.arg as never);
    const own = changed?.has(subject)
      ? { after: changed.get(subject) }
      : changed && kind.planned?.implied?.(subject, changed);
    const blurred = this.blurs(kind.holds?.unknownBehind);
    if (!own && blurred !== undefined) return { state: new Unknown(`task "${blurred}"`) };
    if (this.isMadeOfPlanned(probe, this.answerTo(probe, who)))
      return { state: new Unknown("the tasks before it") };
    const overlay = kind.planned?.overlay;
    if (own && !overlay) return { state: this.joinPlanned(probe, own.after as Json) };
    const seen = this.asked(probe, who);
    if (!own && "state" in seen && !(seen.state instanceof Unknown))
      return { state: this.joinPlanned(probe, seen.state) };
    if (!own || "wants" in seen || seen.state instanceof Unknown) return seen;
    const planned = overlay!(seen.state, own.after, probe.arg as never);
    const isSure = planned !== undefined;
    return {
      state: isSure ? (planned as Json) : new Unknown(`what an earlier task does to ${subject}`),
    };
  }

  // The planned task after which an answer is not known.
  private blurs(behind: Validity<never>["unknownBehind"]): string | undefined {
    if (behind === undefined) return undefined;
    return this.opaque ?? (behind === "starts" ? this.started : undefined);
  }

  // What earlier tasks make of subjects of another kind, if the answer covers them too.
  private joinPlanned({ kind, arg }: Probe<unknown>, answer: Json): Json {
    if (!kind.planned?.join || this.paths.isEmpty) return answer;
    return kind.planned.join(answer, this.paths.all(), arg as never) as Json;
  }

  // Whether a change of what the answer is made of is planned.
  private isMadeOfPlanned(
    { kind, arg }: Pick<Probe<unknown>, "kind" | "arg">,
    answer?: Json,
  ): boolean {
    const madeOf = kind.planned?.madeOf;
    return (
      madeOf !== undefined &&
      [...this.planned].some(([name, subjects]) =>
        [...subjects].some((subject) => madeOf(arg as never, name, subject, answer)),
      )
    );
  }
}

// One answer's key: in general, what one user sees is not what another sees.
export function answerKey({ kind, key }: Probe<unknown>, who: string): string {
  return `${kind.holds?.isForAll ? "" : who}\n${key}`;
}
