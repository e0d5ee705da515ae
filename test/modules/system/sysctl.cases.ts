import { sysctl } from "../../../src/modules/system/sysctl.ts";
import { localFile, type Case } from "../case.ts";

const name = "net.ipv4.ip_forward";
const PROC = "/proc/sys/net/ipv4/ip_forward";
// The file with this text, and the kernel's value.
const found = (text: string | null, kernel: string | null): object => {
  const state =
    text === null
      ? null
      : {
          type: "file",
          mode: 0o644,
          uid: 0,
          gid: 0,
          owner: "root",
          group: "root",
          size: text.length,
          sha256: localFile(text).sha256,
          content: Buffer.from(text).toString("base64"),
        };
  return {
    file: state,
    real: state,
    above: { "/etc": { type: "directory", mode: 0o755 } },
    kernel,
  };
};
const place = (text: string): string =>
  `hw_place "$HW_STATE_DIR/stage/"${localFile(text).sha256} /etc/sysctl.conf 0644 0 0`;
const RELOAD = `if command -v sysctl >/dev/null; then sysctl -q -p /etc/sysctl.conf
else PATH="$PATH:/usr/lib/systemd:/lib/systemd" systemd-sysctl /etc/sysctl.conf; fi`;
const write = (value: string): string =>
  `printf '%s\n' ${value} > ${PROC} || hw_fail 'the kernel does not take ${name} = ${value}'`;

const table: Omit<Case, "module">[] = [
  {
    name: "file and kernel as wanted",
    args: { name, value: 1 },
    before: found(`${name} = 1\n`, "1"),
    expect: { unchanged: true },
  },
  {
    name: "yes is 1",
    args: { name, value: true },
    before: found(`${name}=1\n`, "1"),
    expect: { unchanged: true },
  },
  {
    name: "a line is added, others are put in form",
    args: { name, value: "1" },
    before: found("# ours\n\nvm.swappiness = 10\nvm.swappiness=20\n", "0"),
    expect: { steps: [place(`# ours\n\nvm.swappiness=10\n${name}=1\n`), RELOAD] },
  },
  {
    name: "a line is changed where it stands",
    args: { name, value: "1" },
    before: found(`${name}=0\na=b`, "0"),
    expect: { steps: [place(`${name}=1\na=b\n`), RELOAD] },
  },
  {
    name: "of two lines the last counts",
    args: { name, value: "1" },
    before: found(`${name}=0\n${name}=1\n`, "1"),
    expect: { unchanged: true },
  },
  {
    name: "the kernel alone differs",
    args: { name, value: "1" },
    before: found(`${name}=1\n`, "0"),
    expect: { steps: [RELOAD] },
  },
  {
    name: "the kernel alone differs, and is not looked at",
    args: { name, value: "1", reload: false },
    before: found(`${name}=1\n`, "0"),
    expect: { unchanged: true },
  },
  {
    name: "the kernel alone is set",
    args: { name, value: "1", reload: false, sysctl_set: true },
    before: found(`${name}=1\n`, "0"),
    expect: { steps: [write("1")] },
  },
  {
    name: "the file alone is written",
    args: { name, value: "1", reload: false },
    before: found("", "0"),
    expect: { steps: [place(`${name}=1\n`)] },
  },
  {
    name: "blanks in values count as one",
    args: { name: "net.ipv4.ping_group_range", value: "0  100" },
    before: found("net.ipv4.ping_group_range=0  100\n", "0 100"),
    expect: { unchanged: true },
  },
  {
    name: "a parameter that an earlier task brings",
    args: { name, value: "1" },
    before: found(`${name}=1\n`, null),
    expect: { steps: [RELOAD] },
  },
  {
    name: "a parameter that nobody has is passed over",
    args: { name, value: "1", ignoreerrors: true },
    before: found(`${name}=1\n`, null),
    expect: { unchanged: true },
  },
  {
    name: "a line goes, the kernel keeps its value",
    args: { name, state: "absent" },
    before: found(`${name}=1\na=b\n`, "1"),
    expect: { steps: [place("a=b\n"), RELOAD] },
  },
  {
    name: "no line need go",
    args: { name, state: "absent" },
    before: found("a=b\n", "1"),
    expect: { unchanged: true },
  },
  { name: "a new file is made", args: { name, value: "1" }, before: found(null, "0"), expect: {} },
  {
    name: "no value at all",
    args: { name, value: "" },
    before: found("", "0"),
    expect: { failure: /^value cannot be blank$/ },
  },
  {
    name: "no name at all",
    args: { name: " ", value: "1" },
    before: {},
    expect: { failure: /^name cannot be blank$/ },
  },
  {
    name: "a name that leads elsewhere",
    args: { name: "net/../../etc/passwd", value: "1" },
    before: {},
    expect: { failure: /not the name of a kernel parameter/ },
  },
];

export const cases: Case[] = table.map((one) => ({
  module: sysctl,
  ...one,
}));
