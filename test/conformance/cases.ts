import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defined } from "../../src/defined.ts";

const CASES = fileURLToPath(new URL("cases", import.meta.url));

/** One playbook, run by Ansible and by Hullwright. */
export interface Case {
  /** What CASE stands for in its text: the host's name, or the name of the group of its hosts. */
  id: string;
  feature: string;
  name: string;
  file: string;
  /** The inventory's hosts: ID alone, or ID_a, ID_b and so on ("# hosts: 3"), each on a machine of its own. */
  hosts: string[];
  /** More arguments of the run: "# args: --tags a", in the play or before the first one of the file. */
  args: string[];
  /** Both programs shall refuse it ("# refused"). */
  refused: boolean;
  /** Ansible's templates make text, as they do up to 2.18 ("# without native types"). */
  withoutNative?: boolean;
  /** All of its machine is compared, and not its own folder alone. */
  whole?: boolean;
  /** Why the two differ ("# differs: ..."). */
  differs?: string;
  /** It names modules or lookups of collections that are no part of ansible-core. */
  needsCollections: boolean;
}

// Writes every case of the case files into a playbook of its own, beside the roles and files that they name.
export function layCases(folder: string, features: readonly string[] = []): Case[] {
  mkdirSync(folder, { recursive: true });
  cpSync(CASES, folder, { recursive: true });
  const files = readdirSync(CASES)
    .filter((name) => name.endsWith(".yml"))
    .map((name) => name.slice(0, -4))
    .sort();
  return files
    .filter((feature) => features.length === 0 || features.includes(feature))
    .flatMap((feature) => layFeature(folder, feature));
}

// Splits one case file at the plays with a name; those without belong to the case before them. Their text stays as it is.
function layFeature(folder: string, feature: string): Case[] {
  const [head = "", ...texts] = `\n${readFileSync(join(CASES, `${feature}.yml`), "utf8")}`.split(
    /^(?=- name: )/m,
  );
  return texts.map((text) => layCase(folder, feature, head, text));
}

// Lays one case, and reads what its comments say.
function layCase(folder: string, feature: string, head: string, source: string): Case {
  const name = /^- name: (.*)$/m.exec(source)![1]!;
  const id = `${feature}_${name}`.replaceAll(/\W+/g, "_").toLowerCase();
  const text = source.replaceAll("CASE", id);
  const file = join(folder, `${id}.yml`);
  writeFileSync(file, text);
  const note = (word: string, from: string): string | undefined =>
    new RegExp(`^ *# ${word}:? ?(.*)$`, "m").exec(from)?.[1];
  const [count, differs] = [Number(note("hosts", text) ?? 1), note("differs", text)];
  const hosts =
    count === 1 ? [id] : Array.from({ length: count }, (_, number) => `${id}_${"abcdef"[number]}`);
  const args = (note("args", text) ?? note("args", head))?.split(" ") ?? [];
  return {
    id,
    feature,
    name,
    file,
    hosts,
    args,
    refused: note("refused", text) !== undefined,
    withoutNative: note("without native types", text) !== undefined,
    needsCollections: /ansible\.posix\.|community\.general\.|with_flattened/.test(text),
    ...defined({ differs }),
  };
}
