import { describe, expect, test } from "vitest";
import { findModule } from "../../../src/modules/index.ts";
import { argumentsFor, givenWith } from "../case.ts";
import { goodDisk, goodHost } from "./containerd_preflight.cases.ts";
import type { InstalledFile } from "../../../src/probes/containerd/installed.ts";

const module = findModule("containerd_preflight")!;
const CONTAINERD = "/usr/local/bin/containerd";
const UNIT = "/usr/local/lib/systemd/system/containerd.service";
const CACHE = "/var/cache/containerd";
const file = (type: InstalledFile["type"], kept = false): InstalledFile => ({
  type,
  target: "-",
  kept,
});

// The files that are kept aside, where a host has these files, and these names in the directory of our tarballs.
function taken(files: { [path: string]: InstalledFile }, tarballs?: string[]): unknown {
  const directories = tarballs === undefined ? {} : { [CACHE]: tarballs };
  const installed = { files, directories, tasks: [] };
  const found = { host: goodHost, disk: goodDisk, dropIns: [], installed };
  const { taken_files } = module.result(
    argumentsFor(module, {}),
    found as never,
    undefined,
    givenWith(),
  ) as { taken_files: string[] };
  return taken_files;
}

describe("what others have put in the place of ours is kept aside", () => {
  test.each([
    ["a binary of others", { [CONTAINERD]: file("other") }, undefined, [CONTAINERD]],
    ["beside a unit of ours", { [CONTAINERD]: file("other"), [UNIT]: file("ours") }, undefined, []],
    ["nothing there", { [CONTAINERD]: file("absent") }, undefined, []],
    ["an empty directory for tarballs", { [CONTAINERD]: file("other") }, [], [CONTAINERD]],
    [
      "our own binary, of a run that was broken off before it wrote the unit",
      { [CONTAINERD]: file("other"), [UNIT]: file("absent") },
      ["containerd-1.7.24-linux-amd64.tar.gz"],
      [],
    ],
    ["what an earlier run has kept aside", { [CONTAINERD]: file("other", true) }, undefined, []],
  ])("%s", (_what, files, tarballs, expected) => {
    expect(taken(files, tarballs)).toEqual(expected);
  });
});
