// What makes the built program start fast: parts that are loaded when they are first used, and letters that need no decoding.

import { builtinModules } from "node:module";

/** Parts of Node that a short run can do without; each takes a millisecond or more. */
const LATE_PARTS = [
  "child_process",
  "crypto",
  "fs/promises",
  "http",
  "https",
  "net",
  "readline",
  "timers/promises",
  "tls",
  "zlib",
];

/** A package whose default import is loaded where it is used; the program must not use it while it is loaded itself. */
export const latePackage = (name) => {
  const wanted = new RegExp(`^import (\\w+)(?:, \\{[^}]*\\})? from "${name}";$`, "m");
  return {
    name: `late ${name}`,
    transform(code, id) {
      if (!id.includes("/src/")) return undefined;
      const local = wanted.exec(code)?.[1];
      if (local === undefined) return undefined;
      const used = new RegExp(`\\b${local}\\.(?=\\w)`, "g");
      return code.replace(wanted, "").replace(used, `(require("${name}")).`);
    },
  };
};

// One spelling for parts of Node, whoever imports them.
export const nodeParts = {
  name: "node parts",
  resolveId: (source) =>
    builtinModules.includes(source) ? { id: `node:${source}`, external: true } : undefined,
};

// Has the parts of Node loaded when something of them is first used: what stands for each has a getter for all that is used of it.
export function withLateParts(code) {
  return LATE_PARTS.reduce(lately, code);
}

function lately(code, part) {
  const found = new RegExp(`^let (\\w+) = require\\("node:${part}"\\);$`, "m").exec(code);
  if (found === null) throw new Error(`the program no longer loads node:${part} at its top`);
  const [line, local] = found;
  const uses = [...code.matchAll(new RegExp(`\\b${local}\\b(?:\\.(\\w+))?`, "g"))].slice(1);
  if (uses.some(([, name]) => name === undefined))
    throw new Error(`node:${part} is used as a whole, so it cannot be loaded late`);
  const names = [...new Set(uses.map(([, name]) => name))];
  const loaded = `(${local}.$ ??= require("node:${part}"))`;
  const getters = names.map((name) => `get ${name}() { return ${loaded}.${name}; }`);
  return code.replace(line, () => `const ${local} = { $: undefined, ${getters.join(", ")} };`);
}

// Spells every letter beyond ASCII by its number: Node reads the file as bytes, and V8 keeps it in half the memory.
export function inAscii(code) {
  const raw = /\braw`[^`]*[^\x00-\x7f]/.exec(code);
  if (raw) throw new Error(`a letter beyond ASCII in a raw string: ${raw[0]}`);
  return code.replace(
    /[^\x00-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
