import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call } from "./call.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-hidden-"));
const hosts = join(root, "hosts");
const play = join(root, "play.yml");
const home = process.env["HOME"];

beforeAll(() => {
  process.env["HOME"] = join(root, "home");
  mkdirSync(join(root, "home"));
  writeFileSync(hosts, "local ansible_connection=local ansible_user=tester\n");
  writeFileSync(join(root, "login"), 'password = "SECRET-of-the-host"\n');
  writeFileSync(
    play,
    `
- hosts: all
  gather_facts: false
  tasks:
    - name: loop
      no_log: true
      command: "true {{ item }}"
      loop: [SECRET-item]
    - name: label
      no_log: true
      command: "true"
      loop: [1]
      loop_control: { label: SECRET-label }
    - name: look
      no_log: true
      command: echo SECRET-looked
      changed_when: false
    - name: write
      no_log: true
      copy: { content: SECRET-content, dest: "${root}/written" }
    - name: bring
      no_log: true
      fetch: { src: "${root}/written", dest: "${root}/brought", flat: true }
    - name: fail
      no_log: true
      ignore_errors: true
      get_url: { url: "http://bob:SECRET-url@127.0.0.1:9/x", dest: "${root}/u", headers: { Authorization: Bearer SECRET-header } }
    - name: login
      copy: { content: 'password = "SECRET-new"', dest: "${root}/login" }
    - name: seen
      command: echo seen
`,
  );
});
afterAll(() => {
  process.env["HOME"] = home;
  rmSync(root, { recursive: true });
});

/** What neither the playbook's author nor the host's owner wants to see, as it is and in base64. */
const secret = /SECRET|U0VDUkVU|NFQ1JFV|TRUNSRV/;

describe("what no_log hides, and what looks like a secret of the host, is not shown", () => {
  test.each([
    ["by plan", ["plan"]],
    ["by plan --json", ["plan", "--json"]],
    ["by plan -vvv", ["plan", "-vvv"]],
    ["in a saved plan", ["plan", "-o", join(root, "saved")]],
    ["by apply", ["apply", "--yes", "--diff", "-v"]],
    ["by apply --json", ["apply", "--yes", "--json"]],
    ["by apply -vvv", ["apply", "--yes", "-vvv"]],
  ])("%s", async (_what, [command, ...flags]) => {
    writeFileSync(join(root, "login"), 'password = "SECRET-of-the-host"\n');
    rmSync(join(root, "written"), { force: true });
    const { said } = await call(command!, play, "-i", hosts, ...flags);
    expect(said).toContain("(censored due to no_log)");
    expect(said).toContain("seen");
    expect(said).not.toMatch(secret);
  });
  test("and is not in a saved plan", () => {
    expect(readFileSync(join(root, "saved"), "utf8")).not.toMatch(secret);
    expect(readFileSync(join(root, "saved"), "utf8")).toContain("(hidden, changed)");
  });
  test("but it is done", () => {
    expect([
      readFileSync(join(root, "written"), "utf8"),
      readFileSync(join(root, "brought"), "utf8"),
    ]).toEqual(["SECRET-content", "SECRET-content"]);
  });
});

describe("passwords and tokens that stand in the open are not shown either", () => {
  const open = join(root, "open.yml");
  const logins = join(root, "logins");
  beforeAll(() => {
    writeFileSync(
      logins,
      "local ansible_connection=local ansible_user=tester ansible_become_password=SECRET-become ansible_password=SECRET-login\n",
    );
    writeFileSync(
      open,
      `
- hosts: all
  gather_facts: false
  tasks:
    - name: argument
      ignore_errors: true
      uri:
        url: http://127.0.0.1:9/
        method: POST
        url_username: bob
        url_password: SECRET-argument
        headers: { X-Vault: SECRET-header, Authorization: Bearer SECRET-bearer }
        body_format: json
        body: { user: a, client_secret: SECRET-body }
    - name: address
      ignore_errors: true
      get_url: { url: "http://bob:SECRET%2Furl@127.0.0.1:9/x", dest: "${root}/u" }
    - name: told
      debug: { msg: "seen {{ ansible_become_password }} SECRET/url SECRET-argument" }
      become: true
    - name: printed
      command: echo seen SECRET-bearer
`,
    );
  });
  test.each([
    ["by plan -vvv", ["plan", "-vvv"]],
    ["by plan --json", ["plan", "--json"]],
    ["in a saved plan", ["plan", "-o", join(root, "saved-open")]],
    ["by apply", ["apply", "--yes", "--diff", "-v"]],
    ["by apply --json", ["apply", "--yes", "--json"]],
    ["by apply -vvv", ["apply", "--yes", "-vvv"]],
  ])("%s", async (_what, [command, ...flags]) => {
    const { said } = await call(command!, open, "-i", logins, ...flags);
    expect(said).toContain("seen ********");
    expect(said).not.toMatch(secret);
    if (flags[0] === "-o") expect(readFileSync(flags[1]!, "utf8")).not.toMatch(secret);
  });
  test("and a path is no base64", async () => {
    const path = "/usr/local/lib/systemd/system/containerd/abcdefghijklmnop";
    writeFileSync(
      play,
      `- { hosts: all, gather_facts: false, tasks: [{ stat: { path: ${path} } }] }\n`,
    );
    expect((await call("plan", play, "-i", hosts, "-vvv")).said).toContain(path);
  });
});
