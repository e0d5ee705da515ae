import { writeValue } from "../../../../toml/stringify.ts";
import { at } from "../../../../toml/value.ts";
import { globPattern } from "../../../../glob.ts";
import { placeOf } from "../config_tree.ts";
import { listOf, type Rule } from "./look.ts";

/** Where the kernel and the system keep what is none of anybody's files. */
const SYSTEMS = ["/proc", "/sys", "/dev", "/etc", "/boot", "/bin", "/sbin", "/lib", "/usr"];

// Paths that containerd would take relative to wherever it runs.
const relative: Rule = (tree, file) => {
  const single = [
    ["root"],
    ["state"],
    ["grpc", "address"],
    [...placeOf("runtimes", file), "runc", "options", "BinaryName"],
  ];
  const paths = [
    ...single.map((keys) => at(tree, ...keys)),
    ...listOf(tree, "imports"),
    ...String(at(tree, ...placeOf("registry", file), "config_path") ?? "").split(":"),
  ];
  return paths
    .filter(
      (path): path is string => typeof path === "string" && path !== "" && !path.startsWith("/"),
    )
    .map((path) => `${path} must be an absolute path`);
};

// The directories of images and of running containers: containerd empties the one and
// must never lose the other.
const directories: Rule = (tree) => {
  const [root, state] = [plain(at(tree, "root")), plain(at(tree, "state"))];
  const own = [
    ["root", root],
    ["state", state],
  ].flatMap(([key, path]) =>
    path === "/" || SYSTEMS.some((one) => path === one || path!.startsWith(`${one}/`))
      ? [
          `${key!} cannot be ${path!}: give it a directory of its own, such as ${key === "root" ? "/var/lib/containerd" : "/run/containerd"}`,
        ]
      : [],
  );
  if (root === state) return [...own, "root and state must be different directories"];
  const [inner, outer] = state.startsWith(`${root}/`) ? ["state", "root"] : ["root", "state"];
  const isInside = state.startsWith(`${root}/`) || root.startsWith(`${state}/`);
  return isInside && own.length === 0
    ? [
        `${inner} is below ${outer} (${inner === "state" ? state : root}): they must be different directories, neither inside the other`,
      ]
    : own;
};

function plain(path: unknown): string {
  const text = typeof path === "string" ? path.replaceAll(/\/+/g, "/") : "";
  return text.length > 1 ? text.replace(/\/$/, "") : text;
}

// Files to be merged in: never this file itself, nor a directory.
export function importFaults(imports: readonly string[], ownPath: string): string[] {
  return imports.flatMap((path) => {
    if (!path.startsWith("/")) return []; // said already
    if (!path.includes("*") && !path.endsWith(".toml"))
      return [
        `imports: ${path} is no TOML file: of a directory, write ${path.replace(/\/$/, "")}/*.toml`,
      ];
    const slash = path.lastIndexOf("/");
    const isOwn =
      path.slice(0, slash) === ownPath.slice(0, ownPath.lastIndexOf("/")) &&
      globPattern(path.slice(slash + 1)).test(ownPath.slice(ownPath.lastIndexOf("/") + 1));
    return isOwn
      ? [
          `imports: ${writeValue(path)} is this file itself: keep other files in a directory of their own, such as /etc/containerd/conf.d/*.toml`,
        ]
      : [];
  });
}

/** What may be wrong with paths. */
export const PATH_RULES: readonly Rule[] = [relative, directories];
