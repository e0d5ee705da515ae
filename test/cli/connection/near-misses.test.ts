import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CONNECTION_VARIABLES } from "../../../src/cli/connection/connection-variables.ts";
import { meantVariable } from "../../../src/cli/connection/near-misses.ts";
import { call } from "../call.ts";

test.each([
  ["ansible_usr", "ansible_user"],
  ["ansible_ssh_prot", "ansible_ssh_port"],
  ["ansible_becom", "ansible_become"],
  ["ansible_become_pasword", "ansible_become_password"],
  ["ansible_conection", "ansible_connection"],
  ["ansible_ssh_private_keyfile", "ansible_ssh_private_key_file"],
  ["ansible_hots", "ansible_host"],
])("%s is probably %s", (name, meant) => {
  expect(meantVariable(name)).toBe(meant);
});

/** Facts, and variables of Ansible that are no connection's. */
const OTHERS =
  "all_ipv4_addresses architecture bios_version board_name cmdline date_time default_ipv4 devices device_links distribution distribution_version dns domain effective_user_id env facts form_factor fqdn hostname hostnqn interfaces iscsi_iqn is_chroot kernel kernel_version lo loadavg local locally_reachable_ips lsb lvm machine machine_id memory_mb memfree_mb memtotal_mb mounts nodename os_family pkg_mgr proc_cmdline processor processor_cores processor_count product_name product_uuid python python_version real_user_id selinux service_mgr ssh_host_key_rsa_public ssh_host_key_ed25519_public swapfree_mb swaptotal_mb system system_vendor uptime_seconds user_dir user_gecos user_gid user_id user_shell user_uid userspace_bits virtualization_role virtualization_type check_mode diff_mode forks group_priority inventory_sources limit loop loop_var play_hosts play_name play_batch python_interpreter role_name run_tags skip_tags verbosity version index_var config_file playbook_python search_path eth0 no_log network_os".split(
    " ",
  );
test("facts and other variables of Ansible are like none", () => {
  const taken = OTHERS.map((name) => `ansible_${name}`).filter(
    (name) => meantVariable(name) !== undefined,
  );
  expect(taken).toEqual([]);
  expect(Object.keys(CONNECTION_VARIABLES).filter((name) => meantVariable(name))).toEqual([]);
});

describe("a run", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hullwright-near-"));
    vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
    writeFileSync(
      join(folder, "hosts"),
      "[all]\na ansible_usr=x\nb ansible_usr=y\n[all:vars]\nansible_connection=local\nansible_users=z\n",
    );
    writeFileSync(
      join(folder, "site.yml"),
      "- hosts: all\n  gather_facts: false\n  vars: {ansible_becom: true}\n  tasks: [{debug: {msg: '{{ ansible_users }}'}}]\n",
    );
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  test("warns once by name, wherever the variable is set, and not of one that the playbook uses", async () => {
    const { code, said } = await call(
      "plan",
      join(folder, "site.yml"),
      "-i",
      join(folder, "hosts"),
      "-e",
      "ansible_prot=22",
    );
    expect(code).toBe(0);
    expect(said.match(/warning: nothing heeds .*/g)).toEqual([
      expect.stringMatching(/ansible_usr: did you mean "ansible_user"\? \(.*hosts:2:/),
      expect.stringMatching(/ansible_becom: did you mean "ansible_become"\? \(.*site.yml:3:/),
      expect.stringMatching(/ansible_prot: did you mean "ansible_port"\?/),
    ]);
  });

  const SHELL = "{ ansible_shell_type: csh }";
  const ASK = "{ stat: { path: / } }";
  /** Where a variable that is not supported is set, and the line at which it stands. */
  const UNSUPPORTED: [what: string, words: string, place: string][] = [
    ["vars of a play", `vars: ${SHELL}\n  tasks: [${ASK}]`, "site.yml:3:"],
    ["vars of a task", `tasks:\n  - { stat: { path: / }, vars: ${SHELL} }`, "site.yml:4:"],
    ["vars of a block", `tasks:\n  - { vars: ${SHELL}, block: [${ASK}] }`, "site.yml:4:"],
    ["vars_files", `vars_files: [shell.yml]\n  tasks: [${ASK}]`, "shell.yml:1:"],
    ["set_fact", `tasks: [{ set_fact: ${SHELL} }, ${ASK}]`, "ansible_shell_type:1:"],
    ["include_vars", `tasks: [{ include_vars: shell.yml }, ${ASK}]`, "shell.yml:1:"],
    ["register", `tasks: [{ ping: , register: ansible_runas_user }, ${ASK}]`, "ansible_runas_user"],
    [
      "add_host of a host that is there",
      `tasks: [{ add_host: { name: a, ansible_shell_type: csh } }, ${ASK}]`,
      "add_host:1:",
    ],
  ];
  test.each(UNSUPPORTED)(
    "refuses by name what is not supported, by %s",
    async (_what, words, place) => {
      writeFileSync(join(folder, "shell.yml"), "ansible_shell_type: csh\n");
      writeFileSync(join(folder, "site.yml"), `- hosts: a\n  gather_facts: false\n  ${words}\n`);
      writeFileSync(join(folder, "hosts"), "a ansible_connection=local\n");
      const { code, said } = await call(
        "plan",
        join(folder, "site.yml"),
        "-i",
        join(folder, "hosts"),
      );
      expect(said).toMatch(/host "a": ansible_(shell_type|runas_user) is not supported/);
      expect([code, said]).toEqual([1, expect.stringContaining(place)]);
    },
  );

  test("warns by name of what is not supported and set by a task, a block or a role alone", async () => {
    writeFileSync(
      join(folder, "tasks.yml"),
      `- hosts: all
  gather_facts: false
  tasks:
    - { debug: { msg: x }, vars: { ansible_shell_type: csh } }
    - { debug: { msg: x }, vars: { ansible_shell_executable: /bin/sh } }
    - { block: [debug: { msg: x }], vars: { ansible_paramiko_user: x } }
`,
    );
    const { code, said } = await call(
      "plan",
      join(folder, "tasks.yml"),
      "-i",
      "localhost,",
      "-c",
      "local",
    );
    expect(code).toBe(0);
    expect(said.match(/warning: nothing heeds .*/g)).toEqual([
      expect.stringMatching(/ansible_shell_type, which is not supported: .*tasks.yml:4:/),
      expect.stringMatching(
        /ansible_paramiko_user, which is not supported: set ansible_user .*:6:/,
      ),
    ]);
  });
});
