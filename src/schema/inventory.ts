import { anyOf, described, ref, type JsonSchema } from "./json.ts";
import { VALUES } from "./values.ts";

const text = (description: string): JsonSchema => described(ref("str"), description);

/** Variables that Hullwright itself reads. */
const CONNECTION: { readonly [name: string]: JsonSchema } = {
  ansible_host: text("The name or address to connect to, where it is not the host's name."),
  ansible_port: described(ref("int"), "The port of ssh.", 22),
  ansible_user: text("The user to log in as."),
  ansible_password: text("The password of ssh; a key is better."),
  ansible_ssh_private_key_file: text("The key to log in with."),
  ansible_connection: described(
    anyOf(
      {
        enum: ["ssh", "local", "smart", "paramiko", "ansible.builtin.ssh", "ansible.builtin.local"],
      },
      ref("template"),
    ),
    "How the host is reached.",
    "ssh",
  ),
  ansible_ssh_common_args: text("Options of ssh."),
  ansible_become: described(ref("bool"), "Run tasks as another user."),
  ansible_become_user: described(ref("str"), "The user to run tasks as.", "root"),
  ansible_become_password: text("The password of sudo."),
};

/** The parts of an inventory. */
const PARTS: { readonly [name: string]: JsonSchema } = {
  vars: { type: ["object", "null"], properties: CONNECTION },
  hosts: {
    type: ["object", "string", "null"],
    additionalProperties: ref("vars"),
    description: "Hosts by name; web[01:20] means twenty hosts.",
  },
  children: {
    type: ["object", "string", "null"],
    additionalProperties: ref("group"),
    description: "Groups inside this one.",
  },
  group: {
    type: ["object", "null"],
    properties: { hosts: ref("hosts"), vars: ref("vars"), children: ref("children") },
    additionalProperties: false,
  },
};

// The JSON Schema of an inventory in YAML.
export function inventorySchema(): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "An inventory for Hullwright",
    type: "object",
    additionalProperties: ref("group"),
    definitions: { ...VALUES, ...PARTS },
  };
}
