import { homedir } from "node:os";
import { join } from "node:path";
import { existsSync } from "../../disk/reading.ts";
import { account } from "../account.ts";

// The home directory whose `.ssh` counts: what HOME says where there is one, else the
// account's own, which is ssh's.
export function sshHome(): string {
  const home = homedir();
  return existsSync(join(home, ".ssh")) ? home : (account()?.home ?? home);
}

// ssh and Ansible let a path begin with the home directory's sign.
export function homePath(path: string): string {
  return path.startsWith("~/") ? join(sshHome(), path.slice(2)) : path;
}
