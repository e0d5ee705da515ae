import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { findModule } from "../../src/modules/index.ts";
import { has, skipReason } from "../requires.ts";

const ROLES = "playbooks/roles";

// The keywords of tasks, those in blocks included.
function keysOf(tasks: unknown): string[] {
  if (!Array.isArray(tasks)) return [];
  return (tasks as Record<string, unknown>[]).flatMap((task) => [
    ...Object.keys(task),
    ...["block", "rescue", "always"].flatMap((part) => keysOf(task[part])),
  ]);
}

// The modules of the shipped roles that Ansible does not have.
function ownModules(): string[] {
  const files = readdirSync(ROLES).flatMap((role) =>
    readdirSync(join(ROLES, role, "tasks")).map((file) => join(ROLES, role, "tasks", file)),
  );
  const keys = files.flatMap((file) => keysOf(load(readFileSync(file, "utf8"))));
  return [...new Set(keys)]
    .filter((key) => findModule(key)?.schema.collection?.startsWith("hullwright"))
    .sort();
}

test("the page names the modules of the shipped roles that Ansible does not have", () => {
  const page = readFileSync("docs/guides/building-blocks.md", "utf8");
  const section = page.slice(page.indexOf("## Under ansible-playbook"));
  const own = ownModules();
  expect(own).toContain("containerd_variables");
  expect(own.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
});

test.skipIf(!has("ansible-playbook"))(
  `ansible-playbook refuses them as the page says${skipReason("ansible-playbook")}`,
  () => {
    const home = mkdtempSync(join(tmpdir(), "hullwright-ansible-"));
    const { status, stdout, stderr } = spawnSync(
      "ansible-playbook",
      ["--syntax-check", "-i", "localhost,", "playbooks/containerd.yml"],
      { encoding: "utf8", env: { ...process.env, HOME: home, ANSIBLE_HOME: home } },
    );
    rmSync(home, { recursive: true });
    expect(status).not.toBe(0);
    expect(stdout + stderr).toContain("couldn't resolve module/action 'containerd_variables'");
  },
);
