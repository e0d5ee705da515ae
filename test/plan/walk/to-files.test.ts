import fc from "fast-check";
import { expect, test } from "vitest";
import type { ControllerFiles, LoadedAnswer } from "../../../src/controller/files.ts";
import { TaskFailure } from "../../../src/errors.ts";
import { keepAnswer } from "../../../src/plan/model/host.ts";
import type { Pass } from "../../../src/plan/model/state.ts";
import {
  walkFleet,
  walkingFleet,
  type Walking,
  withoutPause,
} from "../../../src/plan/walk/pass.ts";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";
import { readFleet, type Together } from "../../../src/run/ask.ts";
import { Seeded } from "../../jinja/seeded.ts";
import { noFiles } from "../host.ts";
import { unreachedFleet } from "../unreached-fleet.ts";
import { answerTo, describePass } from "./described.ts";
import { randomRun } from "./random-play.ts";

const RUNS = Number(process.env["WALKS"] ?? 60);

// Files of the controller, of which one is missing, and one cannot be read.
function memory(): ControllerFiles {
  const answers = new Map<string, LoadedAnswer>();
  return Object.assign(Object.create(noFiles) as ControllerFiles, {
    find: (name: string) => (name === "gone" ? undefined : `/test/${name}`),
    places: (name: string) => [`/test/${name}`],
    loaded: (request: object) => answers.get(JSON.stringify(request)),
    load(requests: readonly { path?: string }[]) {
      for (const request of requests)
        answers.set(
          JSON.stringify(request),
          request.path === "/test/unreadable"
            ? { error: new TaskFailure("it cannot be read") }
            : {
                value: {
                  path: request.path!,
                  sha256: "0".repeat(64),
                  size: 1,
                  mode: 0o644,
                  text: "{{ x0 }}",
                },
              },
        );
      return Promise.resolve();
    },
  });
}

// Has some tasks write files of the controller.
function withFiles(items: unknown, draw: Seeded): unknown {
  if (Array.isArray(items)) return items.map((item) => withFiles(item, draw));
  if (typeof items !== "object" || items === null) return items;
  const task = items as { [key: string]: unknown };
  if ("command" in task && draw.chance(0.7)) {
    const { command: _command, args: _args, ...rest } = task;
    const src = draw.pick([
      "one",
      "two",
      "three",
      "{{ x0 | default('one') }}",
      "unreadable",
      "gone",
    ]);
    return { ...rest, [draw.pick(["copy", "template"])]: { src, dest: "/made/file" } };
  }
  return Object.fromEntries(
    Object.entries(task).map(([key, part]) => [key, withFiles(part, draw)]),
  );
}

// Random plays with files, for hosts of which some told facts in an earlier run.
function randomReading(seed: number): Together {
  const { plays, files: books, hosts } = randomRun(seed);
  const draw = new Seeded(seed);
  const [shaped, included] = [withFiles(plays, draw), withFiles(books, draw) as typeof books];
  const playbook = loadPlaybook(JSON.stringify(shaped), "/test/play.yml", {
    read: (path) => JSON.stringify(included[path] ?? []),
    find: (name) => [name, `/test/${name}`].find((path) => included[path]),
  });
  const fleet = unreachedFleet(playbook, hosts, memory());
  const names = fleet.begin(playbook.plays);
  for (const name of names)
    if (draw.chance(0.5))
      fleet.run(name, fleet.view([])).known.guesses = new Map([
        ["basics null", { hostname: "lab" }],
      ]);
  const together = { fleet, playbook, hosts: names, forks: 1 };
  if (draw.chance(0.7)) answerAll(together, draw);
  return together;
}

// Answers what can be asked before any file was read: directories and files that are there, or are not.
function answerAll({ fleet, playbook, hosts }: Together, draw: Seeded): void {
  for (let turn = 0; turn < 3; turn++) {
    let pass: Pass;
    try {
      pass = walkFleet(fleet, playbook, hosts);
    } catch {
      return; // the reading that is compared says the same
    }
    for (const { missing, known } of pass.walks.values())
      for (const { probe, identity } of missing.values())
        keepAnswer(known, probe, identity.user, answerTo(probe, playbook, draw));
  }
}

test("a walk that goes on where a file was read comes to the same as a walk from the top", async () => {
  let resumed = 0;
  await fc.assert(
    fc.asyncProperty(fc.noBias(fc.integer({ min: 0 })), async (seed) => {
      const together = randomReading(seed);
      const { fleet, playbook, hosts } = together;
      let last: Pass | undefined;
      const walk = (begin: () => Walking): Promise<Pass> => {
        if (last?.mark) resumed++;
        return Promise.resolve((last = withoutPause(begin())));
      };
      let pass: Pass | undefined;
      try {
        pass = await readFleet(together, walk);
      } catch (error) {
        expect(() => withoutPause(walkingFleet(fleet, playbook, hosts))).toThrow(
          (error as Error).message,
        );
        return;
      }
      const [ours, top] = [describePass(pass!), describePass(walkFleet(fleet, playbook, hosts))];
      if (JSON.stringify(ours) !== JSON.stringify(top)) expect(ours, `seed ${seed}`).toEqual(top);
      expect(pass!.mark).toBeUndefined();
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  expect(resumed).toBeGreaterThan(RUNS / 10);
}, 600_000);
