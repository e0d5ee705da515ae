import { timezone } from "../../../src/modules/system/timezone.ts";
import type { Case } from "../case.ts";
import { localFile } from "../case.ts";
import { textState } from "../shared/edited.ts";

const args = { name: "Europe/Berlin" };
const zone = { type: "file", mode: 0o644 };
const link = (target: string): object => ({ type: "link", mode: 0o777, target });
const [utc, berlin] = ["/usr/share/zoneinfo/Etc/UTC", "/usr/share/zoneinfo/Europe/Berlin"];
const LINK = `hw_link ${berlin} /etc/localtime`;
const NAME = `hw_place "$HW_STATE_DIR/stage/"${localFile("Europe/Berlin\n").sha256} /etc/timezone 0644 root root`;

const table: Omit<Case, "module">[] = [
  {
    name: "it is so",
    args,
    before: { zone, link: link(berlin), name: textState("Europe/Berlin\n") },
    expect: { unchanged: true },
  },
  {
    name: "as timedatectl has it",
    args,
    before: { zone, link: link(`..${berlin}`), name: null },
    expect: { unchanged: true },
  },
  {
    name: "another zone",
    args,
    before: { zone, link: link(utc), name: textState("Etc/UTC\n") },
    expect: { steps: [LINK, NAME] },
  },
  {
    name: "no file of the name",
    args,
    before: { zone, link: link(utc), name: null },
    expect: { steps: [LINK] },
  },
  {
    name: "the name alone",
    args,
    before: { zone, link: link(berlin), name: textState("Etc/UTC\n") },
    expect: { steps: [NAME] },
  },
  {
    name: "no such zone",
    args,
    before: { zone: null, link: link(utc) },
    expect: { failure: /not available/ },
  },
  {
    name: "no name",
    args: { name: "../x" },
    before: {},
    expect: { failure: /not the name of a time zone/ },
  },
];

export const cases = table.map((one) => ({ ...one, module: timezone }));
