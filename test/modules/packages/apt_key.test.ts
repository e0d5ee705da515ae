import { filesOf } from "../../../src/modules/contract/module.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { apt_key } from "../../../src/modules/packages/apt_key.ts";
import { ThisHost } from "../execute.ts";
import { argumentsFor, givenWith } from "../case.ts";
import { ONE, TWO } from "../shared/packages/public-keys.ts";

let host: ThisHost;

beforeEach(() => {
  host = new ThisHost();
});
afterEach(() => {
  host.remove();
});

// What is planned for a keyring of the test's own; nothing is written, since keyrings belong to root.
function planned(args: object): { made: unknown; result: { [key: string]: unknown } } {
  const controller = givenWith();
  const known = argumentsFor(apt_key as never, { keyring: join(host.root, "k.gpg"), ...args });
  const before = host.ask(apt_key.observe(known as never, controller)) as never;
  const change = apt_key.plan(known as never, before, controller);
  const result = change?.result ?? apt_key.result(known as never, before, undefined, controller);
  return { made: change && filesOf(change)[0]?.content, result };
}

describe("apt_key", () => {
  test("reads keyrings and keys of the host", () => {
    writeFileSync(join(host.root, "k.gpg"), TWO.bytes);
    writeFileSync(join(host.root, "one"), ONE.bytes);
    const { made, result } = planned({ file: join(host.root, "one") });
    expect(made).toEqual(Buffer.concat([readFileSync(join(host.root, "k.gpg")), ONE.bytes]));
    expect(result).toEqual({
      id: ONE.ids[0],
      key_id: ONE.ids[0],
      fp: ONE.ids[0],
      short_id: ONE.ids[0]!.slice(-8),
      before: TWO.ids,
      after: [...TWO.ids, ...ONE.ids],
    });
  });

  test("tells ids with as many digits as the task gives", () => {
    writeFileSync(join(host.root, "k.gpg"), ONE.bytes);
    const short = ONE.ids[0]!.slice(-8);
    expect(planned({ id: `0x${short.toLowerCase()}` }).result).toEqual({
      id: `0x${short.toLowerCase()}`,
      key_id: short,
      fp: short,
      short_id: short,
      before: [short],
    });
  });
});
