import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { call } from "./call.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-shipped-"));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

// Lists the tasks of site.yml in a directory of its own, for hosts a, b and c.
async function list(
  files: Record<string, string>,
  ...flags: string[]
): Promise<{ code: number; said: string }> {
  const own = join(root, String(count++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(own, name)), { recursive: true });
    writeFileSync(join(own, name), text);
  }
  const { code, said } = await call(
    "plan",
    join(own, "site.yml"),
    "-i",
    "a,b,c,",
    "--list-tasks",
    "-e",
    `smoke_image=x smoke_archive=${resolve("package.json")}`,
    ...flags,
  );
  return { code, said: said.replaceAll(`${own}/`, "") };
}

const FIRST = "hullwright.containerd : Look for whatever would keep containerd from working";

describe("the shipped playbooks and roles are parts of one's own", () => {
  test.each<[what: string, site: string, told: string[]]>([
    [
      "import_playbook",
      "- import_playbook: containerd.yml\n- import_playbook: smoke.yml\n",
      [
        "play 1: containerd (3 hosts)",
        FIRST,
        "play 2: smoke (3 hosts)",
        "hullwright.smoke : Bring the image",
      ],
    ],
    [
      "import_playbook for some of the hosts",
      "- import_playbook: containerd.yml\n  vars: {containerd_hosts: 'a,b'}\n",
      ["play 1: containerd (2 hosts)"],
    ],
    ["roles", "- hosts: all\n  roles: [hullwright.containerd]\n", [FIRST]],
    [
      "import_role",
      "- hosts: all\n  tasks:\n    - import_role: {name: hullwright.containerd}\n",
      [FIRST],
    ],
    [
      "include_role",
      "- hosts: all\n  tasks:\n    - include_role: {name: hullwright.smoke}\n",
      ["hullwright.smoke : Bring the image"],
    ],
    ["a role that another needs", "- hosts: all\n  roles: [mine]\n", [FIRST, "mine : own"]],
  ])("%s", async (_what, site, told) => {
    const { code, said } = await list({
      "site.yml": site,
      "roles/mine/meta/main.yml": "dependencies: [hullwright.containerd]\n",
      "roles/mine/tasks/main.yml": "- {name: own, ping: }\n",
    });
    for (const words of told) expect(said).toContain(words);
    expect(code).toBe(0);
  });

  test("what is of the same name beside one's own playbook wins", async () => {
    const { said } = await list({
      "site.yml":
        "- import_playbook: containerd.yml\n- {name: two, hosts: all, roles: [hullwright.smoke]}\n",
      "containerd.yml": "- {name: my own, hosts: all}\n",
      "roles/hullwright.smoke/tasks/main.yml": "- {name: mine, ping: }\n",
    });
    expect(said).toContain("play 1: my own (3 hosts)");
    expect(said).toContain("hullwright.smoke : mine");
    expect(said).not.toContain("Bring the image");
  });

  test("a playbook that is nowhere is told with the line that imports it", async () => {
    const { code, said } = await list({ "site.yml": "- import_playbook: containered.yml\n" });
    expect(said).toContain('there is no playbook "containered.yml"\n  at site.yml:1:20');
    expect(said).toContain('hint: did you mean "containerd.yml"?');
    expect(code).toBe(1);
  });
});
