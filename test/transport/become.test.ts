import { expect, test } from "vitest";
import type { Become } from "../../src/transport/transport.ts";
import { refusal, shellArgv } from "../../src/transport/become.ts";

// What real sudo (1.8 to 1.9) and the shells say, and what is made of it.
test.each([
  ["env: 'sudo': No such file or directory", "sudo is not installed"],
  ["sh: 1: sudo: not found", "sudo is not installed"],
  ["bash: sudo: command not found", "sudo is not installed"],
  ["sudo: a password is required", "wants a password to become root, and none was given"],
  [
    "Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt",
    "refused the become password",
  ],
  ["deploy is not in the sudoers file.", "does not allow this login"],
  ["Sorry, user deploy may not run sudo on web1.", "does not allow this login"],
  [
    "Sorry, user deploy is not allowed to execute '/bin/sh' as root on web1.",
    "does not allow this login",
  ],
  ["sudo: sorry, you must have a tty to run sudo", "requiretty"],
  [
    "sudo: unknown user: nobodyhere\nsudo: error initializing audit plugin sudoers_audit",
    "no user root",
  ],
  [
    "sudo: unable to resolve host web1\nsudo: /etc/sudoers is world writable",
    "/etc/sudoers is world writable",
  ],
  ["", "it ended with code 1"],
])("sudo's %j is understood", (said, message) => {
  const error = refusal({ user: "root" }, said, { code: 1 });
  expect(error.kind).toBe("become");
  expect(error.message).toContain(message);
  expect(error.hint).toBeTruthy();
});

test.each(["sudo", "su", "doas", "runuser"] as const)(
  "no password is ever in an argument list: %s",
  (method) => {
    const argv = shellArgv("0123abcd", { user: "root", password: "s3cret", method }, "prompt");
    expect(argv.join(" ")).not.toContain("s3cret");
  },
);

test.each<[become: Become, words: string]>([
  [{ user: "ops" }, "env LC_ALL=C sudo -H -n -u ops -- /bin/sh -c"],
  [{ user: "ops", flags: [] }, "env LC_ALL=C sudo -n -u ops -- /bin/sh -c"],
  [
    { user: "ops", flags: ["-E", "-n"], password: "x" },
    "env LC_ALL=C sudo -E -S -p prompt -u ops -- /bin/sh -c",
  ],
  [
    { user: "ops", exe: "/opt/sudo", flags: ["-i"] },
    "env LC_ALL=C /opt/sudo -i -n -u ops -- /bin/sh -c",
  ],
  [{ user: "ops", method: "su" }, "env LC_ALL=C su ops -s /bin/sh -c"],
  [{ user: "ops", method: "su", flags: ["-"] }, "env LC_ALL=C su - ops -s /bin/sh -c"],
  [{ user: "ops", method: "runuser" }, "env LC_ALL=C runuser ops -s /bin/sh -c"],
  [{ user: "ops", method: "doas", flags: ["-n"] }, "env LC_ALL=C doas -n -u ops /bin/sh -c"],
])("%j is %s", (become, words) => {
  expect(shellArgv("0123abcd", become, "prompt").slice(0, -1).join(" ")).toBe(words);
});

test.each<[become: Become, said: string, message: string]>([
  [
    { user: "ops", method: "su" },
    "Password: su: Authentication failure",
    "su refused the become password",
  ],
  [
    { user: "ops", method: "su" },
    "su: user ops does not exist or the user entry does not contain all the required fields",
    "no user ops",
  ],
  [
    { user: "ops", method: "doas" },
    "doas: Authorization required",
    "asks for it only on a terminal",
  ],
  [
    { user: "ops", method: "doas" },
    "doas: Operation not permitted",
    "doas does not allow this login",
  ],
  [
    { user: "ops", method: "runuser" },
    "runuser: may not be used by non-root users",
    "runuser does not allow this login",
  ],
  [
    { user: "ops", method: "doas" },
    "env: 'doas': No such file or directory",
    "doas is not installed",
  ],
])("what a method says is understood: %j", (become, said, message) => {
  expect(refusal(become, said, { code: 1 }).message).toContain(message);
});

test("sudo may ask only where there is an answer", () => {
  expect(shellArgv("0123abcd", { user: "root" }, "prompt")).toContain("-n");
  expect(shellArgv("0123abcd", { user: "root", password: "x" }, "prompt")).not.toContain("-n");
});
