import FUNCTIONS from "./readiness.sh?raw";
import { lines, quote, sh, type Script } from "../../script/sh.ts";
import { STATE_OF_ROOT } from "../../script/state-folder.ts";
import { LIVE } from "../../script/validator.ts";
import { AFTER_EACH_CHANGE, ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { defined } from "../../defined.ts";

/** What has to work so that containerd does. */
export interface ReadinessArg {
  /** The unit's full name. */
  unit: string;
  address: string;
  ctr: string;
  /** Plugins that must be ok, as TYPE/ID without the leading "io.containerd.". */
  requires: string[];
  /** The runc that the daemon must find first; null: not checked. */
  runc: string | null;
  /** The directory whose bin containerd searches before PATH. */
  opt_path: string;
  shim: string;
  /** Readiness includes that a container could be run, which only a change does. */
  container: boolean;
  /** The name under which the host keeps what was found good. */
  note: string;
}

/** What is known of it. */
export interface Readiness {
  /**
   * noted: this start of the daemon was found good with these very programs. ready: it is good, and
   * nobody has recorded that.
   */
  state: "noted" | "ready" | "starting" | "not ready";
  /** Why it is not ready. */
  why?: string;
  /** systemd's id of this start; null: the unit does not run, or systemd is too old to have one. */
  invocation: string | null;
}

/** Costs a readlink and a stat if nothing has changed since containerd was found good. */
export const readiness: ProbeKind<ReadinessArg, Readiness> = {
  name: "readiness",
  subject: (arg) => `${arg.unit} ${arg.address}`,
  holds: { unknownBehind: "starts", asked: AFTER_EACH_CHANGE },
  planned: {
    madeOf: ({ runc, shim }, kind, subject) =>
      kind === "path" && (subject === runc || subject === shim),
  },
  script: (args) => lines([{ sh: FUNCTIONS }, ...args.map(question)]),
  validator: (args) => ({
    paths: args.flatMap(({ unit, note, address, runc, shim }) => [
      `/run/systemd/units/invocation:${unit}`,
      `${STATE_OF_ROOT}/records/${note}`,
      ...[address, runc ?? [], shim].flat(),
    ]),
  }),
  parse(output, args) {
    const found = [
      ...output.matchAll(/^readiness (noted|ready|starting|not ready),([0-9a-f]*),(.*)$/gm),
    ];
    if (found.length !== args.length)
      throw new ProbeError("the answer about containerd is truncated or garbled");
    return found.map(([, state, id, why]) => ({
      state: state as Readiness["state"],
      invocation: id || null,
      ...defined({ why: why ? why : undefined }),
    }));
  },
};

// Asks whether containerd works.
export function askReadiness(arg: ReadinessArg): Probe<Readiness> {
  return ask(readiness, arg);
}

/**
 * The shell functions of the probe, which a step that waits uses too. They set
 * hw_inv, hw_programs and hw_why.
 */
export function readinessFunctions(): Script {
  return { sh: FUNCTIONS };
}

// The call that gives hw_ready what to look at.
export function readinessOf(arg: ReadinessArg): Script {
  return sh`hw_ready_for ${arg.unit} ${arg.address} ${arg.ctr} ${arg.runc ?? ""} ${arg.opt_path} ${arg.shim} ${arg.requires}`;
}

// The note that is kept of a daemon that was found good, as one word, with the start and the
// programs as the shell knows them. Behind the word "broken" it is that of one with which no
// container could be run; the next line says why.
export function noteOf(arg: ReadinessArg): Script {
  const note = JSON.stringify({
    invocation: "$",
    programs: "$",
    address: arg.address,
    requires: arg.requires,
    runc: arg.runc,
    opt_path: arg.opt_path,
    ...(arg.container && { container: true }),
  });
  const [before, between, ...behind] = note.split("$");
  return {
    sh: `${quote(before!)}"$hw_inv"${quote(between!)}"$hw_programs"${quote(behind.join("$"))}`,
  };
}

// One look, unless what was found good is so still.
function question(arg: ReadinessArg): Script {
  return sh`${readinessOf(arg)}
hw_l=; hw_m=; [ ! -f "$HW_STATE_DIR/records/"${arg.note} ] || { IFS= read -r hw_l; IFS= read -r hw_m; } < "$HW_STATE_DIR/records/"${arg.note}
if [ -S ${arg.address} ] && [ -n "$hw_inv" ] && [ "$hw_l" = ${noteOf(arg)} ]; then printf 'readiness noted,%s,\n' "$hw_inv"
elif [ -n "$hw_inv" ] && [ "$hw_l" = "broken "${noteOf(arg)} ]; then printf 'readiness not ready,%s,%s\n' "$hw_inv" "$hw_m"
elif ${{ sh: LIVE }}; hw_ready; then printf 'readiness ready,%s,\n' "$hw_inv"
else printf 'readiness %s,%s,%s\n' "$(hw_starting && echo starting || echo not ready)" "$hw_inv" "$(printf %s "$hw_why" | tr '\n\r' '  ')"; fi`;
}
