import { describe, expect, test } from "vitest";
import { systemdService } from "../../../src/modules/system/systemd_service.ts";
import { givenWith } from "../case.ts";
import { cases, refused } from "./systemd_service.cases.ts";

const controller = givenWith();

// A state in which the files that a case says nothing about are not there.
const whole = (before: object): never =>
  ({ unitFiles: {}, files: {}, renewed: {}, ...before }) as never;

describe("systemd_service plans", () => {
  test.each(cases)("$name", ({ args, before, expect: wanted }) => {
    const plan = (state: object): ReturnType<typeof systemdService.plan> =>
      systemdService.plan(args as never, whole(state), controller);
    if (wanted.failure) return expect(() => plan(before)).toThrow(wanted.failure);
    const change = plan(before);
    if (wanted.unchanged) return expect(change).toBeNull();
    expect(change).not.toBeNull();
    if (wanted.diff) {
      expect(change!.diff.map((part) => part.title)).toEqual(Object.keys(wanted.diff));
      for (const part of change!.diff) {
        const [from, to] = wanted.diff[part.title]!;
        const [shown, after] = part.kind === "field" ? [part.before, part.after] : [];
        if (from instanceof RegExp) expect(shown).toMatch(from);
        else expect(shown).toBe(from);
        expect(after).toBe(to);
      }
    }
    const text = change!.steps.map((step) => step.run.sh).join("\n");
    for (const line of wanted.runs ?? []) expect(text).toMatch(line);
    expect({ silent: change!.silent }).toEqual({ silent: wanted.silent });
    if (wanted.opaque) expect(change!.opaque).toBe(wanted.opaque);
  });

  test.each(refused)("$name is refused", ({ args, failure }) => {
    expect(() => systemdService.observe(args as never, controller)).toThrow(failure);
  });

  test("every step but a reload of an own accord can be taken back", () => {
    for (const { args, before, expect: wanted } of cases) {
      if (wanted.failure) continue;
      for (const step of systemdService.plan(args as never, whole(before), controller)?.steps ?? [])
        expect(step.undo?.sh).toMatch(/systemctl/);
    }
  });
});
