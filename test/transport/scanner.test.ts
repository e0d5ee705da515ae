import fc from "fast-check";
import { expect, test } from "vitest";
import { UnreachableError } from "../../src/errors.ts";
import { Scanner } from "../../src/transport/scanner.ts";

// What a scanner hears of a stream that comes in pieces of the given lengths.
async function hear(
  stream: Buffer,
  marks: string[],
  lengths: number[],
): Promise<{ bodies: string[]; tails: string[] }> {
  const scanner = new Scanner();
  const bodies = marks.map(() => "");
  const tails = marks.map((mark, index) =>
    scanner.expect(mark, (bytes) => (bodies[index] += bytes.toString("latin1"))),
  );
  let at = 0;
  for (const length of [...lengths, stream.length]) {
    scanner.feed(stream.subarray(at, at + length));
    at += length;
  }
  return { bodies, tails: await Promise.all(tails) };
}

test("cuts a stream at its marks, in whatever pieces it comes", async () => {
  const body = fc.string({
    unit: fc.constantFrom("a", "b", " ", "\n", "\0", "\xff"),
    maxLength: 12,
  });
  const lengths = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(body, body, lengths, async (first, second, pieces) => {
      // The first mark begins like itself again, so that a false start must be given up and kept.
      const stream = Buffer.from(`${first}ababc 17\n${second}dd 4\n`, "latin1");
      const heard = await hear(stream, ["ababc ", "dd "], pieces);
      expect(heard).toEqual({ bodies: [first, second], tails: ["17", "4"] });
    }),
  );
});

test("passes on at once what cannot be the start of a mark", () => {
  const scanner = new Scanner();
  const heard: string[] = [];
  void scanner.expect("mark ", (bytes) => heard.push(bytes.toString()));
  scanner.feed(Buffer.from("one ma"));
  scanner.feed(Buffer.from("nor"));
  expect(heard).toEqual(["one ", "manor"]);
});

test("drops what comes while nothing is expected", async () => {
  const scanner = new Scanner();
  scanner.feed(Buffer.from("late words of a daemon"));
  const heard: string[] = [];
  const tail = scanner.expect("x ", (bytes) => heard.push(bytes.toString()));
  scanner.feed(Buffer.from("bodyx 0\n"));
  expect([await tail, heard]).toEqual(["0", ["body"]]);
});

test("ends the tail of a mark that never ends, and so shows it", async () => {
  const scanner = new Scanner();
  const tail = scanner.expect("x ", () => undefined);
  scanner.feed(Buffer.from(`x ${"9".repeat(5000)}`));
  expect((await tail).length).toBeGreaterThan(3);
});

test("tells all who wait, and all who come later, why nothing will come", async () => {
  const scanner = new Scanner();
  const waiting = scanner.expect("x ", () => undefined);
  scanner.fail(new UnreachableError("lost", "gone"));
  await expect(waiting).rejects.toThrow("gone");
  await expect(scanner.expect("y ", () => undefined)).rejects.toThrow("gone");
});
