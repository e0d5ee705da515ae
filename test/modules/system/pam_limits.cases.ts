import { pam_limits } from "../../../src/modules/system/pam_limits.ts";
import { textCases, type TextCase } from "../shared/edited.ts";

const base = { domain: "joe", limit_type: "soft", limit_item: "nofile", value: 64000 };
const max = { ...base, use_max: true };
const min = { ...base, use_min: true };
const nice = { ...base, limit_item: "nice" };
const line = "joe\tsoft\tnofile\t64000\n";
const joe = (value: string): string => `joe soft nofile ${value}\n`;
const wrote = (value: string): string => `joe\tsoft\tnofile\t${value}\n`;

const table: TextCase[] = [
  { name: "the file is created", args: base, before: null, after: line },
  { name: "the file is empty", args: base, before: "", after: line },
  {
    name: "a limit is added at the end",
    args: base,
    before: "# Limits\n\n@users  hard nproc 20\n",
    after: `# Limits\n\n@users  hard nproc 20\n${line}`,
  },
  {
    name: "a last line without line feed gets one",
    args: base,
    before: "# End of file",
    after: `# End of file\n${line}`,
  },
  {
    name: "it is so, whatever blanks",
    args: base,
    before: " joe  soft\tnofile 64000",
    after: "same",
  },
  {
    name: "it is so, with a comment",
    args: base,
    before: "joe soft nofile 64000#x\n",
    after: "same",
  },
  {
    name: "another value",
    args: base,
    before: `${joe("5")}a - core 0\n`,
    after: `${line}a - core 0\n`,
  },
  {
    name: "other domains, types and items are others",
    args: base,
    before: "jo soft nofile 1\njoe hard nofile 2\njoe - nofile 3\njoe soft nproc 4\n",
    after: `jo soft nofile 1\njoe hard nofile 2\njoe - nofile 3\njoe soft nproc 4\n${line}`,
  },
  { name: "a line in a comment is none", args: base, before: `#${line}`, after: `#${line}${line}` },
  {
    name: "lines of other lengths stay",
    args: base,
    before: "joe soft nofile\njoe soft nofile 5 6\n",
    after: `joe soft nofile\njoe soft nofile 5 6\n${line}`,
  },
  {
    name: "blanks beyond ASCII are no harm in comments",
    args: base,
    before: "# é\u00a0à\n",
    after: `# é\u00a0à\n${line}`,
  },
  {
    name: "each of several lines is changed",
    args: base,
    before: joe("1") + joe("64000") + joe("2"),
    after: line + joe("64000") + line,
  },
  {
    name: "types and wildcards",
    args: { ...base, domain: "*", limit_type: "-", limit_item: "memlock", value: "unlimited" },
    before: "* - memlock 64\n",
    after: "*\t-\tmemlock\tunlimited\n",
  },

  // Words for no limit.
  { name: "-1", args: { ...base, value: -1 }, before: joe("unlimited"), after: wrote("-1") },
  {
    name: "infinity",
    args: { ...base, value: "infinity" },
    before: null,
    after: wrote("infinity"),
  },
  { name: "zeros count", args: { ...base, value: "064000" }, before: line, after: wrote("064000") },

  // The larger, the smaller.
  { name: "the larger: of the task", args: max, before: joe("5"), after: line },
  { name: "the larger: of the file", args: max, before: joe("64001"), after: "same" },
  { name: "the larger: the file has no limit", args: max, before: joe("infinity"), after: "same" },
  {
    name: "the larger: the task has no limit",
    args: { ...max, value: -1 },
    before: joe("5"),
    after: wrote("-1"),
  },
  {
    name: "the larger: neither has a limit",
    args: { ...max, value: -1 },
    before: joe("unlimited"),
    after: "same",
  },
  {
    name: "the larger: not by its letters",
    args: { ...max, value: 9 },
    before: joe("10"),
    after: "same",
  },
  { name: "the larger: no line", args: max, before: "", after: line },
  {
    name: "the larger: without zeros",
    args: { ...max, value: 1 },
    before: joe("010"),
    after: wrote("10"),
  },
  {
    name: "the larger: of each line",
    args: max,
    before: joe("5") + joe("64001"),
    after: line + joe("64001"),
  },
  {
    name: "the larger: beyond 2^53",
    args: { ...max, value: "18446744073709551615" },
    before: joe("18446744073709551614"),
    after: wrote("18446744073709551615"),
  },
  { name: "the smaller: of the task", args: min, before: joe("64001"), after: line },
  { name: "the smaller: of the file", args: min, before: joe("5"), after: "same" },
  { name: "the smaller: the file has no limit", args: min, before: joe("-1"), after: line },
  {
    name: "the smaller: the task has no limit",
    args: { ...min, value: "unlimited" },
    before: joe("5"),
    after: "same",
  },
  {
    name: "the smaller: neither has a limit",
    args: { ...min, value: "unlimited" },
    before: joe("-1"),
    after: "same",
  },

  // Comments.
  {
    name: "a comment for a new line",
    args: { ...base, comment: "more files" },
    before: "a - core 0 # none\n",
    after: "a - core 0 # none\njoe\tsoft\tnofile\t64000\t#more files\n",
  },
  {
    name: "a comment for a changed line",
    args: { ...base, comment: "more files" },
    before: "joe soft nofile 5 # few\n",
    after: "joe\tsoft\tnofile\t64000\t#more files\n",
  },
  {
    name: "a comment alone changes nothing",
    args: { ...base, comment: "more files" },
    before: "joe soft nofile 64000 # few\n",
    after: "same",
  },
  {
    name: "the comment of a changed line stays, with its line feed",
    args: base,
    before: "joe soft nofile 5 # few\na - core 0\n",
    after: "joe\tsoft\tnofile\t64000\t# few\n\na - core 0\n",
  },
  {
    name: "the first comment behind something is taken",
    args: base,
    before: "# head\n\na - core 0 # none\n # own\n",
    after: "# head\n\na - core 0 # none\n # own\njoe\tsoft\tnofile\t64000\t# none\n\n",
  },
  {
    name: "a comment that is indented is taken",
    args: base,
    before: " # own",
    after: " # own\njoe\tsoft\tnofile\t64000\t# own\n",
  },
  {
    name: "a second line gets a second sign",
    args: { ...base, comment: "c" },
    before: joe("1") + joe("2"),
    after: "joe\tsoft\tnofile\t64000\t#c\njoe\tsoft\tnofile\t64000\t#\t#c\n",
  },
  {
    name: "a comment of a block ends with its line feed",
    args: { ...base, comment: "c\n" },
    before: "",
    after: "joe\tsoft\tnofile\t64000\t#c\n\n",
  },

  // nice and priority.
  { name: "nice", args: { ...nice, value: -20 }, before: "", after: "joe\tsoft\tnice\t-20\n" },
  {
    name: "nice: blanks around it",
    args: { ...nice, value: " 5 " },
    before: "joe soft nice 5\n",
    after: "same",
  },
  {
    name: "nice: the larger, with a sign",
    args: { ...nice, value: "+5", use_max: true },
    before: "joe soft nice -3\n",
    after: "joe\tsoft\tnice\t5\n",
  },
  {
    name: "nice: -1 is taken for no limit",
    args: { ...nice, value: 5, use_max: true },
    before: "joe soft nice -1\n",
    after: "same",
  },
  {
    name: "nice: too much",
    args: { ...nice, value: 20 },
    before: "",
    after: /"20" is not a value of nice/,
  },
  {
    name: "priority has no words",
    args: { ...base, limit_item: "priority", value: "unlimited" },
    before: "",
    after: /"unlimited" is not a value of priority/,
  },

  // Refusals.
  {
    name: "no number",
    args: { ...base, value: "64k" },
    before: "",
    after: /"64k" is not a value of nofile/,
  },
  {
    name: "below 0",
    args: { ...base, value: -2 },
    before: "",
    after: /"-2" is not a value of nofile/,
  },
  {
    name: "another line of the file is wrong",
    args: base,
    before: `${line}a - chroot /srv\n`,
    after: /limits.conf has a wrong line: "\/srv" is not a value of chroot/,
  },
  {
    name: "both",
    args: { ...max, use_min: true },
    before: "",
    after: /Cannot use use_min and use_max/,
  },
  {
    name: "a domain of two words",
    args: { ...base, domain: "a b" },
    before: "",
    after: /"a b" is not a domain/,
  },
  {
    name: "two lines",
    args: { ...base, comment: "a\nb" },
    before: "",
    after: /more than one line/,
  },
  {
    name: "its directory is not there",
    args: base,
    before: null,
    after: /the directory of .* does not exist/,
    more: { above: { "/etc": { type: "directory", mode: 0o755 }, "/etc/security": null } },
  },
];

export const cases = textCases(pam_limits, "/etc/security", table);
