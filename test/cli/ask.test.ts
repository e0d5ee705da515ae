import { PassThrough } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import { askPassword, askText } from "../../src/cli/ask.ts";

const stdin = Object.getOwnPropertyDescriptor(process, "stdin")!;
afterEach(() => {
  Object.defineProperty(process, "stdin", stdin);
  vi.restoreAllMocks();
});

// A terminal on stdin; what happens on it, in order.
function terminal(): { keys: PassThrough; seen: string[] } {
  const seen: string[] = [];
  const keys = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => seen.push(isRaw ? "no echo" : "echo"),
  });
  Object.defineProperty(process, "stdin", { value: keys, configurable: true });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    if (String(text) !== "") seen.push(String(text));
    return true;
  });
  return { keys, seen };
}

test("the terminal no longer shows what is typed when a password is asked for", async () => {
  const { keys, seen } = terminal();
  const asked = askPassword("Password: ");
  expect(seen).toEqual(["no echo", "Password: "]);
  keys.write("secret\r");
  expect(await asked).toBe("secret");
  expect(seen).toEqual(["no echo", "Password: ", "echo", "\n"]);
});

test("the lines before a question stand above it", async () => {
  const { keys, seen } = terminal();
  const asked = askText("Two\nlines: ", false);
  expect(seen.slice(0, 2)).toEqual(["no echo", "Two\n"]);
  keys.write("x\r");
  expect(await asked).toBe("x");
});
