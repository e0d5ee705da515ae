import { UnreachableError } from "../errors.ts";
import { type Closing, describeClosing } from "./channel.ts";
import { loopText } from "./loop.ts";
import type { Become } from "./transport.ts";

// The argument list of the loop, through sudo where another user is wanted. Without a password sudo may not ask (-n);
// with one it asks in our own words and reads the answer from stdin (-S).
export function shellArgv(key: string, become: Become | undefined, prompt: string): string[] {
  if (!become) return ["/bin/sh", "-c", loopText(key, ":")];
  const shell = ["/bin/sh", "-c", loopText(key, "unset LC_ALL")];
  const asking = become.password === undefined ? ["-n"] : ["-S", "-p", prompt];
  // Its refusals are read below, hence in English; the programs get the locale of the login again.
  return ["env", "LC_ALL=C", "sudo", "-H", ...asking, "-u", become.user, "--", ...shell];
}

interface Refusal {
  said: RegExp;
  message(user: string): string;
  hint: string;
}

// What sudo says before it ends, most telling first.
const REFUSALS: Refusal[] = [
  {
    said: /sudo['’]?: (command )?not found|sudo['’]?: No such file/,
    message: () => "sudo is not installed on the host",
    hint: "install sudo there, log in as the wanted user itself, or set become: false",
  },
  {
    said: /not in the sudoers|may not run sudo|not allowed to (execute|run)|not allowed to preserve/,
    message: (user) => `sudo does not allow this login to become ${user}`,
    hint: "grant it in /etc/sudoers.d (visudo -f), or log in as a user who may",
  },
  {
    said: /must have a tty|no tty present/,
    message: () => "sudo wants a terminal (requiretty), and there is none",
    hint: "remove `Defaults requiretty` from /etc/sudoers for this login",
  },
  {
    said: /unknown (user|uid)/,
    message: (user) => `there is no user ${user} on the host to become`,
    hint: "check become_user",
  },
  {
    said: /incorrect password|Sorry, try again|no password was provided/,
    message: () => "sudo refused the become password",
    hint: "check ansible_become_password, or type it anew with --ask-become-pass; it is sudo's password of the login user",
  },
  {
    said: /password is required/,
    message: (user) => `sudo wants a password to become ${user}, and none was given`,
    hint: "give one with --ask-become-pass or ansible_become_password, or grant NOPASSWD in /etc/sudoers.d",
  },
];

// Sudo asked a second time: the password was wrong. Never a third, which would count towards a locked account.
export function wrongPassword(become: Become): UnreachableError {
  return refusal(become, "Sorry, try again", {});
}

// Why there is no shell as the wanted user, read from what sudo said and how it ended.
export function refusal(become: Become, said: string, closing: Closing): UnreachableError {
  const known = REFUSALS.find((candidate) => candidate.said.test(said));
  if (known) return new UnreachableError("become", known.message(become.user), known.hint);
  const last = said.trim().split("\n").at(-1)?.trim() || describeClosing(closing);
  const hint = `try on the host: sudo -u ${become.user} true`;
  return new UnreachableError("become", `sudo gave no shell as ${become.user}: ${last}`, hint);
}
