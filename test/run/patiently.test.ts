import { expect, test } from "vitest";
import type { Pass } from "../../src/plan/model/state.ts";
import type { Walking } from "../../src/plan/walk/pass.ts";
import { WalksInTurn } from "../../src/run/patiently.ts";

const pass = {} as Pass;

// A walk over so many tasks that notes when it begins and ends; each task takes longer than a walk may keep others waiting.
function* slow(name: string, tasks: number, told: string[]): Walking {
  told.push(`${name} begins`);
  for (let task = 0; task < tasks; task++) {
    for (const begun = performance.now(); performance.now() - begun < 5;);
    yield pass;
  }
  told.push(`${name} ends`);
  return pass;
}

test("what has come in meanwhile has its turn in the middle of a walk", async () => {
  const told: string[] = [];
  setImmediate(() => told.push("an answer"));
  let pauses = 0;
  await new WalksInTurn().walk(
    0,
    () => slow("a", 3, told),
    () => pauses++,
  );
  expect(told).toEqual(["a begins", "an answer", "a ends"]);
  expect(pauses).toBeGreaterThanOrEqual(3);
});

test("walks never mix, and the first host goes first", async () => {
  const told: string[] = [];
  const turns = new WalksInTurn();
  const walk = (name: string, order: number): Promise<unknown> =>
    turns.walk(
      order,
      () => slow(name, 2, told),
      () => undefined,
    );
  const again = walk("a", 0).then(() => walk("a again", 0));
  await Promise.all([again, walk("c", 2), walk("b", 1)]);
  expect(told.filter((word) => word.endsWith("begins"))).toEqual([
    "a begins",
    "b begins",
    "a again begins",
    "c begins",
  ]);
  for (const [at, word] of told.entries())
    if (word.endsWith("begins")) expect(told[at + 1]).toBe(word.replace("begins", "ends"));
});

test("a walk that is not wanted any more when its turn comes is not begun, and holds up nobody", async () => {
  const told: string[] = [];
  const turns = new WalksInTurn();
  const nothing = (): undefined => undefined;
  const first = turns.walk(0, () => slow("a", 1, told), nothing);
  const second = turns.walk(1, nothing, nothing);
  const third = turns.walk(2, () => slow("c", 1, told), nothing);
  expect(await Promise.all([first, second, third])).toEqual([pass, undefined, pass]);
});

test("a walk that fails lets the next one go", async () => {
  const turns = new WalksInTurn();
  const failing = turns.walk(
    0,
    () => {
      throw new Error("a mistake");
    },
    () => undefined,
  );
  await expect(failing).rejects.toThrow("a mistake");
  expect(
    await turns.walk(
      1,
      () => slow("b", 1, []),
      () => undefined,
    ),
  ).toBe(pass);
});
