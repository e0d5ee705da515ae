import { TaskFailure } from "../../../../errors.ts";
import type { Diff } from "../../../contract/module.ts";
import { fieldDiff } from "../../../contract/diff.ts";

// ctr accepts only full names: it does not add docker.io.
export function refuseImageName(parameter: string, name: string): void {
  const [registry = "", ...rest] = name.split("/");
  const isFull = rest.length > 0 && (/[.:]/.test(registry) || registry === "localhost");
  if (/[\s,]/.test(name) || name === "" || /:\/\//.test(name))
    throw new TaskFailure(
      `${parameter}: "${name}" is not the name of an image`,
      "write it as docker.io/library/nginx:alpine",
    );
  if (!isFull)
    throw new TaskFailure(
      `${parameter}: "${name}" does not name its registry, which containerd wants`,
      `write it out: docker.io/${rest.length > 0 ? "" : "library/"}${name}`,
    );
  if (!rest.join("/").includes(":"))
    throw new TaskFailure(
      `${parameter}: "${name}" has no tag and no digest`,
      `write it as ${name}:latest`,
    );
}

// An image with the target of its name, if that is known.
export function shownImage(name: string, target: string | null): string {
  return target === null ? name : `${name} (${target})`;
}

// Labels that come or change, as fields.
export function labelDiff(
  old: { readonly [name: string]: string },
  missing: readonly [string, string][],
): Diff[] {
  return missing.map(([name, value]) => fieldDiff(`label ${name}`, old[name] ?? null, value));
}
