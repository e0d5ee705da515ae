import { alternatives } from "../../../src/modules/system/alternatives.ts";
import type { LinkGroup } from "../../../src/probes/system/alternatives.ts";
import type { Case } from "../case.ts";

const program = { type: "file", mode: 0o755 };
const [ED, VIM, NANO] = ["/bin/ed", "/usr/bin/vim", "/bin/nano"];
const PAGE = { name: "editor.1", path: "/man/vim.1", link: "/man/editor.1" };
const editor: LinkGroup = {
  mode: "auto",
  value: VIM,
  link: "/usr/bin/editor",
  links: { "editor.1": "/man/editor.1" },
  alternatives: {
    [ED]: { priority: -100, followers: {} },
    [VIM]: { priority: 30, followers: { "editor.1": "/man/vim.1" } },
  },
  missing: [],
};
const found = (more: Partial<LinkGroup> = {}): object => ({
  group: { ...editor, ...more },
  program,
});
const nothing = { group: null, program };
const link = (target: string): object => ({
  type: "link",
  mode: 0o777,
  target,
  owner: "root",
  group: "root",
  uid: 0,
  gid: 0,
});
const name = "editor";

const table: Omit<Case, "module">[] = [
  {
    name: "another program is selected",
    args: { name, path: ED },
    before: found(),
    expect: {
      steps: [`update-alternatives --set editor ${ED}`],
      after: found({ mode: "manual", value: ED }),
      also: {
        "path /etc/alternatives/editor": link(ED),
        "path /man/editor.1": null,
        "path /etc/alternatives/editor.1": null,
      },
    },
  },
  {
    name: "what it leads to stays, also in automatic mode",
    args: { name, path: VIM },
    before: found(),
    expect: { unchanged: true },
  },
  {
    name: "what is registered is present, selected or not, and left alone",
    args: { name, path: ED, state: "present" },
    before: found(),
    expect: { unchanged: true },
  },
  {
    name: "a new group",
    args: { name, path: ED, link: "/usr/bin/editor" },
    before: nothing,
    expect: {
      steps: [
        `update-alternatives --install /usr/bin/editor editor ${ED} 50 `,
        `update-alternatives --set editor ${ED}`,
      ],
      after: {
        group: {
          mode: "manual",
          value: ED,
          link: "/usr/bin/editor",
          links: {},
          alternatives: { [ED]: { priority: 50, followers: {} } },
          missing: [],
        },
        program,
      },
    },
  },
  {
    name: "a new program of the highest priority wins where the mode is automatic",
    args: { name, path: NANO, priority: 40, state: "present" },
    before: found(),
    expect: {
      steps: [`update-alternatives --install /usr/bin/editor editor ${NANO} 40 `],
      after: found({
        value: NANO,
        alternatives: { ...editor.alternatives, [NANO]: { priority: 40, followers: {} } },
      }),
    },
  },
  {
    name: "another priority keeps the followers",
    args: { name, path: VIM, priority: 60 },
    before: found(),
    expect: {
      steps: [
        `update-alternatives --install /usr/bin/editor editor ${VIM} 60 --slave /man/editor.1 editor.1 /man/vim.1`,
      ],
    },
  },
  {
    name: "the same followers",
    args: { name, path: VIM, subcommands: [PAGE] },
    before: found(),
    expect: { unchanged: true },
  },
  {
    name: "another link of a follower, by the parameter's old name",
    args: { name, path: VIM, slaves: [{ ...PAGE, link: "/man/other.1" }] },
    before: { ...found(), "follower /man/vim.1": program },
    expect: {
      steps: [
        `update-alternatives --install /usr/bin/editor editor ${VIM} 30 --slave /man/other.1 editor.1 /man/vim.1`,
      ],
      after: {
        ...found({ links: { "editor.1": "/man/other.1" } }),
        "follower /man/vim.1": program,
      },
      also: {
        "path /man/editor.1": null,
        "path /man/other.1": link("/etc/alternatives/editor.1"),
      },
    },
  },
  {
    name: "a follower whose program is not there gets no link",
    args: { name, path: VIM, subcommands: [{ ...PAGE, path: "/man/none.1" }] },
    before: found(),
    expect: {
      also: { "path /man/editor.1": null, "path /etc/alternatives/editor.1": null },
    },
  },
  {
    name: "of two with one priority nobody can tell which is chosen",
    args: { name, path: NANO, state: "absent" },
    before: found({
      value: NANO,
      alternatives: {
        [NANO]: { priority: 9, followers: {} },
        [ED]: { priority: 5, followers: {} },
        [VIM]: { priority: 5, followers: {} },
      },
    }),
    expect: { steps: [`update-alternatives --remove editor ${NANO}`] },
  },
  {
    name: "a host that tells no links has those that are given",
    args: { name, path: VIM, subcommands: [PAGE] },
    before: found({ link: "", links: {} }),
    expect: { unchanged: true },
  },
  {
    name: "no followers any more",
    args: { name, path: VIM, subcommands: [] },
    before: found(),
    expect: {
      steps: [`update-alternatives --install /usr/bin/editor editor ${VIM} 30 `],
    },
  },
  {
    name: "priorities decide again",
    args: { name, path: ED, state: "auto" },
    before: found({ mode: "manual", value: ED }),
    expect: { steps: ["update-alternatives --auto editor"], after: found() },
  },
  {
    name: "priorities decide already",
    args: { name, path: ED, state: "auto" },
    before: found(),
    expect: { unchanged: true },
  },
  {
    name: "what is selected is removed, so priorities decide",
    args: { name, path: ED, state: "absent" },
    before: found({ mode: "manual", value: ED }),
    expect: {
      steps: [`update-alternatives --remove editor ${ED}`],
      after: found({ alternatives: { [VIM]: editor.alternatives[VIM]! } }),
    },
  },
  {
    name: "the last one takes the group with it",
    args: { name, path: ED, state: "absent" },
    before: found({ value: ED, links: {}, alternatives: { [ED]: editor.alternatives[ED]! } }),
    expect: { steps: [`update-alternatives --remove editor ${ED}`], after: nothing },
  },
  {
    name: "what is not registered is absent",
    args: { name, path: NANO, state: "absent" },
    before: nothing,
    expect: { unchanged: true },
  },
  {
    name: "no such program",
    args: { name, path: NANO, link: "/usr/bin/editor" },
    before: { group: null, program: null },
    expect: { failure: /Specified path \/bin\/nano does not exist/ },
  },
  {
    name: "a new group without a link",
    args: { name, path: ED },
    before: nothing,
    expect: { failure: /missing the link/ },
  },
  {
    name: "no update-alternatives",
    args: { name, path: ED },
    before: { group: "missing", program },
    expect: { failure: /required executable "update-alternatives"/ },
  },
  {
    name: "no name of a group",
    args: { name: "../editor", path: ED },
    before: {},
    expect: { failure: /not the name of a link group/ },
  },
];

export const cases = table.map((one) => ({ ...one, module: alternatives }));
