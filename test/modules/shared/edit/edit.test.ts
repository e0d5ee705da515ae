import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { PathState } from "../../../../src/probes/files/path.ts";
import { askAnsible, noAnsible } from "./ansible.ts";
import { EDITS } from "./cases.ts";
import { planned } from "./plan.ts";
import { bytesOf } from "./state.ts";

describe("what an edit makes of a text", () => {
  test.each(EDITS)("$module: $name", (one) => {
    if (one.becomes instanceof RegExp) return expect(() => planned(one)).toThrow(one.becomes);
    const { change } = planned(one);
    if (one.becomes === null) return expect(change).toBeNull();
    const real = change?.after["real"] as PathState;
    expect(Buffer.from(real!.content!, "base64").toString("latin1")).toBe(
      bytesOf(one, one.becomes).toString("latin1"),
    );
  });
});

const FOLDER = mkdtempSync(join(tmpdir(), "hw-edits-"));
const asked = EDITS.filter(({ unlike }) => !unlike).map((one, index) => ({
  one,
  path: join(FOLDER, `file${index}`),
}));

test.skipIf(noAnsible)(
  `Ansible gives the same results for ${asked.length} texts${noAnsible ? `, but ${noAnsible}` : ""}`,
  async () => {
    for (const { one, path } of asked)
      if (one.text !== null) writeFileSync(path, bytesOf(one, one.text));
    const results = await askAnsible(
      asked.map(({ one, path }) => ({ module: one.module, args: { path, ...one.args } })),
    );
    const theirs = asked.map(({ one, path }, i) => {
      const { changed, failed = false, msg } = results[i]!;
      return {
        name: `${one.module}: ${one.name}`,
        failed,
        ...(!failed && {
          changed,
          msg: String(msg).replaceAll(path, "/etc/file"),
          text: changed ? readFileSync(path, "latin1") : null,
        }),
      };
    });
    const ours = asked.map(({ one }) => {
      const name = `${one.module}: ${one.name}`;
      if (one.becomes instanceof RegExp) return { name, failed: true };
      const { change, result } = planned(one);
      const real = change?.after["real"] as PathState;
      return {
        name,
        failed: false,
        changed: change !== null,
        msg: result["msg"],
        text: change ? Buffer.from(real!.content!, "base64").toString("latin1") : null,
      };
    });
    expect(ours).toEqual(theirs);
  },
);
