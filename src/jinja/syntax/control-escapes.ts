/**
 * The control characters that Python's strings, patterns and replacements write as
 * a backslash and a letter.
 */
export const CONTROL_ESCAPES: { readonly [letter: string]: string } = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** What stands for itself behind a backslash in Python's strings, and the control characters. */
export const STRING_ESCAPES: { readonly [letter: string]: string } = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  ...CONTROL_ESCAPES,
};
