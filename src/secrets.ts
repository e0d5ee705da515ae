/** What is shown in place of a hidden value, and of one that differs from the previous one. */
const HIDDEN = "(hidden)";
const CHANGED = "(hidden, changed)";

/**
 * What the names of keys end with whose values are secret: registries' logins,
 * passwords, tokens, keys.
 */
const KEY = String.raw`(?:[\w.-]*(?:passw(?:or)?d|passphrase|password|secret|token|credentials?|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|preshared[_-]?key|authorization)|(?:[\w.-]*[_.-])?auth|[\w.-]*[_-](?:pass|pwd)|cookie|psk)`;

/**
 * Values that give nothing away: words of settings, names of variables and of files, templates,
 * what is hidden or encrypted already.
 */
const PLAIN = new RegExp(
  String.raw`^(?:${[
    `["']{2}`,
    `["']?(?:true|false|yes|no|on|off|null|none|~|required|optional|sufficient|basic|digest|ldap|kerberos|gssapi|pam|peer|trust|md5|scram-sha-256|oauth2?|oidc|prompt|ask|always|on_create)["']?`,
    String.raw`\(hidden.*`,
    String.raw`\*+`,
    String.raw`\[\]|\{\}`,
    String.raw`["']?\$\([^)]*\)["']?|["']?\$\{?[a-z_]\w*\}?["']?|[$?-]|["']?\$\{[a-z_]\w*:?[-?=][^}]*\}["']?`,
    String.raw`["']?\{\{.*\}\}["']?`,
    String.raw`!vault.*`,
    String.raw`["']?(?:file:(?://)?)?(?:~|/(?:etc|var|usr|opt|home|root|run|srv|tmp|mnt|data|dev|lib))/[\w.@%{}$+-]+(?:/[\w.@%{}$+-]+)*["']?`,
    String.raw`(?:files|compat|db|systemd|sss)\b.*`,
  ].join("|")})?$`,
  "i",
);

/** Sudoers tags, and what may follow them: commands, aliases, further tags. */
const SUDO_TAG = /(?:^|[\s,=)])(?:NO)?PASSWD:[ \t]*$/;
const SUDO_COMMAND = /^(?:!?[A-Z][A-Z0-9_]*(?=[\s,:]|$)|[!/]|sudoedit\b|sha\d+:)/;
/** Settings of systemd that say in which file a credential is. */
const UNIT_FILE = /\b(?:Load|Import)Credential(?:Encrypted)?=\s*$/;

/** Where secrets occur in texts: what comes before one, the secret, what comes after it. */
const PLACES: readonly RegExp[] = [
  /(-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----)([\s\S]*?)(-----END [A-Z ]*PRIVATE KEY|$)/g,
  /([a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*:)([^\s@/"']+)(@)/gi,
  // hashes of passwords; $1$2 and $2${3} are parameters of a shell
  /()((?!(?:\$\d)+(?:\$\{|[^\w./$+=-]|$))\$(?:1|2[abxy]?|5|6|7|y|gy|argon2\w*)\$[^\s:"',;]+)()/gm,
  /()(\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|hvs\.[\w-]{20,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}))()/g,
  new RegExp(
    String.raw`^([ \t]*(?:- +)?["']?${KEY}["']?[ \t]*[:=][ \t]*[|>][+-]?[ \t]*\n)((?:[ \t]+\S.*(?:\n|$))+)()`,
    "gim",
  ),
  new RegExp(
    String.raw`(["']?(?<![A-Za-z0-9])${KEY}["']?\s?[:=]\s?\[?\s?)("(?:[^"\\\n]|\\.)+"|'[^'\n]+')()`,
    "gi",
  ),
  new RegExp(String.raw`(\\"${KEY}\\" ?: ?)(\\"(?:[^"\\\n]|\\\\.)+\\")()`, "gi"),
  new RegExp(
    String.raw`^([ \t]*(?:- +)?["']?${KEY}["']?[ \t]*[:=][ \t]*)([^\s"'[{|>(][^\n]*?)([ \t]*,?[ \t]*)$`,
    "gim",
  ),
  new RegExp(
    String.raw`((?<![A-Za-z0-9])${KEY}["']?[:=] ?)((?:(?:bearer|basic|digest|token) )?[^\s"'\[\]{}(),;|>]+)()`,
    "gi",
  ),
  new RegExp(String.raw`((?:^|\s)--${KEY}[ \t]+["']?)([^\s"'-][^\s"']*)()`, "gi"),
  /(\b(?:curl|ctr|nerdctl|crictl|podman|skopeo)\b[^\n|;]*?\s(?:-u|--user|--proxy-user|--creds)[ =]?["']?[\w.@+-]*[a-z][\w.@+-]*:)([^\s"'$]+)()/gi,
  /(^[ \t]*(?:requirepass|masterauth)[ \t]+["']?)([^\s"']+)()/gim,
  /(\bmachine\s.*\bpassword\s+)(\S+)()/gi,
  /(\b(?:Bearer|Basic)\s+)((?=\S*[0-9=])[\w.~+/-]{6,}=*)()/g,
];

/**
 * A part of every text that holds a place: most texts have none of them, so one look is enough for
 * those.
 */
const PART_OF_PLACES =
  /\$|:\/\/|pass|secret|token|credential|key|auth|pwd|cookie|psk|gh[pousr]_|github_pat_|glpat-|xox|akia|asia|hvs\.|eyj|curl|ctr|crictl|podman|skopeo|bearer|basic/i;

/** A name at the end of a path of keys, such as plugins."x".auth.password. */
const SECRET_KEY = new RegExp(String.raw`(?:^|[."'])${KEY}["']?$`, "i");

/** Two sides of a change as they may be shown; null: there is nothing on that side. */
export interface Sides {
  before: string | null;
  after: string | null;
}

// Hides what looks like a secret in two texts of which one becomes the other; a secret that changes
// is said to change, one that was not there before is only hidden.
export function hideSecrets({ before, after }: Sides): Sides {
  const known = new Set<string>();
  const keys = new Set<string>();
  const shown =
    before === null
      ? null
      : hideInText(before, (secret, key) => {
          known.add(secret);
          keys.add(key.trim());
          return HIDDEN;
        });
  const now =
    after === null
      ? null
      : hideInText(after, (secret, key) =>
          known.has(secret) || !keys.has(key.trim()) ? HIDDEN : CHANGED,
        );
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

function hideInText(text: string, hide: (secret: string, key: string) => string): string {
  if (!PART_OF_PLACES.test(text)) return text;
  return PLACES.reduce(
    (shown, place) =>
      shown.replace(place, (whole, before: string, secret: string, behind: string) => {
        if (PLAIN.test(secret.trim()) || isElsewhere(before, secret)) return whole;
        return `${before}${around(before, secret, hide(secret, before))}${behind}`;
      }),
    text,
  );
}

// Whether what looks like the key of a secret is a word of another language: a tag of
// sudoers, a file of a unit.
function isElsewhere(before: string, secret: string): boolean {
  return (SUDO_TAG.test(before) && SUDO_COMMAND.test(secret)) || UNIT_FILE.test(before);
}

// Whether the value of a key with this name is secret.
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

// Whether the value of such a key is one, and no word of a setting.
export function isSecret(value: string): boolean {
  return !PLAIN.test(value.trim());
}

/** Headers of requests that say nothing of who asks. */
const HARMLESS_HEADER =
  /^(?:accept(?:-.*)?|cache-control|connection|content-(?:type|length|encoding|language|disposition)|date|expect|from|host|if-.*|metadata-flavor|origin|pragma|range|referer|te|trailer|transfer-encoding|upgrade.*|user-agent|via|x-(?:requested-with|forwarded-.*|request-id))$/i;

export function isHarmlessHeader(name: string): boolean {
  return HARMLESS_HEADER.test(name);
}

// A hidden block keeps the lines before and after it separate.
function around(before: string, secret: string, shown: string): string {
  if (before.endsWith("\n"))
    return `${/^[ \t]*/.exec(secret)![0]}${shown}${secret.endsWith("\n") ? "\n" : ""}`;
  const line = secret.includes("\n") ? "\n" : "";
  return `${line}${shown}${line}`;
}
