import { NoUserError, noUser, UnreachableError } from "../errors.ts";
import { type Closing, describeClosing } from "./channel.ts";
import { loopText } from "./loop.ts";
import { askingOnTerminal, NO_SCRIPT, onTerminal, terminalAnswer } from "./pseudo-terminal.ts";
import type { Become, BecomeMethod } from "./transport.ts";

/**
 * How a become method is started: with plain streams, or with a terminal of its own beside them.
 */
export type Footing = "streams" | "terminal";

/**
 * How to become another user: the words in front of the user's name, and what the method asks with.
 */
interface Method {
  /** The words that start the loop as the user. */
  argv(become: Become, loop: string, prompt: string, footing: Footing): string[];
  /** The password prompt, as it will be read; undefined: it asks only on a terminal, or never. */
  prompt?(own: string): string;
  hint(user: string): string;
}

/**
 * su and runuser take a shell and a text for it: thus accounts whose own shell
 * runs nothing do as well.
 */
const likeSu =
  (program: string): Method["argv"] =>
  ({ user, exe = program, flags = [] }, loop) => [exe, ...flags, user, "-s", "/bin/sh", "-c", loop];

const METHODS: Record<BecomeMethod, Method> = {
  sudo: {
    // Without a password sudo may not ask (-n); with one it asks in our own words and reads
    // the answer from stdin (-S).
    argv({ user, password, exe = "sudo", flags = ["-H"] }, loop, prompt) {
      const asking = password === undefined ? ["-n"] : ["-S", "-p", prompt];
      return [
        exe,
        ...flags.filter((flag) => flag !== "-n" && flag !== "-S"),
        ...asking,
        "-u",
        user,
        "--",
        "/bin/sh",
        "-c",
        flags.some(isLogin) ? withoutDollars(loop) : loop,
      ];
    },
    prompt: (own) => own,
    hint: (user) => `sudo -u ${user} true`,
  },
  su: { argv: likeSu("su"), prompt: () => "Password: ", hint: (user) => `su ${user} -c true` },
  runuser: { argv: likeSu("runuser"), hint: (user) => `runuser ${user} -c true` },
  doas: {
    // It asks only on a terminal, and may ask only if it has one.
    argv: ({ user, exe = "doas", flags = [] }, loop, _prompt, footing) => [
      exe,
      ...(footing === "terminal" ? [] : ["-n"]),
      ...flags.filter((flag) => flag !== "-n"),
      "-u",
      user,
      "/bin/sh",
      "-c",
      loop,
    ],
    prompt: () => ") password: ",
    hint: (user) => `doas -n -u ${user} true`,
  },
};

// How a method is started first: doas needs a terminal to ask on, and sudo only
// where its policy wants one.
export function firstFooting(become: Become | undefined): Footing {
  return become !== undefined && asksOnTerminal(become) && !become.flags?.includes("-n")
    ? "terminal"
    : "streams";
}

// Whether the password is typed on a terminal rather than written to stdin.
function asksOnTerminal({ method, password }: Become): boolean {
  return method === "doas" && password !== undefined;
}

/** The method would do it on another footing. It is final where that was tried. */
export class OtherFooting extends UnreachableError {
  readonly footing: Footing;

  constructor(footing: Footing, { kind, message, hint }: UnreachableError) {
    super(kind, message, hint);
    this.footing = footing;
  }
}

/** Flags by which sudo hands the words to the user's own shell. */
const isLogin = (flag: string): boolean => /^(-[a-zA-Z]*[is]|--login|--shell)$/.test(flag);

// The loop as a text that a shell in between does not change: sudo hides
// everything from it but dollars.
function withoutDollars(loop: string): string {
  return `eval "\`echo ${Buffer.from(loop).toString("base64")} | base64 -d\`"`;
}

// The argument list of the loop, by way of the become method where another user is wanted.
export function shellArgv(
  key: string,
  become: Become | undefined,
  prompt: string,
  footing: Footing = "streams",
): string[] {
  if (!become) return ["/bin/sh", "-c", loopText(key, ":")];
  // Its refusals are read below, hence in English; the programs get the locale of the login again.
  const loop = loopText(key, "unset LC_ALL");
  const words = METHODS[methodOf(become)].argv(become, loop, prompt, footing);
  const argv = ["env", "LC_ALL=C", ...words];
  if (footing === "streams") return argv;
  return asksOnTerminal(become) ? askingOnTerminal(argv) : onTerminal(argv);
}

// The password prompt that may come; undefined: there is none. su asks even if nobody gave a
// password: nothing may be written before the loop runs, because it would be read as the answer.
export function promptOf(
  become: Become | undefined,
  own: string,
  footing: Footing,
): string | undefined {
  if (!become || (become.password === undefined && become.method !== "su")) return undefined;
  if (asksOnTerminal(become) && footing === "streams") return undefined;
  return METHODS[methodOf(become)].prompt?.(own);
}

// What the question is answered with.
export function answerOf(become: Become): Buffer {
  const { password = "" } = become;
  return asksOnTerminal(become) ? terminalAnswer(password) : Buffer.from(`${password}\n`);
}

