import { expect, test } from "vitest";
import type { Closing, OpenChannel, Sinks } from "../../src/transport/channel.ts";
import type { Become } from "../../src/transport/transport.ts";
import { Wire } from "../../src/transport/wire.ts";

/** A host of our own making: told the key and each header, it says what it likes. */
interface Liar {
  ready?(key: string, sinks: Sinks, close: (closing: Closing) => void): void;
  answer?(nonce: string, sinks: Sinks, key: string, close: (closing: Closing) => void): void;
}

// A wire to a host that lies, and the moment it was hung up.
function wireTo({ ready, answer }: Liar, become?: Become): Wire {
  const open: OpenChannel = (argv, sinks) => {
    const key = /echo "(\w+) /.exec(argv.at(-1) ?? "")?.[1] ?? "";
    let close: (closing: Closing) => void = () => undefined;
    const closed = new Promise<Closing>((resolve) => (close = resolve));
    setImmediate(() => (ready ?? honest)(key, sinks, close));
    return Promise.resolve({
      closed,
      close: () => close({ code: 0 }),
      async write(bytes: Buffer) {
        const [, , nonce] = bytes.toString().split(/[ \n]/);
        setImmediate(() => answer?.(nonce ?? "", sinks, key, close));
      },
    });
  };
  return new Wire({ open, become, login: "me@liar", timeoutMs: 200, silenceMs: 300 });
}
const honest = (key: string, sinks: Sinks): void => {
  sinks.stdout(Buffer.from(`${key} 1\n`));
  sinks.stderr(Buffer.from(`${key} 1\n`));
};
const both =
  (stdout: string, stderr = stdout) =>
  (nonce: string, sinks: Sinks): void => {
    sinks.stdout(Buffer.from(stdout.replace("NONCE", nonce)));
    sinks.stderr(Buffer.from(stderr.replace("NONCE", nonce)));
  };

test("a host that keeps to the rules is heard", async () => {
  const { code, stdout, stderr } = await wireTo({
    answer: both("outNONCE 3\n", "errNONCE 3\n"),
  }).ask({ program: "x" });
  expect([code, stdout.toString(), stderr]).toEqual([3, "out", "err"]);
});

test.each<[what: string, liar: Liar, kind: string]>([
  ["an exit code that is a word", { answer: both("NONCE banana\n") }, "protocol"],
  ["an exit code without end", { answer: both(`NONCE ${"7".repeat(999)}`) }, "protocol"],
  ["two exit codes", { answer: both("NONCE 0\n", "NONCE 1\n") }, "protocol"],
  ["noise for ever", { ready: (_key, sinks) => repeat(sinks, 2) }, "protocol"],
  ["nothing ever", { ready: () => undefined }, "protocol"],
  ["an answer without end", { answer: (_nonce, sinks) => repeat(sinks, 65) }, "protocol"],
  [
    "errors without end",
    { answer: (_nonce, sinks) => repeat({ ...sinks, stdout: sinks.stderr }, 65) },
    "protocol",
  ],
  ["silence", {}, "timeout"],
  ["one byte after the other", { answer: (_nonce, sinks) => drip(sinks) }, "timeout"],
  [
    "the header it was sent",
    { answer: (nonce, sinks) => sinks.stdout(Buffer.from(`key 1 ${nonce}\n`)) },
    "timeout",
  ],
  [
    "one end alone",
    { answer: (nonce, sinks) => sinks.stdout(Buffer.from(`${nonce} 0\n`)) },
    "timeout",
  ],
])("a host that answers %s is one failed host with a clear reason", async (_what, liar, kind) => {
  const wire = wireTo(liar);
  await expect(wire.ask({ program: "x", timeoutMs: 30_000 })).rejects.toMatchObject({
    kind,
    message: expect.stringContaining("me@liar"),
  });
  expect(wire.failure?.kind).toBe(kind);
});

test.each<[what: string, liar: Liar, message: RegExp]>([
  ["silent", {}, /sent nothing for 0.3 s/],
  [
    "dripping",
    { answer: (_nonce, sinks) => drip(sinks) },
    /no sign of life for 0.3 s during a request, though it sent data/,
  ],
])("a %s host is told as what it is", async (_what, liar, message) => {
  await expect(wireTo(liar).ask({ program: "x" })).rejects.toThrow(message);
});

