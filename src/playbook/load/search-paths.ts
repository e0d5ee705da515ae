import { join } from "node:path";

/** Who names a file of tasks. */
export interface TasksSearch {
  /** The directory of the file in which it is named. */
  beside: string;
  /** The directory of the playbook. */
  directory: string;
  /** The role's directory, where a role names it. */
  role: string | undefined;
  part: "tasks" | "handlers";
  /** import_tasks; else include_tasks. */
  isImport: boolean;
}

// The paths at which a file of a task may be, the first choice first: in each directory first below
// `files` (or `templates` ...), unless the name begins so, then in itself.
export function filePlaces(name: string, where: string, searchPath: readonly string[]): string[] {
  const isNamed = name.split("/")[0] === where;
  return searchPath.flatMap((directory) => [
    ...(isNamed ? [] : [join(directory, where, name)]),
    join(directory, name),
  ]);
}

// The paths at which a file of tasks may be, the first choice first. A role's includes look in
// the role before they look beside the file that names them; imports look beside it first, and so
// do includes without a role.
export function tasksPlaces(
  name: string,
  { beside, directory, role, part, isImport }: TasksSearch,
): string[] {
  const near = [join(beside, name)];
  if (role === undefined) return [...new Set([...near, join(directory, name)])];
  const own = [
    join(role, part, name),
    ...(part === "handlers" ? [join(role, "tasks", name)] : []),
    join(role, name),
  ];
  const [inPart, around] = [
    join(beside, part, name),
    [join(directory, part, name), join(directory, name)],
  ];
  const isNested = beside !== join(role, part);
  const places =
    isImport && isNested
      ? [inPart, ...near, ...around, ...own]
      : [...own, ...around, inPart, ...near];
  return [...new Set(places)];
}
