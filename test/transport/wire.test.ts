import { expect, test } from "vitest";
import type { Closing, OpenChannel, Sinks } from "../../src/transport/channel.ts";
import { Wire } from "../../src/transport/wire.ts";

/** A host of our own making: told the key and each header, it says what it likes. */
interface Liar {
  ready?(key: string, sinks: Sinks): void;
  answer?(nonce: string, sinks: Sinks): void;
}

// A wire to a host that lies, and the moment it was hung up.
function wireTo({ ready, answer }: Liar): Wire {
  const open: OpenChannel = (argv, sinks) => {
    const key = /echo "(\w+) /.exec(argv.at(-1) ?? "")?.[1] ?? "";
    let close: (closing: Closing) => void = () => undefined;
    const closed = new Promise<Closing>((resolve) => (close = resolve));
    setImmediate(() => (ready ?? honest)(key, sinks));
    return Promise.resolve({
      closed,
      close: () => close({ code: 0 }),
      async write(bytes: Buffer) {
        const [, , nonce] = bytes.toString().split(/[ \n]/);
        setImmediate(() => answer?.(nonce ?? "", sinks));
      },
    });
  };
  return new Wire({ open, become: undefined, login: "me@liar", timeoutMs: 200 });
}
const honest = (key: string, sinks: Sinks): void => {
  sinks.stdout(Buffer.from(`${key} 1\n`));
  sinks.stderr(Buffer.from(`${key} 1\n`));
};
const both = (stdout: string, stderr = stdout) => (nonce: string, sinks: Sinks): void => {
  sinks.stdout(Buffer.from(stdout.replace("NONCE", nonce)));
  sinks.stderr(Buffer.from(stderr.replace("NONCE", nonce)));
};

test("a host that keeps to the rules is heard", async () => {
  const { code, stdout, stderr } = await wireTo({ answer: both("outNONCE 3\n", "errNONCE 3\n") }).ask({ program: "x" });
  expect([code, stdout.toString(), stderr]).toEqual([3, "out", "err"]);
});

test.each<[what: string, liar: Liar, kind: string]>([
  ["an exit code that is a word", { answer: both("NONCE banana\n") }, "protocol"],
  ["an exit code without end", { answer: both(`NONCE ${"7".repeat(999)}`) }, "protocol"],
  ["two exit codes", { answer: both("NONCE 0\n", "NONCE 1\n") }, "protocol"],
  ["noise for ever", { ready: (_key, sinks) => repeat(sinks, 2) }, "protocol"],
  ["nothing ever", { ready: () => undefined }, "protocol"],
  ["an answer without end", { answer: (_nonce, sinks) => repeat(sinks, 257) }, "protocol"],
])("a host that answers %s is one failed host with a clear reason", async (_what, liar, kind) => {
  const wire = wireTo(liar);
  await expect(wire.ask({ program: "x", timeoutMs: 30_000 })).rejects.toMatchObject({ kind, message: expect.stringContaining("me@liar") });
  expect(wire.failure?.kind).toBe(kind);
});

test("a host that does not answer in time is given up", async () => {
  await expect(wireTo({}).ask({ program: "x", timeoutMs: 10 })).rejects.toMatchObject({ kind: "timeout" });
});

// So many MB on stdout.
function repeat(sinks: Sinks, megabytes: number): void {
  const megabyte = Buffer.alloc(1024 * 1024, "x");
  for (let count = 0; count < megabytes; count++) sinks.stdout(megabyte);
}
