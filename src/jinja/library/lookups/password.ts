import { Unknown } from "../../../value.ts";
import { outsideOf, type Call } from "../../core/callable.ts";
import { wantInt, wantText } from "../../core/convert.ts";
import { crypt } from "../../python/crypt.ts";
import type { Table } from "../../core/builtin.ts";
import { Fault } from "../../core/fault.ts";
import { parseInteger } from "../filters/basic.ts";
import { dice } from "../filters/chance.ts";
import { cryptKind, randomSalt } from "../filters/password-hash.ts";
import { parseKeyValues } from "../../formats/key-values.ts";
import { toText } from "../../core/text.ts";
import { findUnknownIn } from "../../core/unknown.ts";
import { lookup, type LookupOptions } from "./define.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const SPACES = " \t\n\r\v\f";
/** Sets of characters by the names that Python's string module gives them. */
const SETS: { readonly [name: string]: string } = {
  ascii_letters: LETTERS + LETTERS.toUpperCase(),
  ascii_lowercase: LETTERS,
  ascii_uppercase: LETTERS.toUpperCase(),
  digits: "0123456789",
  hexdigits: "0123456789abcdefABCDEF",
  octdigits: "01234567",
  punctuation: PUNCTUATION,
  whitespace: SPACES,
  printable: `0123456789${LETTERS}${LETTERS.toUpperCase()}${PUNCTUATION}${SPACES}`,
};
const OPTIONS = ["length", "encrypt", "chars", "ident", "seed"];
const NOWHERE = "/dev/null";

// lookup("password"): what a file of the controller holds, or a new password that is put there.
function password(terms: unknown[], given: LookupOptions, call: Call): unknown[] | Unknown {
  const found = terms.map((term) => passwordOf(wantText(term, "the name of a file"), given, call));
  return found.find((one) => one instanceof Unknown) ?? found;
}

// The password of one term; Unknown while nothing may be written.
function passwordOf(term: string, given: LookupOptions, call: Call): string | Unknown {
  const { path, options } = readTerm(term, given);
  const encrypt = options.get("encrypt");
  const make = (content: string | undefined): string => writeContent(content, options, call);
  const content = path === NOWHERE ? make(undefined) : outsideOf(call, "password").keep(path, make);
  if (content === undefined) return new Unknown(`the password that apply will put into ${path}`);
  const { secret, salt } = parseContent(content);
  return encrypt === undefined || encrypt === null || encrypt === ""
    ? secret
    : crypt(secret, cryptKind(encrypt), salt!);
}

// The path and the options of a term such as "/path length=15".
function readTerm(term: string, given: LookupOptions): { path: string; options: LookupOptions } {
  const space = term.indexOf(" ");
  const { free, options: own } =
    space < 0
      ? { free: undefined, options: new Map<string, string>() }
      : parseKeyValues(term.slice(space + 1));
  const path = [
    space < 0 ? term : term.slice(0, space),
    ...(free === undefined ? [] : [free]),
  ].join(" ");
  if (!term.startsWith(path))
    throw new Fault("Unrecognized value after key=value parameters given to password lookup");
  const unknown = [...own.keys()].find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined)
    throw new Fault(
      `Unrecognized parameter(s) given to password lookup: ${unknown}`,
      `there are: ${OPTIONS.join(", ")}`,
    );
  return { path, options: new Map([...given, ...own]) };
}

// The wanted content of a password's file: its present content, with a salt if one is needed.
function writeContent(content: string | undefined, options: LookupOptions, call: Call): string {
  const { secret, salt } =
    content === undefined
      ? { secret: newPassword(options, call), salt: undefined }
      : parseContent(content);
  const encrypt = options.get("encrypt");
  if (encrypt === undefined || encrypt === null || encrypt === "") return content ?? secret;
  return `${secret} salt=${salt ?? randomSalt(cryptKind(encrypt).saltSize, call)}`;
}

// The password and the salt in the text of a file.
function parseContent(content: string): { secret: string; salt: string | undefined } {
  const at = content.lastIndexOf(" salt=");
  const rest = at < 0 ? "" : content.slice(at + 6);
  return {
    secret: at < 0 ? content : content.slice(0, at),
    salt: rest === "" ? undefined : rest.replace(/ ident=[^]*?$/, ""),
  };
}

// A new password from the characters that are allowed.
function newPassword(options: LookupOptions, call: Call): string {
  const length = wantInt(
    parseInteger(toText(options.get("length") ?? 20), 10),
    "the length of a password",
  );
  const seed = options.get("seed") ?? null;
  const source = dice(seed === null ? null : toText(seed), call);
  const chars = [
    ...characterSpecs(options.get("chars") ?? ["ascii_letters", "digits", ".,:-_"])
      .map((spec) => (Object.hasOwn(SETS, spec) ? SETS[spec] : spec))
      .join("")
      .replaceAll(/["']/g, ""),
  ];
  if (chars.length === 0) throw new Fault("there are no characters to choose a password from");
  return Array.from({ length }, () => chars[source.below(chars.length)]).join("");
}

// The character sets that a list or a text names; two commas mean a literal comma.
function characterSpecs(given: unknown): string[] {
  if (Array.isArray(given)) return given.map(toText);
  const text = toText(given);
  return [
    ...(text.includes(",,") ? [","] : []),
    ...text
      .replaceAll(",,", ",")
      .split(",")
      .filter((spec) => spec !== ""),
  ];
}

/** The lookup that makes passwords. */
export const passwordLookup: Table = {
  password: lookup(
    (terms, options, call) => findUnknownIn(terms) ?? password(terms, options, call),
    OPTIONS,
  ),
};
