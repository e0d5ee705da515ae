import { kernel_blacklist } from "../../../src/modules/system/kernel_blacklist.ts";
import { localFile, type Case } from "../case.ts";

const name = "nouveau";
// The file with this text; null: it is not there.
const found = (text: string | null): object => {
  const { size, sha256 } = localFile(text ?? "");
  const content = Buffer.from(text ?? "").toString("base64");
  const state = text === null ? null : { type: "file", mode: 0o644, size, sha256, content };
  return { file: state, real: state, above: { "/etc": { type: "directory", mode: 0o755 } } };
};

const table: Omit<Case, "module">[] = [
  {
    name: "a module is added at the end, and the file is created",
    args: { name },
    before: found(null),
    expect: { becomes: "blacklist nouveau\n" },
  },
  {
    name: "other lines stay, without blanks at their ends",
    args: { name },
    before: found("# blacklist nouveau\nblacklist  nouveau2 \nblacklist pcspkr"),
    expect: {
      becomes: "# blacklist nouveau\nblacklist  nouveau2\nblacklist pcspkr\nblacklist nouveau\n",
    },
  },
  {
    name: "a module that is in the file stays there, whatever blanks are around it",
    args: { name },
    before: found("  blacklist \t nouveau  \n"),
    expect: { unchanged: true },
  },
  {
    name: "all lines of a module are removed",
    args: { name, state: "absent" },
    before: found("blacklist nouveau\na\n blacklist nouveau\n"),
    expect: { becomes: "a\n" },
  },
  {
    name: "a module is not in a file that is not there",
    args: { name, state: "absent" },
    before: found(null),
    expect: { unchanged: true },
  },
  {
    name: "another file",
    args: { name, blacklist_file: "/etc/modprobe.d/own.conf" },
    before: found(""),
    expect: { becomes: "blacklist nouveau\n" },
  },
  {
    name: "what cannot be a module is refused",
    args: { name: "nouveau drm" },
    before: found(null),
    expect: { failure: /"nouveau drm" is not the name of a kernel module/ },
  },
];

export const cases: Case[] = table.map((one) => ({ ...one, module: kernel_blacklist }));
