import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { call } from "./call.ts";

const home = mkdtempSync(join(tmpdir(), "hullwright-left-over-"));
vi.stubEnv("HOME", home);
vi.stubEnv("XDG_CACHE_HOME", join(home, "cache"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const at = (name: string): string => join(home, name);
const play = at("play.yml");
const local = ["-i", at("hosts")];
writeFileSync(at("hosts"), "h1 ansible_connection=local ansible_user=someone\n");
writeFileSync(
  play,
  `- hosts: all
  gather_facts: false
  handlers:
    - name: use what changed
      command: "touch ${at("done")}-{{ item }}"
      loop: "{{ changed_things }}"
  tasks:
    - {name: Make, file: {path: ${at("made")}, state: directory}, register: made, notify: use what changed}
    - {name: Remember, set_fact: {changed_things: [a]}, when: made is changed}
    - {name: Breaks once, command: test -e ${at("mended")}, changed_when: false}
    - {name: After, command: touch ${at("after")}, args: {creates: ${at("after")}}}
`,
);

test("a left-over handler that cannot be run with what is known now is told, and locks no host; --drop-handlers forgets it", async () => {
  expect(await call("apply", play, ...local, "--yes")).toMatchObject({ code: 2 });
  writeFileSync(at("mended"), "");
  const told =
    /use what changed[\s\S]*still pending from the run of \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, in which "Make" notified it, and cannot be run now: 'changed_things' is undefined/;
  expect(await call("plan", play, ...local)).toMatchObject({
    code: 2,
    said: expect.stringMatching(told) as string,
  });
  expect(await call("apply", play, ...local, "--yes")).toMatchObject({
    code: 0,
    said: expect.stringMatching(told) as string,
  });
  expect(existsSync(at("after"))).toBe(true);
  expect(await call("plan", play, ...local)).toMatchObject({
    code: 0,
    said: expect.stringMatching(told) as string,
  });
  expect(await call("apply", play, ...local, "--yes", "--drop-handlers")).toMatchObject({
    code: 0,
    said: expect.stringMatching(/dropped: it was still pending from the run of/) as string,
  });
  expect(await call("apply", play, ...local, "--yes")).toMatchObject({
    code: 0,
    said: expect.not.stringMatching(/still pending/) as string,
  });
  expect(existsSync(at("done-a"))).toBe(false);
});

test("one that a handler of this run notifies is run, not dropped", async () => {
  const again = at("again.yml");
  writeFileSync(
    again,
    `- hosts: all
  gather_facts: false
  handlers:
    - {name: first, command: "true", notify: use}
    - {name: use, command: touch ${at("used")}}
  tasks:
    - {name: Make, file: {path: "${at("made")}-{{ topic }}", state: directory}, notify: "{{ topic }}"}
    - {name: Breaks once, command: test -e ${at("mended")}, changed_when: false}
`,
  );
  rmSync(at("mended"));
  expect(await call("apply", again, ...local, "-e", "topic=use", "--yes")).toMatchObject({
    code: 2,
  });
  writeFileSync(at("mended"), "");
  const dropping = [...local, "-e", "topic=first", "--yes", "--drop-handlers"];
  expect(await call("apply", again, ...dropping)).toMatchObject({ code: 0 });
  expect(existsSync(at("used"))).toBe(true);
});
