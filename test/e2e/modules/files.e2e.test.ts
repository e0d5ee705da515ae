import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../lab/command.ts";
import { startLab, type Lab } from "../../lab/lab.ts";
import { labMissing } from "../../lab/packages.ts";
import { Desk } from "../cli.ts";

const missing =
  labMissing() ?? (existsSync("/usr/bin/ansible-playbook") ? undefined : "ansible is not there");

/** What a playbook puts on hosts, by every way there is. Both tools run it, each on a host of its own. */
const PLAYBOOK = String.raw`
- hosts: all
  gather_facts: false
  vars: { who: you, base: /srv/twin }
  tasks:
    - file: { path: "{{ base }}", state: directory }
    - copy: { content: "text", dest: "{{ base }}/text" }
    - copy: { content: { a: [1, "ü", 1.5, true, null], b: { c: x } }, dest: "{{ base }}/mapping" }
    - copy: { content: [1, 2], dest: "{{ base }}/list", mode: "0600", owner: games }
    - copy: { content: "", dest: "{{ base }}/empty", mode: u=rw }
    - copy: { content: 5, dest: "{{ base }}/number" }
    - copy: { src: tree/a, dest: "{{ base }}/file" }
    - copy: { src: tree/a, dest: "{{ base }}/preserved", mode: preserve }
    - copy: { src: tree/a, dest: "{{ base }}/new/folder/", directory_mode: "0750", owner: games }
    - copy: { src: tree, dest: "{{ base }}/tree" }
    - copy: { src: tree/, dest: "{{ base }}/inside", mode: "0640", directory_mode: "0711", owner: games }
    - copy: { src: tree/, dest: "{{ base }}/links", mode: preserve, local_follow: false }
    - copy: { src: tree, dest: "{{ base }}/links/" }
    - copy: { content: "no", dest: "{{ base }}/missing/x" }
      ignore_errors: true
      register: folder
    - copy: { content: "no", dest: "{{ base }}/tree" }
      ignore_errors: true
      register: named
    - copy: { content: "{{ [folder.failed, named.failed] }}", dest: "{{ base }}/failed" }
    - template: { src: t.j2, dest: "{{ base }}/template" }
    - template: { src: t.j2, dest: "{{ base }}/windows", mode: preserve, trim_blocks: false, newline_sequence: '\r\n' }
    - template: { src: t.j2, dest: "{{ base }}/stripped", lstrip_blocks: true, mode: "0600", group: man }
    - template: { src: t.j2, dest: "{{ base }}/tree" }
    - template: { src: t.j2, dest: "{{ base }}/made/" }
    - copy: { src: "{{ base }}/preserved", dest: "{{ base }}/again", remote_src: true, mode: preserve }
    - file: { path: "{{ base }}/link", src: tree, state: link }
    - stat: { path: "{{ base }}/link" }
      register: found
    - copy: { content: "{{ found.stat.islnk }} {{ found.stat.lnk_target }}", dest: "{{ base }}/link/tree/found" }
    - file: { path: "{{ base }}/tree/tree/sub", state: absent }
      when: found.stat.exists
    - file: { path: "{{ base }}/new", state: directory, recurse: true, mode: "u=rwX,g=rX,o=", group: man }
`;
const LOOK =
  'cd /srv/twin && find . -printf "%p %y %m %u:%g %l\\n" | sort; find . -type f -exec sha256sum {} + | sort -k 2';

// The controller's files that the playbook names.
function writeSources(desk: Desk): string {
  const tree = join(desk.folder, "files/tree");
  for (const folder of ["empty", "sub/deep"]) mkdirSync(join(tree, folder), { recursive: true });
  writeFileSync(join(tree, "a"), "A\n");
  chmodSync(join(tree, "a"), 0o755);
  writeFileSync(join(tree, "sub/deep/c d"), "C\n");
  chmodSync(join(tree, "sub"), 0o700);
  symlinkSync("a", join(tree, "link"));
  mkdirSync(join(desk.folder, "templates"));
  desk.file("templates/t.j2", "line {{ who }}\n{% if true %}\n  x\n  {% endif %}\nend");
  chmodSync(join(desk.folder, "templates/t.j2"), 0o640);
  return desk.file("files.yml", PLAYBOOK);
}

describe.skipIf(missing !== undefined)(
  `files come out as Ansible's${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let lab: Lab;
    let desk: Desk;
    let playbook: string;
    let inventory: string;

    beforeAll(async () => {
      lab = await startLab({ hosts: 2, base: "python" });
      desk = new Desk();
      playbook = writeSources(desk);
      inventory = desk.file(
        "inventory.yml",
        lab.inventory({ ansible_python_interpreter: "/usr/bin/python3" }),
      );
      const { code, stdout } = await run([
        "ansible-playbook",
        "-i",
        inventory,
        "-l",
        "h01",
        playbook,
      ]);
      expect(code, stdout).toBe(0);
    }, 300_000);
    afterAll(async () => {
      await lab?.stop();
    }, 60_000);

    test("every file, directory and link is the same", async () => {
      const applied = await desk.call(["apply", "--yes", "-i", inventory, "-l", "h02", playbook]);
      expect(applied.code, applied.stdout + applied.stderr).toBe(0);
      const [theirs, ours] = await Promise.all(lab.hosts.map((host) => host.must(LOOK)));
      expect(ours).toBe(theirs);
    });

    test("to Ansible, what we made is as it should be, and what it made is so to us", async () => {
      // One task removes what another makes, so these two are changes each time.
      const { stdout } = await run(["ansible-playbook", "-i", inventory, "-l", "h02", playbook]);
      const theirs = /changed=(\d+)/.exec(stdout)?.[1];
      const ours = await desk.json(["plan", "-i", inventory, "-l", "h01", playbook]);
      expect([theirs, ours.hosts["h01"]?.changes.length]).toEqual(["2", 2]);
    });
  },
);