// The loop runs, and nobody asked: whatever waits for the answer reads the same stream, so there
// must be a loop without it.
export function unasked(
  become: Become,
  footing: Footing,
  prompts: number,
): OtherFooting | undefined {
  if (footing === "streams" || prompts > 0 || !asksOnTerminal(become)) return undefined;
  return new OtherFooting("streams", refusal(become, "", {}, footing));
}

// It asked, and there is no answer.
export function passwordWanted(become: Become): UnreachableError {
  return refusal(become, "a password is required", {});
}

function methodOf({ method = "sudo" }: Become): BecomeMethod {
  return method;
}

interface Refusal {
  said: RegExp;
  message(user: string, method: string): string;
  hint: string;
}

const NO_USER: Refusal = {
  said: /unknown (user|uid)|user .* does not exist/,
  message: (user) => noUser(user).message,
  hint: noUser("").hint!,
};

/** What sudo says where its policy wants a terminal. */
const WANTS_TERMINAL = /must have a tty/;

/** What the methods say before they end, most telling first. */
const REFUSALS: Refusal[] = [
  {
    said: /env: .*runuser.*: No such file/,
    message: () => "runuser is not found on the host, and only root may use it",
    hint: "log in as root, or use sudo or su",
  },
  {
    said: /(sudo|su|doas|runuser)['’]?: (command )?not found|env: .*No such file/,
    message: (_user, method) => `${method} is not installed on the host`,
    hint: "install it there, choose another become_method, log in as the target user directly, or set become: false",
  },
  {
    said: /not in the sudoers|may not run sudo|not allowed to (execute|run)|not allowed to preserve|doas: Operation not permitted|may not be used by non-root/,
    message: (user, method) => `${method} does not allow this login to become ${user}`,
    hint: "allow it (for sudo in /etc/sudoers.d, for doas in /etc/doas.conf), or log in as a user who is allowed",
  },
  {
    said: /account is currently not available|using restricted shell|unable to change directory to/,
    message: (user, method) =>
      `${method} insists on the shell and home of ${user}, which are not for logging in`,
    hint: "leave -i out of become_flags; su of another user than root takes no other shell: use sudo",
  },
  {
    said: WANTS_TERMINAL,
    message: (_user, method) => `${method} requires a terminal (requiretty)`,
    hint: "remove `Defaults requiretty` from /etc/sudoers for this login",
  },
  {
    said: /no tty present|must be run from a terminal/,
    message: (_user, method) =>
      `${method} reads passwords only from a terminal, and its stdin is not one`,
    hint: "use another become_method, such as sudo",
  },
  NO_USER,
  {
    said: /doas: (Authorization|Authentication) failed/,
    message: (_user, method) => `${method} refused the become password`,
    hint: "check ansible_become_password, or enter it again with --ask-become-pass; doas wants the login user's password",
  },
  {
    said: /doas: (Authorization|Authentication) required|doas: a tty is required/,
    message: (user, method) => `${method} wants a password to become ${user}, and none was given`,
    hint: "give one with --ask-become-pass or ansible_become_password (and no -n in become_flags), or grant nopass in /etc/doas.conf",
  },
  {
    said: /incorrect password|Sorry, try again|no password was provided|su: Authentication failure/,
    message: (_user, method) => `${method} refused the become password`,
    hint: "check ansible_become_password, or enter it again with --ask-become-pass; sudo wants the login user's password, su the target user's",
  },
  {
    said: /password is required|^Password: *$/m,
    message: (user, method) => `${method} wants a password to become ${user}, and none was given`,
    hint: "give one with --ask-become-pass or ansible_become_password, or grant NOPASSWD in /etc/sudoers.d",
  },
];

// It asked a second time: the password was wrong. Never a third, which would count
// towards a locked account.
export function wrongPassword(become: Become): UnreachableError {
  return refusal(become, "Sorry, try again", {});
}

// Why there is no shell as the wanted user, read from what the method said and how it ended.
export function refusal(
  become: Become,
  said: string,
  closing: Closing,
  footing: Footing = "streams",
): UnreachableError {
  const method = methodOf(become);
  if (footing === "terminal" && closing.code === NO_SCRIPT) return noTerminal(method);
  const known = REFUSALS.find((candidate) => candidate.said.test(said));
  const kind = known === NO_USER ? NoUserError : UnreachableError;
  if (known) {
    const error = new kind("become", known.message(become.user, become.exe ?? method), known.hint);
    const may = method === "sudo" && footing === "streams" && WANTS_TERMINAL.test(said);
    return may ? new OtherFooting("terminal", error) : error;
  }
  const last = said.trim().split("\n").at(-1)?.trim() || describeClosing(closing);
  const hint = `try on the host: ${METHODS[method].hint(become.user)}`;
  return new UnreachableError(
    "become",
    `${method} did not start a shell as ${become.user}: ${last}`,
    hint,
  );
}

// The host cannot make the terminal that the method wants.
function noTerminal(method: BecomeMethod): UnreachableError {
  const ways: Partial<Record<BecomeMethod, string>> = {
    sudo: "remove `Defaults requiretty` from /etc/sudoers for this login",
    doas: "grant nopass in /etc/doas.conf",
  };
  return new UnreachableError(
    "become",
    `${method} wants a terminal, and the host has no program \`script\` that makes one`,
    `install it there (Debian: bsdutils, others: util-linux), or ${ways[method] ?? "use sudo"}`,
  );
}
