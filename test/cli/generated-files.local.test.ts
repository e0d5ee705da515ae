import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { call } from "./call.ts";

const HOSTS = "all:\n  hosts: {one: , two: , localhost: }\n  vars: {ansible_connection: local}\n";
const MAKES = "set_fact: {secret: \"{{ lookup('password', 'OUT/new/secret length=7') }}\"}";

// Runs tasks behind a lookup that makes a file; OUT stands for a folder. Answers what is printed.
async function run(
  verb: "plan" | "apply",
  { before = "", makes = "localhost", looks = "localhost", tasks }: Partial<Record<string, string>>,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-generated-"));
  const site =
    `- hosts: ${makes}\n  gather_facts: false\n  tasks:\n${before}    - ${MAKES}\n` +
    `${makes === looks ? "" : `- hosts: ${looks}\n  gather_facts: false\n  tasks:\n`}${tasks}`;
  const [book, inventory] = [join(folder, "site.yml"), join(folder, "hosts.yml")];
  writeFileSync(book, site.replaceAll("OUT", folder));
  writeFileSync(inventory, HOSTS);
  const words = verb === "apply" ? ["--yes"] : [];
  const { said } = await call(verb, book, "-i", inventory, "-v", "--forks", "1", ...words);
  rmSync(folder, { recursive: true });
  return said;
}

const STAT =
  '    - {stat: {path: OUT/new/secret}, register: r}\n    - debug: {msg: "exists {{ r.stat.exists }}"}\n';
const DIRECTORY =
  '    - {stat: {path: OUT/new}, register: r}\n    - debug: {msg: "directory {{ r.stat.isdir }}"}\n';
const SLURP =
  '    - {slurp: {src: OUT/new/secret}, register: r}\n    - debug: {msg: "bytes {{ r.content | b64decode | trim | length }}"}\n';
const COMMAND =
  '    - {command: wc -l OUT/new/secret, register: r, changed_when: false}\n    - debug: {msg: "counted {{ r.stdout[0] }}"}\n';
const LOOKUP = "    - debug: {msg: \"reads {{ lookup('file', 'OUT/new/secret') | length }}\"}\n";
const COPY = "    - copy: {src: OUT/new/secret, dest: OUT/copy}\n";
const FIRST =
  "    - {stat: {path: OUT/new/secret}, register: before}\n    - {stat: {path: OUT}, register: top}\n";
const BOTH = `${STAT}    - debug: {msg: "was {{ before.stat.exists }}, is {{ r.stat.exists }}, in {{ top.stat.exists }}"}\n`;
const LATER = "known after apply";

test.each<[string, Partial<Record<string, string>>, planned: string, applied: string]>([
  ["stat", { tasks: STAT }, "exists True", "exists True"],
  ["stat of its directory", { tasks: DIRECTORY }, "directory True", "directory True"],
  [
    "stat, and is not before",
    { before: FIRST, tasks: BOTH },
    "was False, is True, in True",
    "was False, is True, in True",
  ],
  ["slurp", { tasks: SLURP }, LATER, "bytes 7"],
  ["a command", { tasks: COMMAND }, LATER, "counted 1"],
  ["a lookup", { tasks: LOOKUP }, 'it needs a file that task "set_fact" makes', "reads 7"],
  ["copy", { tasks: COPY }, LATER, "~ copy"],
  ["stat in a later play", { makes: "one", tasks: STAT }, "exists True", "exists True"],
  ["slurp in a later play", { makes: "one", tasks: SLURP }, LATER, "bytes 7"],
  [
    "a task that is delegated here",
    { makes: "one", looks: "two", tasks: STAT.replace("{stat:", "{delegate_to: localhost, stat:") },
    "exists True",
    "exists True",
  ],
])("a file that a lookup makes is there for %s", async (_who, tasks, planned, applied) => {
  expect(await run("plan", tasks)).toContain(planned);
  expect(await run("apply", tasks)).toContain(applied);
});
