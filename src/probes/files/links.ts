import WAY from "./links.sh?raw";
import { sh } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";

/** The links on the way to a path, and what each holds, by where they are. */
export type Links = { [location: string]: string };

/**
 * Which links a path leads through. It decides nothing by itself while nothing is planned: it shows
 * which paths are the same file, so that a task sees what an earlier one makes under another name.
 * Almost all of it is done by the shell itself.
 */
export const links: ProbeKind<{ path: string }, Links> = {
  name: "links",
  subject: (arg) => arg.path,
  script: (args) => sh`${{ sh: WAY }}
for hw_p in ${args.map((arg) => arg.path)}; do hw_way "$hw_p"; printf '\\0'; done`,
  parse(output, args) {
    const words = output.split("\0").values();
    return args.map(() => readWay(words));
  },
};

// Reads the links of one path, up to the empty word that ends them.
function readWay(words: Iterator<string>): Links {
  const found: Links = {};
  for (let word = words.next(); word.done !== true && word.value !== ""; word = words.next()) {
    const target = words.next();
    if (target.done !== true) found[word.value] = target.value;
  }
  return found;
}

// Asks which links a path leads through.
export function askLinks(path: string): Probe<Links> {
  return ask(links, { path });
}
