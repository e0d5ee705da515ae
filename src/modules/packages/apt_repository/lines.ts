import { TaskFailure } from "../../../errors.ts";
import { defined } from "../../../defined.ts";

/** One line of a list of sources, as apt reads it. */
export interface SourceLine {
  /** The line as written. */
  text: string;
  /** The source in its plain form: one blank between words; undefined: the line names none. */
  source?: string;
  enabled: boolean;
  comment: string;
}

// Reads a line. One that is commented out names a source that is switched off.
export function readLine(text: string): SourceLine {
  const enabled = !text.trim().startsWith("#");
  const bare = enabled ? text.trim() : text.trim().slice(1);
  const at = bare.indexOf("#");
  const words = (at > 0 ? bare.slice(0, at) : bare).trim().split(/\s+/);
  const comment = at > 0 ? bare.slice(at + 1).trim() : "";
  return {
    text,
    enabled,
    comment,
    ...defined({
      source: /^deb(-src)?$/.test(words[0]!) && words.length > 1 ? words.join(" ") : undefined,
    }),
  };
}

// The source that a task names.
export function readRepo(repo: string): string {
  const { source, enabled } = readLine(repo);
  if (repo.startsWith("ppa:"))
    throw new TaskFailure(
      `${repo} is a shorthand that only Launchpad can resolve`,
      "write the whole source: deb https://... SUITE COMPONENT",
    );
  if (source === undefined || !enabled || /[\r\n]/.test(repo))
    throw new TaskFailure(
      `Invalid repository string: ${repo}`,
      "it begins with deb or deb-src: deb https://... SUITE COMPONENT",
    );
  return source;
}

// Writes a source as a line that is in force.
export function writeLine(source: string, comment: string): string {
  return comment === "" ? source : `${source} # ${comment}`;
}

// The file that a new source goes to, named by its address unless the task says.
export function listPath(source: string, filename: string | undefined): string {
  const address =
    source
      .replace(/\[[^\]]+\]/, "")
      .replace(/\w+:\/\//, "")
      .split(" ")
      .filter((word) => word !== "" && !/^deb(-src)?$/.test(word))[0] ?? "";
  const name =
    filename ??
    address
      .slice(address.indexOf("@") + 1)
      .split(/[^a-zA-Z0-9]+/)
      .filter(Boolean)
      .join("_");
  return name.includes("/") ? `${name}.list` : `/etc/apt/sources.list.d/${name}.list`;
}
