import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Variables of whoever runs the tests that would change what the tests or their oracles do. */
const FOREIGN =
  /^(ANSIBLE_|PYTHON|XDG_|LC_|SSH_|GIT_|VAULT_|CI$|NO_COLOR$|FORCE_COLOR$|TMPDIR$|(https?|ftp|all|no)_proxy$)/i;

/**
 * Gives all tests a home and a temporary directory of their own, and takes both away afterwards, whatever a test
 * left in them. Workers inherit the environment from here.
 */
export function setup(): () => void {
  // each project of vitest calls this, in one process; paths of sockets must stay short
  if (process.env["HULLWRIGHT_TESTS"] !== undefined) return () => {};
  const directory = mkdtempSync(join(tmpdir(), "hwt-"));
  process.env["HULLWRIGHT_TESTS"] = directory;
  // tests log in as other users, who must be able to pass through
  chmodSync(directory, 0o1777);
  for (const name of Object.keys(process.env)) if (FOREIGN.test(name)) delete process.env[name];
  const home = join(directory, "home");
  // with a directory for ssh, so that the account's own does not count
  mkdirSync(join(home, ".ssh"), { recursive: true, mode: 0o700 });
  const PYTHONPATH = fileURLToPath(new URL("python", import.meta.url));
  Object.assign(process.env, {
    HOME: home,
    TMPDIR: directory,
    LANG: "C.UTF-8",
    PYTHONPATH,
    PYTHONDONTWRITEBYTECODE: "1",
  });
  return () => {
    rmSync(directory, { recursive: true, force: true });
    removeJournals("/var/lib/hullwright/journal", directory);
  };
}

// Removes the journals of runs with files below a directory: tests that apply on this machine as root leave them there.
export function removeJournals(journals: string, directory: string): void {
  if (!existsSync(journals)) return;
  for (const name of readdirSync(journals)) {
    const head = join(journals, name, "head");
    if (existsSync(head) && readFileSync(head, "utf8").includes(`${directory}/`))
      rmSync(join(journals, name), { recursive: true });
  }
}
