import { splitCommand } from "./split.ts";

/** Programs that change nothing on a host, whatever their arguments. */
const READERS: ReadonlySet<string> = new Set(
  (
    "[ arch basename cat cksum cmp cut df dirname du echo expr false findmnt getconf getent grep " +
    "groups head id ls lsblk lscpu lsmod lsns md5sum nproc pgrep pidof printenv printf ps pwd " +
    "readlink realpath seq sha1sum sha256sum sha512sum sleep stat tail test tr true uname uptime " +
    "wc which whoami"
  ).split(" "),
);

/** Words that many programs know, with which they only look, by program. */
const LOOKS: Readonly<Record<string, RegExp>> = {
  dpkg: /^(-l|-s|-S|-L|--list|--status|--search|--listfiles|--print-architecture)$/,
  systemctl: /^(cat|is-active|is-enabled|is-failed|list-units|list-unit-files|show|status)$/,
};

// Whether a command surely changes nothing, so that nothing behind it must wait for it. A shell may
// write with any program.
export function onlyReads(
  module: string,
  { argv, cmd = "" }: { argv?: readonly string[]; cmd?: string },
): boolean {
  if (module !== "command") return false;
  const [program = "", ...rest] = argv ?? splitCommand(cmd);
  const name = program.replace(/^(\/usr(\/local)?)?\/s?bin\//, "");
  if (READERS.has(name)) return true;
  const word = rest[0] ?? "";
  return (rest.length === 1 && word === "--version") || LOOKS[name]?.test(word) === true;
}
