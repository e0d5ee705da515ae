import type { YamlNode } from "../../yaml/node.ts";
import { variableLayers, warnOfNearMisses, warnOfUnsupported } from "../connection/near-misses.ts";
import { optimizeLate } from "../late-optimization.ts";
import { findHosts } from "./hosts/find-hosts.ts";
import { Prepared } from "./prepared.ts";
import { reachHosts } from "./reach-hosts.ts";
import { readOnce } from "./read-sources.ts";
import type { RunRequest } from "./run-request.ts";
import type { Sources } from "./sources.ts";
import { HostWalker } from "./walk-hosts.ts";

/**
 * Makes a run ready to plan, in four steps, each from what those before it made: reads what it is
 * made from, gets ready to reach hosts, finds the hosts, and walks them for the first time. Throws
 * InputError.
 */
export async function prepare(request: RunRequest): Promise<Prepared> {
  optimizeLate();
  const sources = await readOnce(request);
  const reach = reachHosts(request, sources);
  const found = await findHosts(request, sources, reach);
  const walker = new HostWalker(request, sources, reach, found);
  const walked = await walker.begin();
  reach.gates.logIn.open();
  if (!request.part) warnOfVariables(request, sources);
  reach.gates.askPeople.open();
  return new Prepared({ request, sources, reach, found, walker, walked });
}

// Warns of variables that nothing heeds. Where others do parts of the run, only the first process
// does.
function warnOfVariables(
  { warn }: RunRequest,
  { playbook, inventory, folders, extra, read }: Sources,
): void {
  warnOfUnsupported(playbook, warn);
  const given = extra.nodes ?? new Map<string, YamlNode>();
  const layers = [...variableLayers(inventory, folders, playbook), given];
  warnOfNearMisses(layers, (name) => read.hasWord(name), warn);
}
