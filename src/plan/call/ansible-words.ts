/**
 * What Ansible says where a template or the parameters of a module are wrong. Playbooks look for
 * these words in the `msg` that they register; on the screen stand our own.
 */

const UNDEFINED = "The task includes an option with an undefined variable. The error was: ";

/** Names in double quotes, which Ansible writes without. */
const QUOTED = /"(\w+)"/g;

/** Our words, and Ansible's for the same. */
const WORDS: readonly [ours: RegExp, theirs: string][] = [
  // parameters
  [/^"(?:command|shell)" needs one of .*$/, "no command given"],
  [/^"command" takes only one of .*$/, "only command or argv can be given, not both"],
  [/^"debug" takes only one of .*$/, "'msg' and 'var' are incompatible options"],
  [/^"copy" takes only one of .*$/, "src and content are mutually exclusive"],
  [/^"copy" needs one of .*$/, "src (or content) is required"],
  [/^"copy" needs the parameter "dest"$/, "dest is required"],
  [/^"template" needs the parameter "\w+"$/, "src and dest are required"],
  [/^"script" needs the parameter "cmd"$/, "one of the following is required: cmd, _raw_params"],
  [/^"\w+" needs one of (.*)$/, "one of the following is required: $1"],
  [/^"file" needs the parameter "src"$/, "src is required for creating new hardlinks"],
  [/^"\w+" needs the parameter "(\w+)"$/, "missing required arguments: $1"],
  [/^"(\w+)" has no parameter "([^"]+)"$/, "Unsupported parameters for ($1) module: $2"],
  [/^"(\w+)" takes only one of "(\w+)" and "(\w+)"$/, "parameters are mutually exclusive: $2|$3"],
  [/^\w+\.(\w+) cannot be (.*)$/, "value of $1 must be one of its choices, got: $2"],
  // filters
  [
    /^expected a list of dicts, or a dict of dicts, not \w+$/,
    "obj must be a list of dicts or a nested dict",
  ],
  [/^expected a path, or a list of its steps, not \w+$/, "subelements must be a list or a string"],
  [/^expected a list under (.*), not (\w+)$/, "the key $1 should point to a list, got $2"],
  [
    /^expected a dict for dict2items, not (\w+)$/,
    "dict2items requires a dictionary, got <class '$1'> instead.",
  ],
  [
    /^expected a list for items2dict, not (\w+)$/,
    "items2dict requires a list, got <class '$1'> instead.",
  ],
  [
    /^expected a list of dicts for items2dict, not (\w+)$/,
    "items2dict requires a list of dictionaries, got <class '$1'> instead.",
  ],
  [
    /^items2dict needs the keys (.*) and (.*) in each item, got (.*)$/,
    "items2dict requires each dictionary in the list to contain the keys $1 and $2, got $3 instead.",
  ],
  [
    /^expected a path or a list of its parts, not (\w+)$/,
    "|path_join expects string or sequence, got <class '$1'> instead.",
  ],
  [
    /^expected paths to compare, not (\w+)$/,
    "|commonpath expects sequence, got <class '$1'> instead.",
  ],
  [/^the regex type (posix_\w+) is not supported$/, "Regex type ($1) not yet implemented"],
  [/^the regex type (.*) is not supported$/, "Invalid regex type ($1)"],
  [
    /^expected a dict to combine, not (\w+)$/,
    "failed to combine variables, expected dicts but got a '$1' and a 'dict'",
  ],
  [
    /^list_merge cannot be .*$/,
    "merge_hash: 'list_merge' argument can only be equal to 'replace', 'keep', 'append', 'prepend', 'append_rp' or 'prepend_rp'",
  ],
  [/^passwords are not hashed with (.*) here$/, "crypt.crypt does not support '$1' algorithm"],
  [
    /^a mandatory variable is not defined: '(\w+)' is undefined$/,
    "Mandatory variable '$1'  not defined.",
  ],
  [/^there is no comment style "(.*)"$/, "Invalid style '$1'"],
  [/^.* names no group$/, "Unknown argument"],
  [
    /^((?:invalid (?:version number|semantic version)|Invalid version:) .*)$/,
    "Version comparison failed: $1",
  ],
  [
    /^expected the result of a task for the test "(\w+)", not \w+$/,
    "The '$1' test expects a dictionary",
  ],
  [
    /^((?:log|pow|root)\(\) can only be used on numbers), not on (\w+)$/,
    "$1: must be real number, not $2",
  ],
  [/^human_readable\(\) can only be used on numbers.*$/, "human_readable() failed on bad input"],
  [/^the text is not JSON: line (\d+) column (\d+)$/, "Expecting value: line $1 column $2"],
  [/^expected a JSON text, not (\w+)$/, "the JSON object must be str, bytes or bytearray, not $1"],
  [/^Key '(.*)' was not found$/, "Key $1 was not found"],
  [/^'NoneType' object is not iterable$/, "random can only be used on sequences and integers"],
  // lookups
  [/^could not locate '(.*)' for the lookup "file"$/, "could not locate file in lookup: $1"],
  [
    /^could not locate '(.*)' for the lookup "template"$/,
    "the template file $1 could not be found for the lookup",
  ],
  [/^could not locate '(.*)' for the lookup "unvault"$/, 'Unable to find file matching "$1" '],
  [/^the lookup (pipe|lines)\((.*)\) returned (\d+)$/, "lookup_plugin.$1($2) returned $3"],
  [
    /^nested requires at least one list$/,
    "with_nested requires at least one element in the nested list",
  ],
  [
    /^together requires at least one list$/,
    "with_together requires at least one element in each list",
  ],
  [/^must specify count or end in sequence$/, "must specify count or end in with_sequence"],
  [
    /^can't specify both count and end in sequence$/,
    "can't specify both count and end in with_sequence",
  ],
  [/^to count from .*, make the stride negative$/, "to count backwards make stride negative"],
  [/^to count from .*, make the stride positive$/, "to count forward don't make stride negative"],
  [
    /^expected a list of dicts under the lookup "subelements", not (.*)$/,
    "subelements lookup expects a dictionary, got '$1'",
  ],
  [/^expected a dict, not \w+$/, "with_dict expects a dict"],
  [
    /^loop takes a list, but this gives (.*)$/,
    "Invalid data passed to 'loop', it requires a list, got this instead: $1.",
  ],
  // undefined
  [/^(No variable found with this name: .*)$/, `${UNDEFINED}$1`],
  [
    /^there is no first item, the sequence is empty$/,
    `${UNDEFINED}No first item, sequence was empty.`,
  ],
  [/^(.* is undefined)$/, `${UNDEFINED}$1`],
  [/^('\w+ object' has no (?:attribute|element) .*)$/, `${UNDEFINED}$1`],
];

// Ansible's words for the message of a mistake; where it has others, or they are
// not known, the same message.
export function inAnsibleWords(message: string): string {
  const [ours, theirs] = WORDS.find(([pattern]) => pattern.test(message)) ?? [];
  return ours === undefined ? message : message.replace(ours, theirs!).replaceAll(QUOTED, "$1");
}
