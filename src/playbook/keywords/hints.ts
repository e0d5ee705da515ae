import { ForeignFault } from "../../jinja/core/fault.ts";
import { missing } from "../../jinja/core/foreign.ts";
import { standardEnvironment } from "../../jinja/template.ts";
import { LATER_HINT } from "../../modules/catalogue/later.ts";
import { findModule, moduleNames } from "../../modules/index.ts";
import { closest, didYouMean } from "../../suggest.ts";

/** The keywords of each owner: play, block, task ... */
type Owners = { readonly [owner: string]: { readonly [name: string]: unknown } };

/** Keywords of Ansible that we do not have, with what to do instead. */
const REFUSED: Record<string, string> = {
  sudo: "use become",
  sudo_user: "use become_user",
};

/** Keywords of Ansible's tasks and blocks that have no hint of their own. */
const FOREIGN = ["debugger"];

/** Keywords of plays that ansible-core got after 2.14. */
const LATER_OF_PLAYS = ["validate_argspec"];

/** Modules of Ansible that we do not have, with what does their work. */
const INSTEAD: Record<string, string> = {
  include: "use include_tasks or import_tasks, or import_playbook for plays",
  docker_container: 'containers of containerd are "ctr_container" and "ctr_task"',
  docker_image: 'use "ctr_image"',
  docker_image_pull: 'use "ctr_image"',
  docker_image_push: 'use "ctr_image_push"',
  docker_image_export: 'use "ctr_image_export"',
  docker_container_exec: 'use "ctr_exec"',
  podman_image: 'use "ctr_image"',
  dnf5: 'use "dnf"',
  synchronize: 'use "copy" or "unarchive"',
};

// Whether a keyword is Ansible's: one that is not here, or a loop over a lookup that is not.
export function isForeignKeyword(owner: string, name: string): boolean {
  if (owner === "task" && name.startsWith("with_"))
    return missing("lookup", name.slice("with_".length), []) instanceof ForeignFault;
  if (owner === "play") return LATER_OF_PLAYS.includes(name);
  return Object.hasOwn(REFUSED, name) || FOREIGN.includes(name);
}

// The hint for a keyword that does not belong here: it belongs elsewhere, it is misspelt, or it is
// a module that is one level too high.
export function keywordHint(
  owner: string,
  name: string,
  owners: Owners,
  others: Iterable<string>,
): string | undefined {
  if (Object.hasOwn(REFUSED, name)) return REFUSED[name];
  if (owner === "play" && LATER_OF_PLAYS.includes(name)) return LATER_HINT;
  if (owner === "task" && name.startsWith("with_")) return loopMend(name.slice("with_".length));
  const proper = ["task", "block", "play"].find((other) => Object.hasOwn(owners[other]!, name));
  if (proper === "task" && owner === "block" && name === "loop")
    return "a block cannot have a loop: put its tasks into a file, and loop over include_tasks";
  if (proper) return `it is a keyword of a ${proper}`;
  if (owner === "play" && findModule(name))
    return 'tasks stand in a list below "tasks:" of a play: - hosts: all';
  return didYouMean(name, [...Object.keys(owners[owner]!), ...others]);
}

// The hint for a loop over a lookup that does not exist.
function loopMend(lookup: string): string {
  const near = closest(lookup, standardEnvironment().lookups.keys());
  return near === undefined
    ? `there is no lookup "${lookup}" here`
    : `did you mean "with_${near}"?`;
}

// The hint for a module name that does not exist; `others` are further words
// that are allowed there.
export function moduleHint(name: string, others: readonly string[]): string {
  const [, collection = "", short = name] = /^((?:\w+\.){2,})(\w+)$/.exec(name) ?? [];
  if (Object.hasOwn(INSTEAD, short)) return INSTEAD[short]!;
  if (collection !== "" && findModule(short))
    return didYouMeanModule(short, /^ansible\.\w+\.$/.test(collection));
  const near = didYouMean(short, collection === "" ? [...moduleNames(), ...others] : moduleNames());
  return near ?? '"hullwright doc" lists the modules';
}

function didYouMeanModule(name: string, full: boolean): string {
  return `did you mean "${full ? `${findModule(name)!.schema.collection ?? "ansible.builtin"}.` : ""}${name}"?`;
}
