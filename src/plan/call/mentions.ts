import { basename, resolve } from "node:path";

// Whether a command line mentions a file: its path, just its name, a directory that contains it, or
// something inside it. `folder`: the directory of the playbook.
export function mentions(args: unknown, path: string, folder: string): boolean {
  const words = JSON.stringify(args)
    .split(/\\[nrtbf]|[^\p{L}\p{N}./_~@%+-]+/u)
    .filter((word) => word !== "" && !/^[./]+$/.test(word));
  return words.some((word) => {
    const named = resolve(folder, word);
    if (named === path || named.startsWith(`${path}/`) || basename(named) === basename(path))
      return true;
    return word.includes("/") && isBelow(path, named) && !isBelow(`${folder}/`, named);
  });
}

// Whether a path lies in a directory that says enough: one at the root holds too much.
function isBelow(path: string, directory: string): boolean {
  return directory.lastIndexOf("/") > 0 && path.startsWith(`${directory}/`);
}
