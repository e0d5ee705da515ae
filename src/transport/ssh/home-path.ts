import { join } from "node:path";
import { homedir } from "node:os";
// ssh and Ansible let a path begin with the home directory's sign.
export function homePath(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}
