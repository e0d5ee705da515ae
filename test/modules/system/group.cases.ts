import { group } from "../../../src/modules/system/group.ts";
import type { Case } from "../case.ts";

const ops = { name: "ops", gid: 1500, members: ["eve", "bob"] };
const dev = { name: "dev", gid: 1600, members: [] };
const fresh = { ...ops, members: [] };
const table: Omit<Case, "module">[] = [
  {
    name: "a group is made with the next number",
    args: { name: "ops" },
    before: {},
    expect: {
      steps: ["groupadd ops && getent group ops | cut -d: -f3"],
      after: { group: { ...fresh, gid: null } },
    },
  },
  {
    name: "a group is made with a number of its own",
    args: { name: "ops", gid: 1500, system: true },
    before: {},
    expect: {
      steps: ["groupadd -g 1500 -r ops && getent group ops | cut -d: -f3"],
      after: { group: fresh, holder: fresh },
    },
  },
  {
    name: "a group that is there stays",
    args: { name: "ops" },
    before: { group: ops },
    expect: { unchanged: true },
  },
  {
    name: "a group with the wanted number stays",
    args: { name: "ops", gid: 1500 },
    before: { group: ops, holder: ops },
    expect: { unchanged: true },
  },
  {
    name: "a group gets another number",
    args: { name: "ops", gid: 1600 },
    before: { group: ops },
    expect: { steps: ["groupmod -g 1600 ops"] },
  },
  {
    name: "a number that another has is refused",
    args: { name: "ops", gid: 1600 },
    before: { group: ops, holder: dev },
    expect: { failure: /gid 1600 belongs to the group dev/ },
  },
  {
    name: "a shared number is taken when it may be",
    args: { name: "ops", gid: 1600, non_unique: true },
    before: { holder: dev },
    expect: { steps: ["groupadd -g 1600 -o ops && getent group ops | cut -d: -f3"] },
  },
  {
    name: "a group is removed",
    args: { name: "ops", state: "absent" },
    before: { group: ops },
    expect: { steps: ["groupdel ops"], after: { group: null } },
  },
  {
    name: "a group that is not there need not go",
    args: { name: "ops", state: "absent" },
    before: {},
    expect: { unchanged: true },
  },
];

export const cases: Case[] = table.map((one) => ({
  module: group,
  ...one,
}));
