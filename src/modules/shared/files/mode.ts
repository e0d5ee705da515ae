/** The umask of most logins. */
const UMASK = 0o022;
const CLASSES: { readonly [letter: string]: number } = { u: 0o4700, g: 0o2070, o: 0o1007 };
const BITS: { readonly [letter: string]: number } = { r: 0o444, w: 0o222, x: 0o111 };

// Permission bits that a mode parameter makes of the present ones, as chmod would.
export function applyMode(
  mode: string,
  before: number,
  isFolder: boolean,
  umask: number = UMASK,
): number {
  if (/^[0-7]+$/.test(mode)) return Number.parseInt(mode, 8);
  return mode
    .split(",")
    .reduce((bits, clause) => applyClause(clause, bits, isFolder, umask), before);
}

// One clause, such as "u=rwX" or "go-w+x".
function applyClause(clause: string, before: number, isFolder: boolean, umask: number): number {
  const [, letters = "", actions = ""] = /^([ugoa]*)(.*)$/.exec(clause) ?? [];
  const classes = letters === "" || letters.includes("a") ? "ugo" : letters;
  const who = [...classes].reduce(
    (mask, letter) => mask | CLASSES[letter]!,
    letters.includes("a") || letters === "" ? 0o1000 : 0,
  );
  let bits = before;
  for (const [, operator, permissions] of actions.matchAll(/([-+=])([rwxXstugo]*)/g)) {
    const wanted =
      permissionBits(permissions!, bits, isFolder) & who & (letters === "" ? ~umask : ~0);
    if (operator === "-") bits &= ~wanted;
    else bits = (operator === "=" ? bits & ~(who & (isFolder ? 0o1777 : 0o7777)) : bits) | wanted;
  }
  return bits;
}

// The bits of letters such as "rwX", "s" or "g", in all classes at once.
function permissionBits(permissions: string, before: number, isFolder: boolean): number {
  let bits = 0;
  for (const letter of permissions) {
    if (letter in BITS) bits |= BITS[letter]!;
    else if (letter === "X") bits |= isFolder || before & 0o111 ? 0o111 : 0;
    else if (letter === "s") bits |= 0o6000;
    else if (letter === "t") bits |= 0o1000;
    else bits |= ((before >> classShift(letter)) & 7) * 0o111;
  }
  return bits;
}

// Where the bits of a class are in a mode.
function classShift(letter: string): number {
  if (letter === "u") return 6;
  return letter === "g" ? 3 : 0;
}

// A mode as chmod takes it and as results show it.
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