test("a host that never opens the channel is given up", async () => {
  const open: OpenChannel = () => new Promise(() => undefined);
  const wire = new Wire({ open, become: undefined, login: "me@liar", timeoutMs: 50 });
  await expect(wire.ask({ program: "x" })).rejects.toThrow(/never started .*it printed nothing/);
});

test("once one end of an answer is there, signs of life do not replace the other", async () => {
  const half: Liar = { answer: (nonce, sinks, key) => beat(sinks, key, `${nonce} 0\n`) };
  await expect(wireTo(half).ask({ program: "x" })).rejects.toMatchObject({
    kind: "timeout",
    message: expect.stringMatching(/me@liar did not finish its answer/),
  });
});

test("a host that does not answer in time is given up", async () => {
  await expect(wireTo({}).ask({ program: "x", timeoutMs: 10 })).rejects.toMatchObject({
    kind: "timeout",
  });
});

test("a sign of life keeps a silent program alive, and is not part of its answer, however many pieces it arrives in", async () => {
  const slow: Liar = {
    answer: (nonce, sinks, key) => {
      let beats = 0;
      const timer = setInterval(() => {
        for (const part of ["er", `${key.slice(0, 7)}`, `${key.slice(7)}+`, "\nr"])
          sinks.stderr(Buffer.from(part));
        if ((beats += 1) < 12) return;
        clearInterval(timer);
        both("NONCE 0\n")(nonce, sinks);
      }, 50);
    },
  };
  expect(await wireTo(slow).ask({ program: "x" })).toMatchObject({
    code: 0,
    stderr: "err".repeat(12),
  });
});

test.each<[what: string, code: number, said: RegExp, hint: RegExp]>([
  [
    "took the header for its own input",
    97,
    /received data that is not one of our programs/,
    /bashrc/,
  ],
])("a shell that %s says so", async (_what, code, said, hint) => {
  await expect(
    wireTo({ answer: (_nonce, _sinks, _key, close) => close({ code }) }).ask({ program: "x" }),
  ).rejects.toMatchObject({
    message: expect.stringMatching(said),
    hint: expect.stringMatching(hint),
  });
});

test("a host without head says so", async () => {
  await expect(
    wireTo({ ready: (_key, _sinks, close) => close({ code: 96 }) }).ask({ program: "x" }),
  ).rejects.toMatchObject({
    message: expect.stringMatching(/no head/),
    hint: expect.stringMatching(/coreutils/),
  });
});

test.each<[what: string, closing: Closing, kind: string]>([
  ["with a code", { code: 1 }, "become"],
  ["without one, as sshd does when it could not write to it any more", {}, "become"],
  ["with the connection", { lost: "the host closed it" }, "lost"],
])("sudo that wants a password and ends %s is told as what it is", async (_what, closing, kind) => {
  const wire = wireTo(
    {
      ready: (_key, sinks, close) => {
        sinks.stderr(Buffer.from("sudo: a password is required\n"));
        close(closing);
      },
    },
    { user: "root" },
  );
  await expect(wire.ask({ program: "x" })).rejects.toMatchObject({ kind });
});

// Its end on stderr, half an answer on stdout, and then signs of life.
function beat(sinks: Sinks, key: string, end: string): void {
  sinks.stdout(Buffer.from("half an"));
  sinks.stderr(Buffer.from(end));
  const timer = setInterval(() => sinks.stderr(Buffer.from(`${key}+\n`)), 50);
  setTimeout(() => clearInterval(timer), 3000);
}

// One byte after the other, for ever.
function drip(sinks: Sinks): void {
  const timer = setInterval(() => sinks.stdout(Buffer.from("x")), 10);
  setTimeout(() => clearInterval(timer), 3000);
}

// So many MB on stdout.
function repeat(sinks: Sinks, megabytes: number): void {
  const megabyte = Buffer.alloc(1024 * 1024, "x");
  for (let count = 0; count < megabytes; count++) sinks.stdout(megabyte);
}
