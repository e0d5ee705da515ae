/** The control characters that Python's texts, patterns and replacements write with a letter behind a backslash. */
export const CONTROL_ESCAPES: { readonly [letter: string]: string } = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
