import { EVENT_ID, YAMLException, parseEvents } from "js-yaml";
import type { AliasEvent, Event, MappingEvent, SequenceEvent } from "js-yaml";
import { InputError } from "../errors.ts";
import type { Place } from "../errors.ts";
import { checkSize } from "./bounds.ts";
import { mergeEntries } from "./merge.ts";
import { complexKey, parseMistake } from "./mistake.ts";
import type { MapEntry, MapNode, ScalarNode, SeqNode, Warn, YamlNode } from "./node.ts";
import { readScalar } from "./read-scalar.ts";
import { YamlSource, type WhereWritten } from "./source.ts";
import { collectionTag } from "./tag.ts";
import { succeeds } from "../instead-of.ts";

/** The position of the walk over the parser's events. */
interface Reader {
  source: YamlSource;
  events: Event[];
  next: number;
  /** Where the last node ended: the place of an empty value is derived from it. */
  end: number;
  anchors: Map<string, YamlNode | "open">;
  aliases: number;
  /** The text is JSON as well, and numbers in it are those of JSON. */
  isJson: boolean;
  warn: Warn;
}

const MAX_ALIASES = 10_000;

// Reads a text that holds one document; undefined where it holds none, or an empty one.
export function loadYaml(
  text: string,
  file: string,
  warn: Warn = () => {},
  by?: WhereWritten,
): YamlNode | undefined {
  const documents = loadYamlDocuments(text, file, warn, by);
  const second = documents[1];
  if (second)
    throw new InputError(
      "a second document begins here, but only one is allowed",
      second.place,
      'remove the "---" between them, or keep them in two files',
    );
  const [root] = documents;
  return root?.kind === "scalar" && root.value === null && root.style === "plain"
    ? undefined
    : root;
}

// Reads all documents of a text, as PyYAML's SafeLoader does. Throws InputError with
// the place of the mistake.
export function loadYamlDocuments(
  text: string,
  file: string,
  warn: Warn = () => {},
  by?: WhereWritten,
): YamlNode[] {
  const { source, events } = parse(new YamlSource(file, text, text, undefined, by));
  const reader: Reader = {
    source,
    events,
    next: 0,
    end: 0,
    anchors: new Map(),
    aliases: 0,
    isJson: isJson(text),
    warn,
  };
  const documents: YamlNode[] = [];
  while (reader.next < reader.events.length) {
    reader.next++;
    reader.anchors.clear();
    reader.aliases = 0;
    const root = readValue(reader, false);
    if (reader.aliases > 0) checkSize(root);
    documents.push(root);
    reader.next++;
  }
  return documents;
}

// Parses a text. YAML requires the contents of brackets and quotes to be indented; PyYAML, and
// people, do not: such lines are moved to the right.
function parse(written: YamlSource): { source: YamlSource; events: Event[] } {
  checkCharacters(written);
  let first: YAMLException | undefined;
  for (let source: YamlSource | undefined = written; ;) {
    try {
      return { source, events: parseEvents(source.text, { filename: source.file }) };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      first ??= error;
      source =
        error.reason === "deficient indentation"
          ? indentedAt(source, error.mark?.position ?? 0)
          : undefined;
      if (!source) throw parseMistake(written, first);
    }
  }
}

// The text with the line moved that begins at an offset; undefined: it begins before that.
function indentedAt(source: YamlSource, offset: number): YamlSource | undefined {
  const line = source.lineAt(offset);
  return source.text.slice(source.lineStart(line), offset).trim() === ""
    ? source.withIndented(line)
    : undefined;
}

// Refuses control characters, which no YAML may hold as they are.
function checkCharacters(source: YamlSource): void {
  const found = /[\x00-\x08\v\f\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]/.exec(source.text);
  if (!found || found[0] === "\0") return;
  const code = found[0].charCodeAt(0).toString(16).padStart(4, "0").toUpperCase();
  throw new InputError(
    `there is a control character here (U+${code})`,
    source.place(found.index),
    "remove it, or write it as an escape in double quotes",
  );
}

