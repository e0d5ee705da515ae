import { failureIn } from "../../src/plan/model/entry.ts";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { NoUserError, UnreachableError } from "../../src/errors.ts";
import type { Session } from "../../src/transport/transport.ts";
import { lines, noFiles, testHost } from "./host.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-no-user-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Plans and applies tasks on a host where nobody can become svc1 before the file `made` is there.
async function perform(
  name: string,
  tasks: string,
): Promise<{ planned: string[]; applied: string[]; messages: string[] }> {
  const at = join(folder, name);
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`,
    { at, me: userInfo().username },
    {},
    {},
    noFiles,
    { login: userInfo().username },
  );
  const open = run.asking.session;
  const wrapped = async (): Promise<Session> => {
    const login = await open();
    const become = (user: string | undefined): void => {
      if (user === "locked")
        throw new UnreachableError("become", "sudo wants a password to become locked");
      if (user === "svc1" && !existsSync(`${at}/made`))
        throw new NoUserError(
          "become",
          "there is no user svc1 on the host to become",
          "check become_user",
        );
    };
    return {
      ...login,
      rounds: 0,
      run: async (program, options = {}) => {
        become(options.become?.user);
        return login.run(program, { ...options, become: undefined });
      },
    };
  };
  Object.assign(run.asking, { session: wrapped });
  try {
    await run.plan();
    const planned = lines(run);
    await run.apply(0, () => {});
    return {
      planned,
      applied: lines(run),
      messages: run.walk!.entries.flatMap((entry) => failureIn(entry)?.message ?? []),
    };
  } finally {
    await (await session).close();
  }
}

const asUser = "become: true, become_user: svc1";

test("what is asked as a user whom an earlier task makes waits for that task", async () => {
  const { planned, applied } = await perform(
    "made",
    `
    - {name: directory, file: {path: "{{ at }}", state: directory}}
    - {name: user, command: "touch {{ at }}/made", args: {creates: "{{ at }}/made"}}
    - {name: look, stat: {path: "{{ at }}/made"}, register: seen, ${asUser}}
    - {name: write, copy: {content: x, dest: "{{ at }}/x", owner: "{{ me }}"}, ${asUser}}
    - {name: other, file: {path: "{{ at }}/other", state: directory}}
    - {name: then, file: {path: "{{ at }}/then", state: directory}, when: seen.stat.exists}
`,
  );
  expect(planned).toEqual([
    "changed directory",
    "changed user",
    "deferred look",
    "deferred write",
    "changed other",
    "deferred then",
  ]);
  expect(applied).toEqual([
    "changed directory",
    "changed user",
    "ok look",
    "changed write",
    "changed other",
    "changed then",
  ]);
});

test("a user whom nobody may become is the failure of tasks, as in Ansible: the play goes on where it may", async () => {
  const asLocked = "become: true, become_user: locked";
  const { planned, applied, messages } = await perform(
    "locked",
    `
    - {name: directory, file: {path: "{{ at }}", state: directory}}
    - {name: ignored, file: {path: "{{ at }}/x", state: directory}, ignore_errors: true, ${asLocked}}
    - name: around
      block:
        - {name: breaks, command: "true", ${asLocked}}
      rescue:
        - {name: rescued, file: {path: "{{ at }}/z", state: directory}}
    - {name: last, stat: {path: /}, ignore_unreachable: true, ${asLocked}}
`,
  );
  expect(planned).toContain("failed ignored");
  expect(applied).toEqual([
    "changed directory",
    "failed ignored",
    "failed breaks",
    "changed rescued",
    "failed last",
  ]);
  expect(new Set(messages)).toEqual(new Set(["sudo wants a password to become locked"]));
});

test("a user whom nothing makes is the failure of the tasks of that user, and of no others", async () => {
  const { applied, messages } = await perform(
    "never",
    `
    - {name: look, stat: {path: /}, ignore_errors: true, ${asUser}}
    - {name: directory, file: {path: "{{ at }}", state: directory}}
    - {name: again, stat: {path: /}, ${asUser}}
    - {name: never, file: {path: "{{ at }}/x", state: directory}}
`,
  );
  expect(applied).toEqual(["failed look", "changed directory", "failed again"]);
  expect(messages).toEqual(
    Array.from({ length: 2 }, () => "there is no user svc1 on the host to become"),
  );
});
