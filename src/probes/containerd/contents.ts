import FUNCTIONS from "./contents.sh?raw";
import { defined } from "../../defined.ts";
import type { Json } from "../../value.ts";
import { lines, sh } from "../../script/sh.ts";
import {
  AFTER_EACH_CHANGE,
  madeOfAll,
  ask,
  ProbeError,
  type Probe,
  type ProbeKind,
} from "../probe.ts";
import { ctrCall, numbered, readJson, readLabels, type CtrArg } from "./ctr.ts";
import { fromKeys } from "../../records.ts";

/** What is reported about a containerd. */
export const LISTS = ["images", "containers", "tasks", "namespaces", "plugins"] as const;
export type ListName = (typeof LISTS)[number];

/** Which parts, and whether tasks come with what they use and what runs in them. */
export interface ContentsArg extends CtrArg {
  parts: ListName[];
  details: boolean;
}

/** Each part's list; null: containerd does not answer. */
export type Contents = { [part: string]: Json } | null;

/** Everything that ctr lists. */
export const contents: ProbeKind<ContentsArg, Contents> = {
  name: "ctr inventory",
  subject: (arg) => `${arg.address} ${arg.namespace}`,
  holds: { unknownBehind: "starts", asked: AFTER_EACH_CHANGE },
  planned: {
    madeOf: madeOfAll("ctr image", "ctr container", "ctr namespace"),
  },
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...args.map(
        (arg, index) =>
          sh`hw_inventory ${index} ${arg.parts.join(" ")} ${arg.details ? 1 : ""} ${ctrCall(arg)}`,
      ),
    ]),
  parse(output, args) {
    const answers = numbered(output, "inventory");
    return args.map((arg, index) => readContents(answers.get(index), arg));
  },
};

// Asks for a containerd's contents.
export function askContents(arg: ContentsArg): Probe<Contents> {
  const { ctr, address, namespace, parts, details } = arg;
  return ask(contents, { ctr, address, namespace, parts, details });
}

function readContents(answer: string[] | undefined, { parts, details }: ContentsArg): Contents {
  if (answer?.[0] === "down") return null;
  if (answer?.[0] !== "up") throw new ProbeError("what containerd holds is truncated or garbled");
  const rows = (word: string): string[][] =>
    answer
      .filter((line) => line.startsWith(`${word} `))
      .map((line) =>
        line
          .slice(word.length + 1)
          .trim()
          .split(/\s+/),
      );
  const readers: { [part in ListName]: () => Json } = {
    images: () => readImages(rows("images"), rows("check")),
    containers: () =>
      rows("containers").map(([id = "", image = "", runtime = ""]) => ({
        id,
        image: image === "-" ? "" : image,
        runtime,
      })),
    tasks: () => readTasks(rows("tasks"), rows("metrics"), rows("ps"), details),
    namespaces: () =>
      rows("namespaces").map(([name = "", labels = ""]) => ({ name, labels: readLabels(labels) })),
    plugins: () =>
      rows("plugins").map((row) => ({
        type: row[0]!,
        id: row[1]!,
        platforms: row[2] === "-" || row.length < 4 ? [] : row[2]!.split(","),
        status: row.at(-1)!,
      })),
  };
  return {
    ...fromKeys(parts, (part) => readers[part]()),
    version: readVersions(rows("version")),
  };
}

// REF TYPE DIGEST SIZE PLATFORMS LABELS, of which the size has a space in it; and of the check: REF
// TYPE DIGEST STATUS SIZE UNPACKED.
function readImages(images: string[][], checks: string[][]): Json {
  const checked = new Map(checks.map((row) => [row[0], row]));
  return images.map((row) => {
    const [name = "", type = "", digest = ""] = row;
    const check = checked.get(name);
    return {
      name,
      type,
      digest,
      size: row.slice(3, -2).join(" "),
      platforms: row.at(-2) === "-" ? [] : row.at(-2)!.split(","),
      labels: readLabels(row.at(-1)!),
      pinned: readLabels(row.at(-1)!)["io.cri-containerd.pinned"] === "pinned",
      ...defined({ status: check?.[3], unpacked: check ? check.at(-1) === "true" : undefined }),
    };
  });
}

function readTasks(tasks: string[][], metrics: string[][], ps: string[][], details: boolean): Json {
  const measured = new Map(
    metrics.map(([name, text]) => [name, readJson(text ?? "") as Json | undefined]),
  );
  return tasks.map(([name = "", pid = "", status = ""]) => ({
    name,
    pid: Number(pid),
    status: status.toLowerCase(),
    ...(details && {
      metrics: measured.get(name) ?? null,
      processes: ps.filter((row) => row[0] === name).map((row) => Number(row[1])),
    }),
  }));
}

// `ctr version`: Client: and Server:, and Version: below each.
function readVersions(rows: string[][]): Json {
  const found: { [side: string]: string } = {};
  let side = "";
  for (const [word = "", value = ""] of rows) {
    if (word === "Client:" || word === "Server:") side = word.slice(0, -1).toLowerCase();
    else if (word === "Version:" && side) found[side] = value;
  }
  return found;
}
