import { wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { tuple } from "../../core/value.ts";

// The drive or share of a Windows path, and the rest.
function splitDrive(path: string): [drive: string, rest: string] {
  const plain = path.replaceAll("/", "\\");
  if (plain.startsWith("\\\\")) {
    const start = /^\\\\\?\\UNC\\/i.test(plain) ? 8 : 2;
    const host = plain.indexOf("\\", start);
    const share = host < 0 ? -1 : plain.indexOf("\\", host + 1);
    return share < 0 ? [path, ""] : [path.slice(0, share), path.slice(share)];
  }
  return plain[1] === ":" ? [path.slice(0, 2), path.slice(2)] : ["", path];
}

// The directory and the name of a Windows path.
function splitPath(path: string): [folder: string, name: string] {
  const [drive, rest] = splitDrive(path);
  const [, head = "", name = ""] = /^([^]*[\\/])?([^\\/]*)$/.exec(rest) ?? [];
  return [drive + (head.replace(/[\\/]+$/, "") || head), name];
}

/** Filters on paths of Windows. */
export const windowsFilters: Table = {
  win_basename: filter([], (value) => splitPath(wantText(value))[1]),
  win_dirname: filter([], (value) => splitPath(wantText(value))[0]),
  win_splitdrive: filter([], (value) => tuple(splitDrive(wantText(value)))),
};
