import type { Json } from "../../value.ts";
import { splitOnce, type Facts } from "./answer.ts";

const FOLDER = "/etc/ansible/facts.d/";

// Facts that the host's owner keeps in /etc/ansible/facts.d: JSON or INI, or programs that print one of them.
export function localFacts(files: ReadonlyMap<string, string>): Facts {
  const found = [...files].filter(([path]) => path.startsWith(FOLDER) && path.endsWith(".fact"));
  return { ansible_local: Object.fromEntries(found.map(([path, text]) => [path.slice(FOLDER.length, -".fact".length), read(path, text)])) };
}

// One file; what cannot be read becomes a text that says so, as in Ansible.
function read(path: string, text: string): Json {
  const broken = /\n\u0001(\d+)\n?$/.exec(text)?.[1];
  if (broken !== undefined) return `Failure executing fact script (${path}), rc: ${broken}, err: `;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return readIni(text) ?? `error loading facts as JSON or ini - please check content: ${path}`;
  }
}

// Sections of INI, their keys in small letters; undefined: it is none.
function readIni(text: string): Json | undefined {
  const facts: { [section: string]: { [key: string]: Json } } = {};
  let section: { [key: string]: Json } | undefined;
  for (const line of text.split("\n").map((one) => one.trim()).filter((one) => one !== "" && !/^[#;]/.test(one))) {
    const head = /^\[(.+)\]$/.exec(line)?.[1];
    if (head !== undefined) section = facts[head] ??= {};
    else if (!section || !/[=:]/.test(line)) return undefined;
    else {
      const [key, value] = splitOnce(line, /[=:]/.exec(line)![0]);
      section[key.trim().toLowerCase()] = value.trim();
    }
  }
  return facts;
}
