import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { pathsOf, type AnsibleConfig, type SettingName } from "./ansible-cfg.ts";
import { SHIPPED, shippedPlaybooks } from "../playbook-path.ts";
import type { LoadPaths } from "../../playbook/load/loading.ts";

const ROLES: SettingName = {
  environment: ["ANSIBLE_ROLES_PATH"],
  section: "defaults",
  key: "roles_path",
};
const COLLECTIONS: SettingName = {
  environment: ["ANSIBLE_COLLECTIONS_PATHS", "ANSIBLE_COLLECTIONS_PATH"],
  section: "defaults",
  key: "collections_path",
};

// Where roles and collections are looked for: where the command line, the environment or
// ansible.cfg say, else where Ansible does.
export function loadPaths(
  config: AnsibleConfig,
  given: readonly string[] = [],
  environment = process.env,
): LoadPaths {
  const named = config.setting({ environment: [], section: "defaults", key: "home" });
  const home =
    environment["ANSIBLE_HOME"] ?? (named ? pathsOf(named)[0]! : join(homedir(), ".ansible"));
  const [roles, collections] = [
    config.setting(ROLES),
    config.setting(COLLECTIONS) ?? config.setting({ ...COLLECTIONS, key: "collections_paths" }),
  ];
  return {
    home: homedir(),
    roles: [
      ...given.map((path) => resolve(path)),
      ...(roles
        ? pathsOf(roles)
        : [join(home, "roles"), "/usr/share/ansible/roles", "/etc/ansible/roles"]),
    ],
    collections: (collections
      ? pathsOf(collections)
      : [join(home, "collections"), "/usr/share/ansible/collections"]
    ).map(aboveCollections),
    shipped: SHIPPED,
    playbooks: shippedPlaybooks(),
  };
}

// The directory that holds `ansible_collections`, where that itself is named.
function aboveCollections(path: string): string {
  return basename(path) === "ansible_collections" ? dirname(path) : path;
}
