import WAY from "./links.sh?raw";
import { sh } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";

/**
 * The links on the way to a path, and what each holds, by where they are. Links that root does not
 * follow, since they are of another user, are there once more: "/" before where they are ("//" at
 * the end of the path), with who owns the link and what it leads to.
 */
export type Links = { [location: string]: string };

/**
 * Which links a path leads through. It decides nothing by itself while nothing is planned: it shows
 * which paths are the same file, so that a task sees what an earlier one makes under another name.
 * Almost all of it is done by the shell itself: of most paths, the only link is their first.
 */
export const links: ProbeKind<{ path: string }, Links> = {
  name: "links",
  subject: (arg) => arg.path,
  script: (args) => sh`${{ sh: WAY }}
set -- ${args.map((arg) => arg.path)}; hw_first_links "$@"
for hw_p; do
  case $hw_plain in *"
$hw_p
"*) ;; *) hw_way "$hw_p" ;; esac
  printf '\\0'
done`,
  validator: (args) => ({ paths: args.map(({ path }) => path) }),
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

/** A link of a user to what belongs to another one. */
export interface OthersLink {
  location: string;
  owner: string;
  leadsTo: string;
}

const ON_THE_WAY = /^\/\/[^/]/;
const AT_END = /^\/\//;

// The first link on the way to a path that root does not follow; `isEnd` if the link at its end is
// followed, too.
export function othersLink(found: Links, { isEnd }: { isEnd: boolean }): OthersLink | undefined {
  for (const [location, owners] of Object.entries(found)) {
    if (!(isEnd ? AT_END : ON_THE_WAY).test(location)) continue;
    const [owner, leadsTo] = owners.split(" ");
    return { location: location.replace(/^\/+/, "/"), owner: owner!, leadsTo: leadsTo! };
  }
  return undefined;
}
