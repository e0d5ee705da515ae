import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { CONNECTION_VARIABLES } from "../../../src/cli/connection/connection-variables.ts";

const PLUGINS = [
  ["connection", "ssh"],
  ["connection", "local"],
  ["connection", "paramiko_ssh"],
  ["become", "sudo"],
  ["become", "su"],
  ["become", "runas"],
  ["shell", "sh"],
] as const;

/** What `ansible-doc -j` says of a plugin, as far as it matters here. */
interface PluginDoc {
  doc: { options: Record<string, { vars?: { name: string }[] }> };
}

// The variables that a plugin of the installed ansible-core reads, by its own documentation.
function variablesOf(type: string, plugin: string): string[] {
  const text = execFileSync("ansible-doc", ["-t", type, plugin, "-j"], { encoding: "utf8" });
  const [page] = Object.values(JSON.parse(text) as Record<string, PluginDoc>);
  const names = Object.values(page!.doc.options).flatMap(({ vars = [] }) =>
    vars.map(({ name }) => name),
  );
  return names.filter((name) => /^ansible_/.test(name));
}

describe.skipIf(spawnSync("ansible-doc", ["--version"]).status !== 0)(
  "as ansible-doc has it (skipped without ansible-core)",
  () => {
    test.each(PLUGINS)("every variable of the %s plugin %s has its line", (type, plugin) => {
      expect(
        variablesOf(type, plugin).filter((name) => !Object.hasOwn(CONNECTION_VARIABLES, name)),
      ).toEqual([]);
    });
  },
);

test("every line says what becomes of the variable", () => {
  expect(Object.entries(CONNECTION_VARIABLES).filter(([, { note }]) => note === "")).toEqual([]);
});
