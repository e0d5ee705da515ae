/** What stands in the place of a value that is not shown, and of one that is not the same as before. */
const HIDDEN = "(hidden)";
const CHANGED = "(hidden, changed)";

/** What the names of keys end with whose values are secret: registries' logins, passwords, tokens, keys. */
const KEY = String.raw`(?:[\w.-]*(?:passw(?:or)?d|passphrase|password|secret|token|credentials?|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|preshared[_-]?key|authorization)|(?:[\w.-]*[_.-])?auth|cookie|psk)`;
/** Values that give nothing away. */
const PLAIN =
  /^(?:["']{2}|["']?(?:true|false|yes|no|on|off|null|none|~)["']?|\(hidden.*|\*+|\[\]|\{\}|(?:files|compat|db|systemd|sss)\b.*)?$/i;

/** Where secrets stand in texts: what is before one, the secret, what is behind it. */
const PLACES: readonly RegExp[] = [
  /(-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----)([\s\S]*?)(-----END [A-Z ]*PRIVATE KEY|$)/g,
  /([a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*:)([^\s@/"']+)(@)/gi,
  /()(\$(?:1|2[abxy]?|5|6|7|y|gy|argon2\w*)\$[^\s:"',;]+)()/g,
  new RegExp(
    String.raw`^([ \t]*(?:- +)?["']?${KEY}["']?[ \t]*[:=][ \t]*[|>][+-]?[ \t]*\n)((?:[ \t]+\S.*(?:\n|$))+)()`,
    "gim",
  ),
  new RegExp(
    String.raw`(["']?(?<![A-Za-z0-9])${KEY}["']?\s?[:=]\s?\[?\s?)("(?:[^"\\\n]|\\.)+"|'[^'\n]+')()`,
    "gi",
  ),
  new RegExp(
    String.raw`^([ \t]*(?:- +)?["']?${KEY}["']?[ \t]*[:=][ \t]*)([^\s"'[{|>(][^\n]*?)([ \t]*,?[ \t]*)$`,
    "gim",
  ),
  new RegExp(
    String.raw`((?<![A-Za-z0-9])${KEY}["']?[:=] ?)((?:(?:bearer|basic|digest|token) )?[^\s"'\[\]{}(),;|>]+)()`,
    "gi",
  ),
  /(\bmachine\s.*\bpassword\s+)(\S+)()/gi,
  /(\b(?:Bearer|Basic)\s+)((?=\S*[0-9=])[\w.~+/-]{6,}=*)()/g,
];

/** A name at the end of a path of keys, such as plugins."x".auth.password. */
const SECRET_KEY = new RegExp(String.raw`(?:^|[."'])${KEY}["']?$`, "i");

/** Two sides of a change as they may be shown; null: there is nothing on that side. */
export interface Sides {
  before: string | null;
  after: string | null;
}

// Hides what looks like a secret in two texts of which one becomes the other; a secret that changes is said to change.
export function hideSecrets({ before, after }: Sides): Sides {
  const known = new Set<string>();
  const shown =
    before === null
      ? null
      : hideInText(before, (secret) => {
          known.add(secret);
          return HIDDEN;
        });
  const now =
    after === null
      ? null
      : hideInText(after, (secret) => (before === null || known.has(secret) ? HIDDEN : CHANGED));
  if (shown === null || now === null || shown !== now || before === after)
    return { before: shown, after: now };
  return { before: shown, after: now.replaceAll(HIDDEN, CHANGED) };
}

// The same for the value of a key, which is hidden as a whole where its name says so.
export function hideSecretValue(key: string, sides: Sides): Sides {
  if (!SECRET_KEY.test(key)) return hideSecrets(sides);
  const hide = (value: string | null, word: string): string | null =>
    value === null || PLAIN.test(value) ? value : word;
  return {
    before: hide(sides.before, HIDDEN),
    after: hide(sides.after, sides.before === null ? HIDDEN : CHANGED),
  };
}

// Hides what looks like a secret in one text.
export function hideSecretText(text: string): string {
  return hideInText(text, () => HIDDEN);
}

function hideInText(text: string, hide: (secret: string) => string): string {
  return PLACES.reduce(
    (shown, place) =>
      shown.replace(place, (whole, before: string, secret: string, behind: string) => {
        if (PLAIN.test(secret.trim())) return whole;
        return `${before}${around(before, secret, hide(secret))}${behind}`;
      }),
    text,
  );
}

// A hidden block keeps its lines apart from what stands before and behind it.
function around(before: string, secret: string, shown: string): string {
  if (before.endsWith("\n"))
    return `${/^[ \t]*/.exec(secret)![0]}${shown}${secret.endsWith("\n") ? "\n" : ""}`;
  const line = secret.includes("\n") ? "\n" : "";
  return `${line}${shown}${line}`;
}
