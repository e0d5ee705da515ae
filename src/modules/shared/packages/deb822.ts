import type { ArgsOf, Schema } from "../../contract/schema.ts";

const FLAG = (description: string) => ({ type: "bool", description }) as const;
const WORDS = (description: string) => ({ type: "list", elements: "str", description }) as const;

/** The fields of a repository, by Ansible's names, in the order in which they are written. */
const FIELDS = {
  allow_downgrade_to_insecure: FLAG("Allows it to lose its signature."),
  allow_insecure: FLAG("Allows it to have no signature."),
  allow_weak: FLAG("Allows weak signatures."),
  architectures: WORDS("Only these architectures."),
  by_hash: FLAG("Fetches lists by their digest."),
  check_date: FLAG("Refuses dates of the future."),
  check_valid_until: FLAG("Refuses lists that are too old."),
  components: WORDS("Components of the suites: main, stable."),
  date_max_future: { type: "int", description: "Seconds that a date may be in the future." },
  enabled: FLAG("Whether apt uses it."),
  inrelease_path: { type: "str", description: "Where its signed list is." },
  languages: WORDS("Translations to fetch."),
  name: { type: "str", required: true, description: "Its name, which is also that of the file." },
  pdiffs: FLAG("Fetches differences of lists."),
  signed_by: {
    type: "str",
    description: "Its key: a file of the host, an address, or the armored text.",
  },
  suites: WORDS("Suites: bookworm, or a path with a slash at its end."),
  targets: WORDS("Which lists are fetched."),
  trusted: FLAG("Takes it for signed."),
  types: {
    type: "list",
    elements: "str",
    choices: ["deb", "deb-src"],
    default: ["deb"],
    description: "Packages, sources, or both.",
  },
  uris: WORDS("Where it is."),
} as const satisfies Schema["arguments"];

export const deb822Schema = {
  description:
    "Adds or removes an apt repository: a deb822 file in /etc/apt/sources.list.d, and its key.",
  example: `name: Take packages of our own
deb822_repository: {name: own, types: deb, uris: "https://deb.example.org", suites: stable, components: main}`,
  returns: [
    "repo: the text of the source",
    "dest, key_filename: the paths of the source and of its key",
  ],
  arguments: {
    ...FIELDS,
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether it should exist.",
    },
    mode: { type: "mode", default: "0644", description: "Permissions of the file." },
    install_python_debian: {
      type: "bool",
      default: false,
      description: "Has no effect: no Python is used.",
    },
  },
} as const satisfies Schema;

export type Deb822Args = ArgsOf<typeof deb822Schema>;

// The name as a file's: small letters, digits and dashes.
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[_\s]+/g, "-")
    .replace(/[^a-z0-9-]+/g, "");
}

// The file's text.
export function sourceText(args: Deb822Args): string {
  const lines = (Object.keys(FIELDS) as (keyof typeof FIELDS)[])
    .filter((name) => args[name] !== undefined)
    .map((name) => `${fieldName(name)}: ${fieldText(args[name])}`);
  return `${lines.join("\n")}\n`;
}

function fieldName(name: string): string {
  if (name === "name") return "X-Repolib-Name";
  return name === "uris"
    ? "URIs"
    : name
        .split("_")
        .map((word) => word[0]!.toUpperCase() + word.slice(1))
        .join("-");
}

// A value; of several lines each is indented, and an empty one is a dot.
function fieldText(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  const text = Array.isArray(value) ? value.join(" ") : String(value);
  return text.includes("\n")
    ? `\n${text
        .trim()
        .split("\n")
        .map((line) => ` ${line.trim() || "."}`)
        .join("\n")}`
    : text;
}