// Whether a text is JSON: Ansible then reads it as such.
function isJson(text: string): boolean {
  return /^\s*[[{\d-]/.test(text) && succeeds(() => JSON.parse(text));
}

function readNode(reader: Reader, unsafe: boolean): YamlNode {
  const event = reader.events[reader.next++]!;
  if (event.type === EVENT_ID.ALIAS) return readAlias(reader, event);
  if (event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT)
    throw new Error("the YAML parser's events are not balanced");
  const anchor =
    event.anchorStart < 0
      ? undefined
      : reader.source.text.slice(event.anchorStart, event.anchorEnd);
  if (anchor !== undefined) openAnchor(reader, anchor, event.anchorStart - 1);
  const node =
    event.type === EVENT_ID.SCALAR
      ? readScalar(reader.source, event, { end: reader.end, unsafe, isJson: reader.isJson })
      : readCollection(reader, event, unsafe);
  if (event.type === EVENT_ID.SCALAR)
    reader.end = Math.max(event.valueEnd, event.tagEnd, event.anchorEnd, reader.end);
  if (anchor !== undefined) reader.anchors.set(anchor, node);
  return node;
}

// A node that is no key: a lone "<<" merges nothing there.
function readValue(reader: Reader, unsafe: boolean): YamlNode {
  const node = readNode(reader, unsafe);
  if (node.kind === "scalar" && node.value === "<<" && node.style === "plain" && !node.tag)
    throw new InputError(
      '"<<" is a key that merges a mapping, and no value',
      node.place,
      'quote it: "<<"',
    );
  return node;
}

// YAML 1.2 lets an anchor be defined again, PyYAML does not.
function openAnchor(reader: Reader, name: string, offset: number): void {
  if (reader.anchors.has(name))
    throw new InputError(
      `the anchor &${name} is set twice in this document`,
      reader.source.place(offset),
      "give each anchor its own name",
    );
  reader.anchors.set(name, "open");
}

function readAlias(reader: Reader, event: AliasEvent): YamlNode {
  const name = reader.source.text.slice(event.anchorStart, event.anchorEnd);
  const place = reader.source.place(event.anchorStart - 1);
  const node = reader.anchors.get(name);
  if (node === undefined)
    throw new InputError(
      `there is no anchor &${name} before the alias *${name}`,
      place,
      `if plain text is meant, quote it: "*${name}"`,
    );
  if (node === "open")
    throw new InputError(`the alias *${name} is inside what it refers to`, place);
  if (++reader.aliases > MAX_ALIASES)
    throw new InputError(`more than ${MAX_ALIASES} aliases in one document`, place);
  reader.end = event.anchorEnd;
  return node;
}

function readCollection(
  reader: Reader,
  event: SequenceEvent | MappingEvent,
  unsafe: boolean,
): MapNode | SeqNode {
  const place = reader.source.place(event.start);
  const tagged = collectionTag(reader.source, event) === "!unsafe" || unsafe;
  const node =
    event.type === EVENT_ID.MAPPING
      ? readMap(reader, place, tagged)
      : readSeq(reader, place, tagged);
  reader.next++;
  return node;
}

function readSeq(reader: Reader, place: Place, unsafe: boolean): SeqNode {
  const items: YamlNode[] = [];
  while (!atEnd(reader)) items.push(readValue(reader, unsafe));
  return { kind: "seq", items, place };
}

function readMap(reader: Reader, place: Place, unsafe: boolean): MapNode {
  const own: MapEntry[] = [];
  const merged: YamlNode[] = [];
  while (!atEnd(reader)) {
    const key = readKey(reader);
    const value = readValue(reader, unsafe);
    if (key.value === "<<" && (key.tag === "!!merge" || (key.style === "plain" && !key.tag)))
      merged.push(value);
    else own.push({ key, value });
  }
  return { kind: "map", entries: mergeEntries(own, merged, reader.warn), place };
}

function readKey(reader: Reader): ScalarNode {
  const event = reader.events[reader.next]!;
  const key = readNode(reader, false);
  if (key.kind === "scalar") return key;
  throw complexKey(reader.source, "start" in event ? event.start : reader.end);
}

function atEnd(reader: Reader): boolean {
  return reader.events[reader.next]!.type === EVENT_ID.POP;
}
