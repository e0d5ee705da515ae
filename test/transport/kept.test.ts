import { expect, test } from "vitest";
import { KeptOutput } from "../../src/transport/kept.ts";

test("keeps all bytes up to the limit", () => {
  const kept = new KeptOutput(10);
  for (const word of ["ab", "cd", "efghij"]) kept.add(Buffer.from(word));
  expect(kept.text()).toBe("abcdefghij");
});

test("keeps the latest bytes beyond it, and counts all", () => {
  const kept = new KeptOutput(10);
  for (let number = 0; number < 100; number++)
    kept.add(Buffer.from(String(number).padStart(3, "0")));
  expect(kept.text()).toBe("6097098099");
  expect(kept.size).toBe(300);
});

test("is empty when nothing came", () => {
  expect(new KeptOutput(10).text()).toBe("");
});
