import { InputError, UnplacedError } from "../../errors.ts";
import { mistake, type Finding } from "../../lint/finding.ts";
import { lint, RULES, type LintOptions } from "../../lint/lint.ts";
import { controllerFiles } from "../../controller/files.ts";
import { findingsJson, renderFindings, type LintReport } from "../../report/findings.ts";
import { screen } from "../../report/screen.ts";
import { closest } from "../../suggest.ts";
import type { Vault } from "../../vault/vault.ts";
import { readAnsibleConfig } from "../settings/ansible-cfg.ts";
import { loadPaths } from "../settings/load-paths.ts";
import type { LintFlags } from "../settings/lint-options.ts";
import { playbookPath, SHIPPED } from "../playbook-path.ts";
import { playbookFiles, readPlaybook } from "../prepare/playbook/playbook-files.ts";
import { discreet, openVault } from "../vault/access.ts";
import { defined } from "../../defined.ts";

// `hullwright lint PLAYBOOK...`: reads playbooks with everything that they refer to, and
// reports every mistake and warning. No inventory is needed. Exit codes: 0 nothing that
// counts, 2 something that does.
export async function lintCommand(names: readonly string[], flags: LintFlags): Promise<number> {
  if (flags.rules) return listRules();
  if (names.length === 0)
    throw new UnplacedError(
      "which playbook?",
      "name one or more after lint; --rules lists what it looks for",
    );
  const skip = (flags.skip ?? []).flatMap((words) => words.split(",")).map((word) => word.trim());
  for (const word of skip) refuseUnknown(word);
  const options: LintOptions = { warnings: true, skip };
  if (flags.forAnsible) options.shipped = `${SHIPPED}/`;
  const report = await lintAll(names, flags, options);
  if (flags.format === "json") screen.json(findingsJson(report));
  else screen.say(renderFindings(report).join("\n"));
  return report.findings.some(({ severity }) => severity === "error" || flags.strict === true)
    ? 2
    : 0;
}

// `--syntax-check`: reports every mistake, but no warnings.
export async function syntaxCheck(names: readonly string[], flags: LintFlags): Promise<number> {
  const report = await lintAll(names, flags, { warnings: false });
  const isFine = report.findings.length === 0;
  screen.tell(isFine ? "stdout" : "stderr", `${renderFindings(report).join("\n")}\n`);
  return isFine ? 0 : 1;
}

// Checks all playbooks; decrypted values are masked in the findings.
async function lintAll(
  names: readonly string[],
  flags: LintFlags,
  options: LintOptions,
): Promise<LintReport> {
  const vault = await openVault(flags);
  const paths = loadPaths(
    readAnsibleConfig((message) => screen.warn(`warning: ${message}`)),
    flags.rolesPath,
  );
  const report: LintReport = { playbooks: names.length, plays: 0, findings: [] };
  for (const name of [...new Set(names)]) {
    const file = playbookPath(name);
    const found = readAll(file, vault, (text) =>
      lint(text, file, playbookFiles(controllerFiles(), vault, paths), options),
    );
    report.plays += found.plays;
    report.findings.push(...found.findings.map((finding) => masked(finding, vault)));
  }
  return report;
}

// A playbook that cannot be read is a finding, too.
function readAll(
  file: string,
  vault: Vault,
  look: (text: string) => { plays: number; findings: Finding[] },
): { plays: number; findings: Finding[] } {
  try {
    return look(readPlaybook(file, vault));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { plays: 0, findings: [mistake(error, { file, line: 1, column: 1 })] };
  }
}

function masked(finding: Finding, vault: Vault): Finding {
  const { message, place, hint } = discreet(
    new InputError(finding.message, finding.place, finding.hint),
    vault,
  );
  return { ...finding, message, place: place ?? finding.place, ...defined({ hint }) };
}

function listRules(): number {
  const width = Math.max(...RULES.map(({ name }) => name.length));
  screen.say(RULES.map(({ name, about }) => `${name.padEnd(width)}  ${about}`).join("\n"));
  return 0;
}

// A rule that does not exist cannot be left out.
function refuseUnknown(word: string): void {
  const names = RULES.map(({ name }) => name);
  if (names.includes(word)) return;
  const near = closest(word, names);
  throw new UnplacedError(
    word === "error" ? "errors cannot be left out" : `there is no rule "${word}"`,
    near === undefined ? `rules are ${names.join(", ")}` : `did you mean "${near}"?`,
  );
}
