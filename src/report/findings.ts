import { counted } from "./counted.ts";
import { describeInputError, InputError, showPlace } from "../errors.ts";
import type { Finding } from "../lint/finding.ts";

/** What was found in some playbooks. */
export interface LintReport {
  playbooks: number;
  plays: number;
  findings: Finding[];
}

// Findings as people read them, and how many there are.
export function renderFindings({ playbooks, plays, findings }: LintReport): string[] {
  const where = `${counted(playbooks, "playbook")}, ${counted(plays, "play")}`;
  if (findings.length === 0) return [`${where}: no errors, no warnings`];
  const blocks = findings.flatMap(({ severity, rule, message, place, hint }) => {
    const text = describeInputError(new InputError(message, place, hint));
    return [severity === "error" ? `error: ${text}` : `warning: [${rule}] ${text}`, ""];
  });
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  return [...blocks, `${where}: ${counted(errors, "error")}, ${counted(warnings, "warning")}`];
}

// Findings as one JSON list, for machines.
export function findingsJson({ findings }: LintReport): object[] {
  return findings.map(({ place, ...rest }) => ({
    ...rest,
    file: place.file,
    line: place.line,
    column: place.column,
    at: showPlace(place),
  }));
}
