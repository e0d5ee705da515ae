import type { ActiveFlags, Category, SetItem } from "./tree.ts";

/** Whether a set has a character, by its code point. */
export type CharTest = (code: number) => boolean;

/**
 * Lower-case letters that are equal when case is ignored, beyond what changing the case
 * shows (Python's re._casefix).
 */
const ALIKE: readonly (readonly number[])[] = [
  [0x69, 0x131],
  [0x73, 0x17f],
  [0xb5, 0x3bc],
  [0x345, 0x3b9, 0x1fbe],
  [0x390, 0x1fd3],
  [0x3b0, 0x1fe3],
  [0x3b2, 0x3d0],
  [0x3b5, 0x3f5],
  [0x3b8, 0x3d1],
  [0x3ba, 0x3f0],
  [0x3c0, 0x3d6],
  [0x3c1, 0x3f1],
  [0x3c2, 0x3c3],
  [0x3c6, 0x3d5],
  [0x432, 0x1c80],
  [0x434, 0x1c81],
  [0x43e, 0x1c82],
  [0x441, 0x1c83],
  [0x442, 0x1c84, 0x1c85],
  [0x44a, 0x1c86],
  [0x463, 0x1c87],
  [0x1c88, 0xa64b],
  [0x1e61, 0x1e9b],
  [0xfb05, 0xfb06],
];
const ALIKE_OF = new Map(ALIKE.flatMap((codes) => codes.map((code) => [code, codes] as const)));

/** Code points by the small letter that they become; made when a pattern first needs it. */
let bySmall: Map<number, number[]> | undefined;

// A small letter as Python's re has it: one character for one.
export function lower(code: number, ascii: boolean): number {
  if (code < 0x80 || ascii) return code >= 0x41 && code <= 0x5a ? code + 32 : code;
  if (code === 0x130) return 0x69;
  const small = String.fromCodePoint(code).toLowerCase();
  const point = small.codePointAt(0)!;
  return small.length === String.fromCodePoint(point).length ? point : code;
}

// The test for a set; latin-1 is looked up in a table.
export function charTest(
  items: readonly SetItem[],
  negated: boolean,
  flags: ActiveFlags,
): CharTest {
  const test = flags.ignoreCase ? ignoringCase(items, flags.ascii) : exactly(items, flags.ascii);
  const table = new Uint8Array(256);
  for (let code = 0; code < 256; code++) table[code] = test(code) !== negated ? 1 : 0;
  return (code) => (code < 256 ? table[code] === 1 : test(code) !== negated);
}

// The only code point in a set; undefined: there are more, or none.
export function soleCode(
  items: readonly SetItem[],
  negated: boolean,
  flags: ActiveFlags,
): number | undefined {
  const [item, ...others] = items;
  if (negated || flags.ignoreCase || others.length > 0 || item?.kind !== "range") return undefined;
  return item.low === item.high ? item.low : undefined;
}

function exactly(items: readonly SetItem[], ascii: boolean): CharTest {
  return (code) => items.some((item) => hasItem(item, code, ascii));
}

function hasItem(item: SetItem, code: number, ascii: boolean): boolean {
  return item.kind === "range"
    ? code >= item.low && code <= item.high
    : inCategory(item.category, code, ascii);
}

// A range has a character if it has any that becomes the same small letter; a class is
// asked for the small letter.
function ignoringCase(items: readonly SetItem[], ascii: boolean): CharTest {
  return (code) => {
    const small = lower(code, ascii);
    const sameCase = spellings(small, ascii);
    return items.some((item) =>
      item.kind === "range"
        ? sameCase.some((one) => hasItem(item, one, ascii))
        : inCategory(item.category, small, ascii),
    );
  };
}

// All characters that are the same as a small letter where case is ignored.
function spellings(small: number, ascii: boolean): readonly number[] {
  if (ascii) return small >= 0x61 && small <= 0x7a ? [small, small - 32] : [small];
  bySmall ??= collectSmall();
  const capitals = bySmall;
  return (ALIKE_OF.get(small) ?? [small]).flatMap((one) => [one, ...(capitals.get(one) ?? [])]);
}

function collectSmall(): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let code = 0; code < 0x1e944; code++) {
    if (code >= 0x3400 && code < 0xa000) continue; // no letters with case
    const small = lower(code, false);
    if (small !== code) found.set(small, [...(found.get(small) ?? []), code]);
  }
  return found;
}

const DIGITS = /^\p{Nd}$/u;
const WORD = /^[\p{L}\p{N}_]$/u;
// JavaScript's \s has U+FEFF, Python's has not, but separators of records.
const SPACE = /^[ \t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

// Whether a character is a digit, a word's, or a space.
export function inCategory(category: Category, code: number, ascii: boolean): boolean {
  const kind = category.toLowerCase();
  const simple = ascii || (code < 0x80 && kind !== "s");
  const found = simple ? inAscii(kind, code) : inUnicode(kind, String.fromCodePoint(code));
  return found === (kind === category);
}

function inUnicode(kind: string, char: string): boolean {
  if (kind === "d") return DIGITS.test(char);
  return kind === "w" ? WORD.test(char) : SPACE.test(char);
}

function inAscii(kind: string, code: number): boolean {
  const digit = code >= 0x30 && code <= 0x39;
  if (kind === "d") return digit;
  if (kind === "s") return code === 0x20 || (code >= 9 && code <= 13);
  return digit || code === 0x5f || (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}
