/** How files become one: what is between them. */
import { TaskFailure } from "../../../errors.ts";
import { STRING_ESCAPES } from "../../../jinja/syntax/control-escapes.ts";
import { toBytes, type Bytes } from "../../shared/edit/pattern.ts";

/** What is between two files. */
interface Between {
  /** As it is written, with Python's escapes in it. */
  delimiter?: string;
  /** The files are on the host. */
  remote_src: boolean;
}

// The whole content: each file begins a line, and so does a delimiter.
export function joined(between: Between, contents: readonly Buffer[]): Buffer {
  const delimiter = Buffer.from(delimiterLine(between), "latin1");
  const parts = contents.flatMap((content, at) => {
    const last = contents[at - 1];
    return last === undefined ? [content] : [missingEnd(last), delimiter, content];
  });
  return Buffer.concat(parts);
}

const NEWLINE = 10;

// What a file lacks for the next one to begin a line.
function missingEnd(content: Buffer): Buffer {
  return content.at(-1) === NEWLINE ? Buffer.of() : Buffer.of(NEWLINE);
}

// The delimiter with its end. Ansible looks for a line break that is there already only where it
// joins files on the host.
function delimiterLine({ delimiter = "", remote_src: isOnHost }: Between): Bytes {
  if (delimiter === "") return "";
  const text = unescaped(toBytes(delimiter));
  return isOnHost && text.endsWith("\n") ? text : `${text}\n`;
}

/** A backslash with what belongs to it. */
const ESCAPE = /\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S]?)/g;

// Bytes as Python reads them between quotes: what it does not know stays as it is.
function unescaped(bytes: Bytes): Bytes {
  return bytes.replace(ESCAPE, (found, word: string) => {
    if (word === "" || word === "x")
      throw new TaskFailure(
        `delimiter has a backslash with nothing that belongs to it`,
        "write \\\\ for a backslash, and two hexadecimal digits after \\x",
      );
    if (word.startsWith("x")) return byte(word.slice(1), 16);
    return /^[0-7]/.test(word) ? byte(word, 8) : (STRING_ESCAPES[word] ?? found);
  });
}

function byte(digits: string, base: number): Bytes {
  return String.fromCharCode(Number.parseInt(digits, base) & 0xff);
}
