import { basename, resolve } from "node:path";

// Whether a command line mentions a file: its path, just its name, a directory that contains it, or
// something inside it. `folder`: the directory of the playbook.
export function mentions(args: unknown, path: string, folder: string): boolean {
  return wordsOf(args).some((word) => {
    const named = resolve(folder, word);
    if (named === path || named.startsWith(`${path}/`) || basename(named) === basename(path))
      return true;
    return mentionsAbove(word, path, folder);
  });
}

// Whether a command line mentions a directory, one that contains it, or a file in it that has a
// certain name. Of names alone only those with a dot count: to many patterns any word would do.
export function mentionsIn(
  args: unknown,
  directory: string,
  isNamed: (name: string) => boolean,
  folder: string,
): boolean {
  return wordsOf(args).some((word) => {
    const named = resolve(folder, word);
    if (named === directory) return true;
    if (!word.includes("/")) return /.\../.test(word) && isNamed(word);
    const [name = ""] = named.slice(directory.length + 1).split("/");
    if (named.startsWith(`${directory}/`) && isNamed(name)) return true;
    return mentionsAbove(word, directory, folder);
  });
}

// What of a command line may be a path or a name.
function wordsOf(args: unknown): string[] {
  return JSON.stringify(args)
    .split(/\\[nrtbf]|[^\p{L}\p{N}./_~@%+-]+/u)
    .filter((word) => word !== "" && !/^[./]+$/.test(word));
}

// Whether a word is the path of a directory that contains another path.
function mentionsAbove(word: string, path: string, folder: string): boolean {
  const named = resolve(folder, word);
  return word.includes("/") && isBelow(path, named) && !isBelow(`${folder}/`, named);
}

// Whether a path lies in a directory that says enough: one at the root holds too much.
function isBelow(path: string, directory: string): boolean {
  return directory.lastIndexOf("/") > 0 && path.startsWith(`${directory}/`);
}
