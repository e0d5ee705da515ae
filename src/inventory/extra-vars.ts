import { InputError } from "../errors.ts";
import { stringLiteral } from "../jinja/syntax/literal.ts";
import { wrapScalar } from "../yaml/data.ts";
import { loadYaml } from "../yaml/load.ts";
import type { InventoryVariables, WarnOfInventory } from "./model.ts";
import { variablesOf } from "./read-yaml.ts";
import { readVariables } from "./variable-files.ts";
import type { Decrypt } from "./variable-files.ts";
import { assignmentWords } from "./words.ts";

const ESCAPE = /\\(?:U[0-9a-fA-F]{8}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\\'"abfnrtv])/g;

// Reads the -e options, of which later ones win: name=value pairs (every value is text), YAML or
// JSON that begins with {, or @file.
export async function parseExtraVars(
  args: string[],
  warn: WarnOfInventory = () => {},
  decrypt?: Decrypt,
): Promise<InventoryVariables> {
  const merged: InventoryVariables = new Map();
  for (const arg of args) {
    for (const [name, value] of await readOption(arg, warn, decrypt)) merged.set(name, value);
  }
  return merged;
}

async function readOption(
  arg: string,
  warn: WarnOfInventory,
  decrypt?: Decrypt,
): Promise<InventoryVariables> {
  if (arg.startsWith("@")) return readVariables(arg.slice(1), warn, decrypt);
  if (/^\s*[[{]/.test(arg)) return variablesOf(loadYaml(arg, "-e", warn), "the value of -e");
  return readPairs(arg);
}

function readPairs(arg: string): InventoryVariables {
  const place = { file: "-e", line: 1, column: 1, text: arg };
  if (/^[/.]/.test(arg))
    throw new InputError(`"${arg}" looks like a file`, place, `write -e @${arg}`);
  const words = assignmentWords(arg);
  if (!words)
    throw new InputError(
      "there is an unclosed quote or {{",
      place,
      "quote the whole option for the shell: -e 'name=\"a value\"'",
    );
  const variables: InventoryVariables = new Map();
  for (const word of words.map(decodeEscapes)) {
    const equals = /(?<=[^\\])=/.exec(word)?.index ?? -1;
    if (equals < 0)
      throw new InputError(
        `"${word}" is not name=value`,
        place,
        "quote a value that contains spaces: -e 'name=\"a value\"'",
      );
    const value = word
      .slice(equals + 1)
      .trim()
      .replace(/^(["'])([\s\S]*)(?<!\\)\1$/, "$2");
    variables.set(word.slice(0, equals).trim(), wrapScalar(value, place));
  }
  return variables;
}

function decodeEscapes(word: string): string {
  return word.replace(ESCAPE, (escape) => stringLiteral(`"${escape}"`, false));
}
