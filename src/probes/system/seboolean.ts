import FUNCTIONS from "./seboolean.sh?raw";
import { lines, sh } from "../../script/sh.ts";
import { AFTER_EACH_CHANGE, ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** `boot` wants to know too what the next boot makes of it. */
export interface SebooleanArg {
  name: string;
  boot: boolean;
}

/** A boolean of SELinux; "disabled": the host has no SELinux; null: there is no such boolean. */
export type SebooleanState =
  | "disabled"
  | null
  | {
      /** Its own name, where another one stands for it. */
      name: string;
      on: boolean;
      /** null: not asked, or the host does not say. */
      boot: boolean | null;
    };

/** Booleans of SELinux, from the kernel's files and the policy's local changes. */
export const sebooleanKind: ProbeKind<SebooleanArg, SebooleanState> = {
  name: "seboolean",
  subject: ({ name }) => name,
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...args.map(({ name, boot }) => sh`hw_seboolean ${name} ${boot ? "boot" : ""}`),
    ]),
  parse(output, args) {
    const answers = output.split("\n");
    return args.map(({ name }, index) => readState(answers[index] ?? "", name));
  },
  holds: { isForAll: true, unknownBehind: "commands", asked: AFTER_EACH_CHANGE },
  planned: {
    madeOf: (_arg, kind, _subject, answer) =>
      (answer === null || answer === "disabled") && ["package", "deb"].includes(kind),
  },
  look: {
    script: ({ name, boot }) =>
      lines([{ sh: FUNCTIONS }, sh`hw_seboolean ${name} ${boot ? "boot" : ""}`]),
    words: (state) =>
      state === null || typeof state === "string"
        ? [state ?? "-"]
        : [state.name, bitOf(state.on), state.boot === null ? null : bitOf(state.boot)],
  },
};

function bitOf(on: boolean): string {
  return on ? "1" : "0";
}

function readState(answer: string, name: string): SebooleanState {
  if (answer === "disabled") return "disabled";
  if (answer === "-") return null;
  const [own, on, boot] = answer.split(" ");
  if (own === undefined || !/^[01]$/.test(on ?? "") || boot === undefined)
    throw new ProbeError(`seboolean ${name}: ${answer}`);
  return { name: own, on: on === "1", boot: boot === "-" ? null : boot === "1" };
}

// Asks about a boolean of SELinux.
export function askSeboolean(name: string, boot: boolean): Probe<SebooleanState> {
  return ask(sebooleanKind, { name, boot });
}
