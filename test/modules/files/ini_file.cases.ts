import { ini_file } from "../../../src/modules/files/ini_file.ts";
import { textCases, type TextCase } from "../shared/edited.ts";

const path = "/etc/app.ini";
const base = { path, section: "a", option: "x", value: "1" };

const table: TextCase[] = [
  { name: "a new file", args: base, before: null, after: "\n[a]\nx = 1\n" },
  {
    name: "a byte order mark goes with the first change",
    args: base,
    before: "\ufeff[a]\nx = 2\n",
    after: "[a]\nx = 1\n",
  },
  {
    name: "a byte order mark changes nothing",
    args: base,
    before: "\ufeff[a]\nx = 1\n",
    after: "same",
  },
  { name: "a new section", args: base, before: "[b]\nx = 1\n", after: "[b]\nx = 1\n[a]\nx = 1\n" },
  {
    name: "a new option",
    args: base,
    before: "[a]\ny = 2\n\n[b]\n",
    after: "[a]\ny = 2\nx = 1\n\n[b]\n",
  },
  {
    name: "behind comments at the end",
    args: base,
    before: "[a]\ny = 2\n# end\n\n",
    after: "[a]\ny = 2\nx = 1\n# end\n\n",
  },
  {
    name: "another value",
    args: base,
    before: "[a]\nx = 2\ny = 3\n",
    after: "[a]\nx = 1\ny = 3\n",
  },
  { name: "it is so", args: base, before: "[a]\nx = 1\n", after: "same" },
  { name: "spaces", args: base, before: "[a]\nx=1\n", after: "[a]\nx = 1\n" },
  {
    name: "spaces do not count",
    args: { ...base, ignore_spaces: true },
    before: "[a]\nx=1\n",
    after: "same",
  },
  {
    name: "no spaces",
    args: { ...base, no_extra_spaces: true },
    before: "[a]\nx = 2\n",
    after: "[a]\nx=1\n",
  },
  {
    name: "in a comment",
    args: base,
    before: "[a]\n#x = 5\ny = 1\n",
    after: "[a]\nx = 1\ny = 1\n",
  },
  {
    name: "a comment stays",
    args: { ...base, modify_inactive_option: false },
    before: "[a]\n#x = 5\n",
    after: "[a]\nx = 1\n#x = 5\n",
  },
  {
    name: "two lines become one",
    args: base,
    before: "[a]\nx = 2\nx = 3\ny = 1\n",
    after: "[a]\nx = 1\ny = 1\n",
  },
  {
    name: "values",
    args: { ...base, value: undefined, values: ["1", "2"] },
    before: "[a]\nx = 2\n",
    after: "[a]\nx = 2\nx = 1\n",
  },
  {
    name: "not exclusive",
    args: { ...base, exclusive: false },
    before: "[a]\nx = 2\n",
    after: "[a]\nx = 2\nx = 1\n",
  },
  {
    name: "without a value",
    args: { path, section: "a", option: "x", allow_no_value: true },
    before: "[a]\ny\n",
    after: "[a]\ny\nx\n",
  },
  {
    name: "without a value already",
    args: { path, section: "a", option: "x", allow_no_value: true },
    before: "[a]\nx\n",
    after: "same",
  },
  {
    name: "no section",
    args: { path, option: "x", value: "1" },
    before: "y = 2\n[a]\nx = 3\n",
    after: "y = 2\nx = 1\n[a]\nx = 3\n",
  },
  { name: "the last line ends", args: base, before: "[a]\nx = 1", after: "[a]\nx = 1\n" },
  {
    name: "an option goes",
    args: { path, section: "a", option: "x", state: "absent" },
    before: "[a]\nx = 1\n#x = 1\n",
    after: "[a]\n#x = 1\n",
  },
  {
    name: "one value goes",
    args: { ...base, exclusive: false, state: "absent" },
    before: "[a]\nx = 1\nx = 2\n",
    after: "[a]\nx = 2\n",
  },
  {
    name: "a section goes",
    args: { path, section: "a", state: "absent" },
    before: "[b]\n[a]\nx = 1\n[c]\n",
    after: "[b]\n[c]\n",
  },
  {
    name: "it is gone",
    args: { path, section: "a", option: "x", state: "absent" },
    before: "[b]\n",
    after: "same",
  },
  {
    name: "no file, nothing to take away",
    args: { path, section: "a", option: "x", state: "absent" },
    before: null,
    after: "same",
  },
  {
    name: "no file, not to be made",
    args: { ...base, create: false },
    before: null,
    after: /does not exist/,
  },
  {
    name: "no value",
    args: { path, section: "a", option: "x" },
    before: "[a]\n",
    after: /must be defined/,
  },
];

export const cases = textCases(ini_file, "/etc", table);
