/** What the codes of the operating system mean, as people say it. */
const REASONS: { readonly [code: string]: string } = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EIO: "the disk reports an error",
  EISDIR: "it is a directory",
  ELOOP: "its links lead round in a circle",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "there is no such file or directory",
  ENOSPC: "no space is left",
  ENOTDIR: "a part of its path is not a directory",
  EPERM: "not permitted",
  EROFS: "its filesystem is read-only",
  ESPIPE: "it is a pipe, not a file",
  ETXTBSY: "it is a program that is running",
};

const HINTS: { readonly [code: string]: string } = {
  EACCES: "run as a user who may, or change its permissions",
  EISDIR: "name a file in it",
  EMFILE: "raise the limit with ulimit -n",
  ENOSPC: "make room there",
};

/** What is said of an answer of the operating system. */
interface SystemMistake {
  message: string;
  hint?: string;
}

/** A file, and what could not be done with it. */
export interface FileTried {
  path: string;
  tried: "read" | "written";
}

// Why the system refused something, in words.
export function reasonOf(error: unknown): string {
  const { code = "", message = String(error) } = error as Partial<NodeJS.ErrnoException>;
  return REASONS[code] ?? message;
}

// What the system of this machine refused of a file, in plain words; `file`: what it was about,
// and what was tried. Undefined: there are no words for it.
export function systemMistake(error: unknown, file?: FileTried): SystemMistake | undefined {
  if (!isOfSystem(error)) return undefined;
  const { code = "", syscall = "", path } = error;
  if (syscall === "uv_cwd")
    return { message: "the current directory is gone", hint: "change to one that is there" };
  const named = file?.path ?? path;
  if (named === undefined || !(code in REASONS)) return undefined;
  const tried = file?.tried ?? verb(syscall);
  const message = `${named} cannot be ${tried}: ${REASONS[code]!}`;
  const hint = HINTS[code];
  return hint === undefined ? { message } : { message, hint };
}

// Whether an error is the machine's answer to what was wanted of it: no space, no permission, too
// many files.
export function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "errno" in error;
}

// What was tried, as a participle.
function verb(syscall: string): string {
  if (syscall.startsWith("spawn")) return "run";
  if (/^(?:read|l?stat|scandir|access|readlink|realpath)$/.test(syscall)) return "read";
  return syscall === "open" ? "opened" : "written";
}
