import { TaskFailure } from "../../../errors.ts";

/** Paths that users of containerd.yml set by a variable of that name. */
const VARIABLES = ["root", "state", "opt_path"];

// Refuses relative paths before any host is asked: containerd would take them
// from wherever it was started.
export function refuseRelative<Args extends object>(
  args: Args,
  names: readonly (keyof Args & string)[],
): void {
  for (const name of names) {
    const path: unknown = args[name];
    if (typeof path !== "string" || path.startsWith("/")) continue;
    const variable = VARIABLES.includes(name) ? `containerd_${name}: ` : "";
    throw new TaskFailure(
      `${name} must be an absolute path, not "${path}"`,
      `write it as an absolute path: ${variable}/${path.replace(/^(\.?\.?\/)+/, "")}`,
    );
  }
}
