import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { testHost } from "../host.ts";

test.each([
  ["registered: its digests are told", "register: got", true],
  ["not registered: they are not made", "when: true", false],
])("the result of a download that is %s", async (_what, keyword, isTold) => {
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: get, get_url: { url: "http://127.0.0.1/tool", dest: "{{ at }}/no-such-tool" }, ${keyword} }`,
    { at: tmpdir() },
  );
  await run.plan();
  const [step] = run.walk!.entries[0]!.change!.steps;
  expect(step!.run.sh.includes("md5sum")).toBe(isTold);
  expect(step!.run.sh).toContain("hw_put");
  expect(step).not.toHaveProperty("unregistered");
  await (await session).close();
});
