import { cron } from "../../../src/modules/system/cron.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { Case } from "../case.ts";
import { textCases, type TextCase } from "../shared/edited.ts";

const base = { name: "j", job: "run", hour: "3" };
const file = { ...base, cron_file: "app", user: "root" };
const LINES = "#Ansible: j\n* 3 * * * root run\n";
const module = cron as unknown as AnyModule;

const files: TextCase[] = [
  { name: "a new file", args: file, before: null, after: LINES },
  { name: "it is so", args: file, before: LINES, after: "same" },
  { name: "one more", args: file, before: "# mine\n", after: `# mine\n${LINES}` },
  {
    name: "another time",
    args: { ...file, hour: "4" },
    before: `A=b\n${LINES}x\n`,
    after: "A=b\n#Ansible: j\n* 4 * * * root run\nx\n",
  },
  { name: "the same job without a name", args: file, before: "* 3 * * * root run\n", after: LINES },
  {
    name: "a special time",
    args: { ...file, hour: "*", special_time: "daily" },
    before: null,
    after: "#Ansible: j\n@daily root run\n",
  },
  {
    name: "disabled",
    args: { ...file, disabled: true },
    before: LINES,
    after: "#Ansible: j\n#* 3 * * * root run\n",
  },
  { name: "the last line ends", args: file, before: LINES.trimEnd(), after: LINES },
  {
    name: "a job goes",
    args: { ...file, state: "absent" },
    before: `# mine\n${LINES}`,
    after: "# mine\n",
  },
  {
    name: "the last goes, and the file",
    args: { ...file, state: "absent" },
    before: LINES,
    after: null,
  },
  { name: "it is gone", args: { ...file, state: "absent" }, before: null, after: "same" },
  {
    name: "a variable",
    args: { ...file, name: "PATH", job: "/bin", hour: "*", env: true },
    before: LINES,
    after: `PATH="/bin"\n${LINES}`,
  },
  {
    name: "a variable behind another",
    args: { ...file, name: "B", job: "2", hour: "*", env: true, insertafter: "A" },
    before: 'A="1"\nC="3"\n',
    after: 'A="1"\nB="2"\nC="3"\n',
  },
  {
    name: "a variable changes",
    args: { ...file, name: "A", job: "2", hour: "*", env: true },
    before: 'A="1"\n',
    after: 'A="2"\n',
  },
  {
    name: "a variable goes",
    args: { ...file, name: "A", env: true, state: "absent" },
    before: `A="1"\n${LINES}`,
    after: LINES,
  },
  {
    name: "behind one that is not there",
    args: { ...file, name: "B", env: true, insertafter: "A" },
    before: "",
    after: /'A' not found/,
  },
  {
    name: "two times",
    args: { ...file, special_time: "daily" },
    before: null,
    after: /time and date fields or special time/,
  },
  { name: "no user", args: { ...file, user: undefined }, before: null, after: /must specify user/ },
  {
    name: "no job",
    args: { name: "j", user: "root", cron_file: "app" },
    before: null,
    after: /must specify 'job'/,
  },
  {
    name: "the system's own",
    args: { ...file, cron_file: "/etc/crontab" },
    before: null,
    after: /Will not manage/,
  },
  {
    name: "a file on a host without cron",
    args: file,
    before: LINES,
    after: /no crontab command/,
    more: { crontab: false },
  },
  {
    name: "a job goes from a file on a host without cron",
    args: { ...file, state: "absent" },
    before: null,
    after: /no crontab command/,
    more: { crontab: false },
  },
].map((one: TextCase) => ({ ...one, more: { crontab: true, ...one.more } }));

const OWN = "#Ansible: j\n* 3 * * * run\n";
const put = (text: string, user: string): string =>
  `printf '%s' '${text}' | if [ ${user} = "$(id -un)" ]; then crontab -; else crontab -u ${user} -; fi`;

const account = {
  name: "a",
  uid: 1000,
  gid: 1000,
  group: "a",
  groups: [],
  comment: "",
  home: "/home/a",
  shell: "/bin/sh",
  homeExists: true,
};

const tables: Omit<Case, "module">[] = [
  {
    name: "a first job of a user",
    args: base,
    before: { table: "" },
    expect: { steps: [put(OWN, "root")], after: { table: OWN } },
  },
  {
    name: "another user's",
    args: { ...base, user: "a" },
    before: { table: "# x\n", account },
    expect: { steps: [put(`# x\n${OWN}`, "a")] },
  },
  {
    name: "of a user who does not exist",
    args: { ...base, user: "a" },
    before: { table: "", account: null },
    expect: { failure: /no user a on the host/ },
  },
  {
    name: "gone from the table of a user who does not exist",
    args: { ...base, user: "a", state: "absent" },
    before: { table: "", account: null },
    expect: { unchanged: true },
  },
  { name: "it is so in a table", args: base, before: { table: OWN }, expect: { unchanged: true } },
  {
    name: "gone from a table",
    args: { ...base, state: "absent" },
    before: { table: "" },
    expect: { unchanged: true },
  },
  {
    name: "no crontab",
    args: base,
    before: { table: null },
    expect: { failure: /no crontab command/ },
  },
  {
    name: "a backup of a table",
    args: { ...base, backup: true },
    before: {},
    expect: { failure: /backup/ },
  },
];

export const cases = [
  ...textCases(module, "/etc/cron.d", files),
  ...tables.map((one) => ({ ...one, module })),
];
