import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { FOREIGN_NAMES } from "../../../src/modules/catalogue/foreign-names.ts";
import { isForeignCollection, isForeignModule } from "../../../src/modules/catalogue/foreign.ts";
import { findModule } from "../../../src/modules/index.ts";
import { INCLUDES } from "../../../src/playbook/load/items.ts";
import { noAnsible } from "../../conformance/ansible.ts";

/** Listed by ansible-doc, but for Ansible itself or for the level of plays. */
const NO_MODULES = [
  "ansible.builtin.import_playbook",
  "ansible.builtin._include",
  "ansible.builtin.uses_redirected_action",
];

test.skipIf(noAnsible !== undefined)(
  "every module that Ansible lists in these collections is ours or known as foreign",
  () => {
    const { stdout } = spawnSync("ansible-doc", ["-l", "-j", ...Object.keys(FOREIGN_NAMES)], {
      encoding: "utf8",
      maxBuffer: 16 * 1024 * 1024,
    });
    const listed = Object.keys(JSON.parse(stdout) as object).filter((name) =>
      Object.keys(FOREIGN_NAMES).some((collection) => name.startsWith(`${collection}.`)),
    );
    expect(listed).toContain("ansible.builtin.copy");
    expect(
      listed.filter(
        (name) =>
          !findModule(name) &&
          !INCLUDES.has(name) &&
          !isForeignModule(name) &&
          !NO_MODULES.includes(name),
      ),
    ).toEqual([]);
  },
  60_000,
);

test("no module of ours is listed as foreign", () => {
  const listed = Object.entries(FOREIGN_NAMES).flatMap(([collection, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => `${collection}.${name}`),
  );
  expect(listed.filter((name) => findModule(name))).toEqual([]);
});

test.each([
  ["ufw", true],
  ["community.general.ufw", true],
  ["community.general.brand_new_thing", true],
  ["company.tools.register", true],
  ["ansible.legacy.rpm_key", true],
  ["win_copy", true],
  ["gcp_compute_instance", true],
  ["zabbix_host", true],
  ["na_ontap_volume", true],
  ["copy_win", false],
  ["uwf", false],
  ["community.general.uwf", false],
  ["ansible.builtin.ufw", true],
  ["hullwright.containerd.ufw", false],
  ["with_company.tools.x", false],
  ["copy.copy", false],
])("%s is foreign: %s", (name, wanted) => expect(isForeignModule(name)).toBe(wanted));

test.each([
  ["ansible.windows", true],
  ["company.tools", true],
  ["ansible.posix", true],
  ["comunity.general", false],
  ["ansible.bultin", false],
  ["tools", false],
])("%s may be a collection: %s", (name, wanted) => expect(isForeignCollection(name)).toBe(wanted));
