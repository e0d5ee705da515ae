import { quote, type Script } from "../../../script/sh.ts";

/** A variable as Python's expandvars knows it, without braces or with them. */
const VARIABLE = /(\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\})/;
/** A home at a word's beginning; the shell writes it out where the host has its user. */
const HOME = /^~[A-Za-z0-9_.-]*(?=\/|$)/;

// The words of a program with the host's variables and homes written out, as Python does it: what
// is not set stays as it is.
export function expandedWords(words: readonly string[]): Script {
  return {
    sh: words
      .map((word) => {
        const home = HOME.exec(word)?.[0] ?? "";
        const rest = word.slice(home.length);
        return home === ""
          ? expanded(word)
          : `${home}${rest === "" ? "" : `/${rest === "/" ? "" : expanded(rest.slice(1))}`}`;
      })
      .join(" "),
  };
}

// A word whose every second part is a variable.
function expanded(word: string): string {
  const parts = word.split(VARIABLE);
  if (parts.length === 1) return quote(word);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return orItself(part);
      return part === "" ? "" : quote(part);
    })
    .join("");
}

// A variable, or its own text where it is not set.
function orItself(variable: string): string {
  return `"\${${variable.replace(/\W/g, "")}-${variable.replace("$", "\\$").replace("}", "\\}")}}"`;
}
