import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CASES = fileURLToPath(new URL("cases", import.meta.url));

/** One play, run by Ansible and by Hullwright. */
export interface Case {
  /** The host's name in the play's inventories, and its folder: /srv/ID. */
  id: string;
  feature: string;
  name: string;
  /** The playbook that holds this play alone. */
  file: string;
  /** More arguments of the run, the same for a whole file: "--tags a". */
  args: string[];
  /** Why the two differ on purpose ("# differs: ..." in the play). */
  differs?: string;
}

// Writes every play of the case files into a playbook of its own, beside the roles and files that they name.
export function layCases(folder: string, features: readonly string[] = []): Case[] {
  mkdirSync(folder, { recursive: true });
  cpSync(CASES, folder, { recursive: true });
  const files = readdirSync(CASES).filter((name) => name.endsWith(".yml")).map((name) => name.slice(0, -4)).sort();
  return files.filter((feature) => features.length === 0 || features.includes(feature)).flatMap((feature) => layFeature(folder, feature));
}

// Splits one case file at its plays; their text stays as it is, but for the hosts.
function layFeature(folder: string, feature: string): Case[] {
  const [head = "", ...plays] = `\n${readFileSync(join(CASES, `${feature}.yml`), "utf8")}`.split(/^(?=- name: )/m);
  const args = /^# args: (.*)$/m.exec(head)?.[1]?.split(" ") ?? [];
  return plays.map((text) => {
    const name = /^- name: (.*)$/m.exec(text)![1]!;
    const id = `${feature}_${name}`.replaceAll(/\W+/g, "_").toLowerCase();
    const file = join(folder, `${id}.yml`);
    writeFileSync(file, text.replace(/^ {2}hosts: CASE$/m, `  hosts: ${id}`));
    const differs = /^ *# differs: (.*)$/m.exec(text)?.[1];
    return { id, feature, name, file, args, ...(differs === undefined ? {} : { differs }) };
  });
}
