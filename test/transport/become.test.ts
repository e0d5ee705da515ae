import { expect, test } from "vitest";
import { refusal, shellArgv } from "../../src/transport/become.ts";

// What real sudo (1.8 to 1.9) and the shells say, and what is made of it.
test.each([
  ["env: 'sudo': No such file or directory", "sudo is not installed"],
  ["sh: 1: sudo: not found", "sudo is not installed"],
  ["bash: sudo: command not found", "sudo is not installed"],
  ["sudo: a password is required", "wants a password to become root, and none was given"],
  ["Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt", "refused the become password"],
  ["deploy is not in the sudoers file.", "does not allow this login"],
  ["Sorry, user deploy may not run sudo on web1.", "does not allow this login"],
  ["Sorry, user deploy is not allowed to execute '/bin/sh' as root on web1.", "does not allow this login"],
  ["sudo: sorry, you must have a tty to run sudo", "requiretty"],
  ["sudo: unknown user: nobodyhere\nsudo: error initializing audit plugin sudoers_audit", "no user root"],
  ["sudo: unable to resolve host web1\nsudo: /etc/sudoers is world writable", "/etc/sudoers is world writable"],
  ["", "it ended with code 1"],
])("sudo's %j is understood", (said, message) => {
  const error = refusal({ user: "root" }, said, { code: 1 });
  expect(error.kind).toBe("become");
  expect(error.message).toContain(message);
  expect(error.hint).toBeTruthy();
});

test("no password is ever in an argument list", () => {
  const argv = shellArgv("0123abcd", { user: "root", password: "s3cret" }, "prompt");
  expect(argv.join(" ")).not.toContain("s3cret");
});

test("sudo may ask only where there is an answer", () => {
  expect(shellArgv("0123abcd", { user: "root" }, "prompt")).toContain("-n");
  expect(shellArgv("0123abcd", { user: "root", password: "x" }, "prompt")).not.toContain("-n");
});
