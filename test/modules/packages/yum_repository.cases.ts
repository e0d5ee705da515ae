import { yum_repository } from "../../../src/modules/packages/yum_repository.ts";
import { textCases, type TextCase } from "../shared/edited.ts";

const base = {
  name: "r",
  description: "Ours",
  baseurl: ["https://a/", "https://b/"],
  gpgcheck: true,
  exclude: ["x", "y"],
};
const text =
  "[r]\nbaseurl = https://a/\n\thttps://b/\nexclude = x y\ngpgcheck = 1\nname = Ours\n\n";

const table: TextCase[] = [
  { name: "a new file", args: base, before: null, after: text },
  { name: "it is so", args: base, before: text, after: "same" },
  {
    name: "it is so in another order",
    args: base,
    before: "# c\n[r]\nname=Ours\ngpgcheck=1\nexclude=x y\nbaseurl=https://a/\n  https://b/\n",
    after: "same",
  },
  {
    name: "beside another",
    args: base,
    before: "[s]\nname=S\n",
    after: `[s]\nname = S\n\n${text}`,
  },
  {
    name: "another option",
    args: { ...base, gpgcheck: false },
    before: text,
    after: text.replace("gpgcheck = 1", "gpgcheck = 0"),
  },
  {
    name: "one of two goes",
    args: { name: "r", state: "absent" },
    before: `[s]\nname = S\n\n${text}`,
    after: "[s]\nname = S\n\n",
  },
  { name: "the last goes", args: { name: "r", state: "absent" }, before: text, after: null },
  { name: "it is gone", args: { name: "r", state: "absent" }, before: null, after: "same" },
  {
    name: "no address",
    args: { name: "r", description: "Ours" },
    before: null,
    after: /'baseurl', 'metalink' or 'mirrorlist' is required/,
  },
  {
    name: "no description",
    args: { name: "r", baseurl: "https://a/" },
    before: null,
    after: /'description' is required/,
  },
  {
    name: "no directory",
    args: base,
    before: null,
    more: { above: { "/etc": { type: "directory" }, "/etc/yum.repos.d": null } },
    after: /does not exist/,
  },
  {
    name: "a directory that is written in another way",
    args: { ...base, reposdir: "/etc//./yum.repos.d/" },
    before: null,
    after: text,
  },
];

export const cases = textCases(yum_repository, "/etc/yum.repos.d", table);
