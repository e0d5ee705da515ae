import type { Play } from "../../playbook/play.ts";
import { Unknown } from "../../value.ts";
import { OMIT } from "../model/omit.ts";
import { flagOf } from "./flags.ts";
import type { LazyDict } from "../../jinja/template.ts";
import type { Fleet } from "../model/fleet.ts";
import { roleDefaults, roleVars } from "./role-layers.ts";
import { Variables, type Layer } from "../model/variables.ts";
import { varsFileLayers } from "./vars-files.ts";
import type { Pass } from "../model/state.ts";

/** What the keywords of a play are rendered with. */
interface PlaySource {
  fleet: Pick<Fleet, "extra" | "env">;
  groups?: unknown;
  hostvars?: LazyDict;
}

// What is known before any host is looked at: the play's own variables and files, the
// command line, all groups.
export function playVariables(
  play: Play,
  { fleet: { extra, env }, groups, hostvars }: PlaySource,
): Variables {
  const magic = new Map<string, unknown>([
    ["groups", groups],
    ["omit", OMIT],
    ["hostvars", hostvars],
    ["playbook_dir", play.folder],
  ]);
  const [weaker, stronger] = [[{ nodes: play.vars }], [extra, { values: magic }]];
  return new Variables(
    [...weaker, ...varsFileLayers(play, { weaker, stronger, env }), ...stronger],
    env,
  );
}

// What the size of batches may hang on: what the play and its roles say, the command line, and the
// inventory's variables of the first host, as those of a play are the same for all its hosts.
export function batchVariables(
  play: Play,
  { fleet, view }: Pick<Pass, "fleet" | "view">,
  hosts: readonly string[],
): Variables {
  const inventory = hosts[0] === undefined ? {} : view.variables(hosts[0]);
  const magic = new Map<string, unknown>([
    ["groups", view.groups],
    ["omit", OMIT],
  ]);
  const groups: Layer = { values: magic };
  const layers = [
    ...roleDefaults(play.roles, undefined),
    inventory,
    { nodes: play.vars },
    ...roleVars(play.roles, undefined),
    fleet.extra,
    groups,
  ];
  return new Variables(layers, fleet.env);
}

// Whether a play gathers facts: where it does not say, it does.
export function gathersFacts(play: Play, pass: Pass): boolean {
  const node = play.keywords.get("gather_facts");
  return (
    node === undefined ||
    (node.kind === "scalar" && node.value === null) ||
    playFlag(play, pass, "gather_facts") !== false
  );
}

// Whether a play runs the handlers that were notified on hosts that have failed, too.
export function forcesHandlers(play: Play, pass: Pass): boolean {
  return playFlag(play, pass, "force_handlers") === true;
}

// A keyword of the play itself that is true or false.
function playFlag(play: Play, pass: Pass, name: string): boolean | undefined {
  const value = flagOf(
    {
      around: [play],
      variables: playVariables(play, { fleet: pass.fleet, groups: pass.view.groups }),
    },
    name,
  );
  return value instanceof Unknown ? undefined : value;
}
