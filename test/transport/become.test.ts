import { expect, test } from "vitest";
import type { Become } from "../../src/transport/transport.ts";
import { answerOf, firstFooting, refusal, shellArgv } from "../../src/transport/become.ts";

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
    for (const footing of ["streams", "terminal"] as const) {
      const become = { user: "root", password: "s3cret", method };
      const words = shellArgv("0123abcd", become, "prompt", footing).join(" ");
      const encoded = /echo (\S+) \| base64/.exec(words)?.[1] ?? "";
      for (const text of [words, Buffer.from(encoded, "base64").toString()])
        expect(text).not.toContain("s3cret");
    }
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
    "doas: Authentication required",
    "doas wants a password to become ops, and none was given",
  ],
  [
    { user: "ops", method: "doas" },
    "doas: Operation not permitted",
    "doas does not allow this login",
  ],
  [
    { user: "ops", method: "doas", password: "x" },
    "\rdoas (me@host) password: \r\ndoas: Authentication failed",
    "doas refused the become password",
  ],
  [
    { user: "ops", method: "runuser" },
    "runuser: may not be used by non-root users",
    "runuser does not allow this login",
  ],
  [
    { user: "ops", method: "runuser" },
    "env: 'runuser': No such file or directory",
    "only root may use it",
  ],
  [
    { user: "ops", method: "su" },
    "Password: su: using restricted shell /usr/sbin/nologin\nThis account is currently not available.",
    "su insists on the shell and home of ops",
  ],
  [
    { user: "ops", flags: ["-i"] },
    "sudo: unable to change directory to /nowhere: No such file or directory\nThis account is currently not available.",
    "sudo insists on the shell and home of ops",
  ],
  [
    { user: "ops", method: "doas" },
    "env: 'doas': No such file or directory",
    "doas is not installed",
  ],
])("what a method says is understood: %j", (become, said, message) => {
  expect(refusal(become, said, { code: 1 }).message).toContain(message);
});

test("doas asks on a terminal where there is an answer, and only there; sudo where its policy wants it", () => {
  const doas: Become = { user: "root", method: "doas", password: "x" };
  expect(firstFooting(doas)).toBe("terminal");
  expect(firstFooting({ ...doas, flags: ["-n"] })).toBe("streams");
  expect(firstFooting({ ...doas, password: undefined })).toBe("streams");
  expect(firstFooting({ user: "root", password: "x" })).toBe("streams");
  const said = "sudo: sorry, you must have a tty to run sudo";
  expect(refusal({ user: "root" }, said, {})).toMatchObject({ footing: "terminal" });
  expect(refusal({ user: "root" }, said, {}, "terminal")).not.toHaveProperty("footing");
  expect(refusal(doas, "", { code: 95 }, "terminal").message).toBe(
    "doas wants a terminal, and the host has no program `script` that makes one",
  );
});

test("a terminal's answer travels with its length", () => {
  expect(answerOf({ user: "root", method: "doas", password: "pä" }).toString()).toBe("4\npä\n");
  expect(answerOf({ user: "root", password: "pä" }).toString()).toBe("pä\n");
});

test("sudo may ask only where there is an answer", () => {
  expect(shellArgv("0123abcd", { user: "root" }, "prompt")).toContain("-n");
  expect(shellArgv("0123abcd", { user: "root", password: "x" }, "prompt")).not.toContain("-n");
});
