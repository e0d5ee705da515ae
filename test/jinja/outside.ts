import { existsSync, lstatSync, readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { namedHosts } from "../../src/inventory/named-hosts.ts";
import type { Outside } from "../../src/jinja/template.ts";
import { controllerFiles } from "../../src/controller/files.ts";
import { controllerOutside } from "../../src/controller/template-io.ts";
import { urlAsker } from "../../src/controller/ask-url.ts";

// A controller for tests: the real disk below a folder, a clock that stands still, and no chance.
export function testOutside(folder = "/"): Outside {
  const absolute = (path: string): string => (path.startsWith("/") ? path : `${folder}/${path}`);
  const controller = controllerOutside(
    controllerFiles(join(tmpdir(), "hullwright-test-cache")),
    folder,
  );
  return {
    find: (path) => (existsSync(absolute(path)) ? absolute(path) : undefined),
    places: (path) => [absolute(path)],
    decrypt: (text) => text.replace("$ANSIBLE_VAULT;", ""),
    read: (path) => readFileSync(path, "utf8"),
    encrypt: controller.encrypt,
    decryptWith: controller.decryptWith,
    stat: (path) => ({
      mount: path === "/",
      kind: kindOf(path),
      link: lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false,
    }),
    glob: (pattern) =>
      readdirSync(dirname(absolute(pattern)))
        .filter((name) => matches(name, basename(pattern)))
        .sort()
        .map((name) => join(dirname(absolute(pattern)), name)),
    realpath: (path) => realpathSync(path),
    cwd: () => folder,
    home: (user) => {
      if (user === undefined) return "/root";
      return user === "daemon" ? "/usr/sbin" : undefined;
    },
    written: () => ({ owner: "ann", at: 1_000_000_000_500 }),
    hostname: () => "controller",
    variable: (name) => ({ HOME: "/root", PLACE: "here" })[name],
    now: () => 1_000_000_000_000,
    random: () => 0,
    begin: controller.begin,
    keep: (_path, make) => make(undefined),
    hosts: namedHosts,
    get: urlAsker(),
    pipe: controller.pipe,
  };
}

// What stands at a path.
function kindOf(path: string): "file" | "directory" | "other" | "missing" {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return "missing";
  if (stat.isFile()) return "file";
  return stat.isDirectory() ? "directory" : "other";
}

// Tells whether a name fits a pattern with stars.
function matches(name: string, pattern: string): boolean {
  return new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  ).test(name);
}
