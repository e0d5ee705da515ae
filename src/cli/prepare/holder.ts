import { hostname } from "node:os";
import { isAlive } from "../../controller/part.ts";

// Who holds a host, and whether that run is still alive, which this machine only
// knows about its own runs.
export function describeHolder(owner: string): string {
  const [, machine, pid] = /^\S+@(\S+) pid (\d+) since /.exec(owner) ?? [];
  if (machine !== hostname() || pid === undefined) return owner;
  return isAlive(Number(pid))
    ? `${owner}; that process runs on this machine`
    : `${owner}; that process has ended on this machine`;
}
