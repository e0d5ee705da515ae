import type { AnsibleConfig, Setting, SettingName } from "../settings/ansible-cfg.ts";

const named = (section: string, key: string, ...environment: string[]): SettingName => ({
  section,
  key,
  environment,
});

/** How the settings of connections are named in the environment and in ansible.cfg; of several names the first that is set counts. */
export const CONNECTION_SETTINGS = {
  connection: [named("defaults", "transport", "ANSIBLE_TRANSPORT")],
  remote_user: [named("defaults", "remote_user", "ANSIBLE_REMOTE_USER")],
  remote_port: [named("defaults", "remote_port", "ANSIBLE_REMOTE_PORT")],
  private_key_file: [named("defaults", "private_key_file", "ANSIBLE_PRIVATE_KEY_FILE")],
  timeout: [
    named("ssh_connection", "timeout", "ANSIBLE_SSH_TIMEOUT"),
    named("defaults", "timeout", "ANSIBLE_TIMEOUT"),
  ],
  host_key_checking: [
    named("ssh_connection", "host_key_checking", "ANSIBLE_SSH_HOST_KEY_CHECKING"),
    named("defaults", "host_key_checking", "ANSIBLE_HOST_KEY_CHECKING"),
  ],
  ssh_args: [named("ssh_connection", "ssh_args", "ANSIBLE_SSH_ARGS")],
  ssh_common_args: [named("ssh_connection", "ssh_common_args", "ANSIBLE_SSH_COMMON_ARGS")],
  ssh_extra_args: [named("ssh_connection", "ssh_extra_args", "ANSIBLE_SSH_EXTRA_ARGS")],
  ssh_executable: [named("ssh_connection", "ssh_executable", "ANSIBLE_SSH_EXECUTABLE")],
  ssh_retries: [
    named("ssh_connection", "retries", "ANSIBLE_SSH_RETRIES"),
    named("connection", "retries"),
  ],
  pkcs11_provider: [named("ssh_connection", "pkcs11_provider", "ANSIBLE_PKCS11_PROVIDER")],
  forks: [named("defaults", "forks", "ANSIBLE_FORKS")],
  inventory: [named("defaults", "inventory", "ANSIBLE_INVENTORY")],
  become: [named("privilege_escalation", "become", "ANSIBLE_BECOME")],
  become_method: [named("privilege_escalation", "become_method", "ANSIBLE_BECOME_METHOD")],
  become_user: [named("privilege_escalation", "become_user", "ANSIBLE_BECOME_USER")],
  become_ask_pass: [named("privilege_escalation", "become_ask_pass", "ANSIBLE_BECOME_ASK_PASS")],
  become_exe: [
    named("privilege_escalation", "become_exe", "ANSIBLE_BECOME_EXE"),
    named("sudo_become_plugin", "executable", "ANSIBLE_SUDO_EXE"),
  ],
  become_flags: [
    named("privilege_escalation", "become_flags", "ANSIBLE_BECOME_FLAGS"),
    named("sudo_become_plugin", "flags", "ANSIBLE_SUDO_FLAGS"),
  ],
  become_password_file: [named("defaults", "become_password_file", "ANSIBLE_BECOME_PASSWORD_FILE")],
  connection_password_file: [
    named("defaults", "connection_password_file", "ANSIBLE_CONNECTION_PASSWORD_FILE"),
  ],
  ask_pass: [named("defaults", "ask_pass", "ANSIBLE_ASK_PASS")],
} as const satisfies Record<string, readonly SettingName[]>;

// What is set in the environment or ansible.cfg; undefined: nothing, or nothing but emptiness.
export function settingOf(
  settings: AnsibleConfig | undefined,
  key: keyof typeof CONNECTION_SETTINGS,
): Setting | undefined {
  const found = CONNECTION_SETTINGS[key]
    .map((name) => settings?.setting(name))
    .find((setting) => setting !== undefined);
  return found && found.value !== "" ? found : undefined;
}

/** Settings that are read elsewhere: where roles and collections are. */
const ELSEWHERE = [
  "defaults.roles_path",
  "defaults.collections_path",
  "defaults.collections_paths",
];

/** Settings that change nothing here: what they ask for is always or never so, or is about how Ansible itself runs or looks. */
const NEEDLESS = [
  "defaults.pipelining",
  "ssh_connection.pipelining",
  "connection.pipelining",
  "ssh_connection.control_path",
  "ssh_connection.control_path_dir",
  "ssh_connection.transfer_method",
  "ssh_connection.scp_if_ssh",
  "ssh_connection.scp_executable",
  "ssh_connection.scp_extra_args",
  "ssh_connection.sftp_batch_mode",
  "ssh_connection.sftp_executable",
  "ssh_connection.sftp_extra_args",
  "ssh_connection.sshpass_prompt",
  "ssh_connection.usetty",
  "defaults.interpreter_python",
  "defaults.gathering",
  "defaults.gather_timeout",
  "defaults.fact_caching",
  "defaults.fact_caching_connection",
  "defaults.fact_caching_timeout",
  "defaults.fact_caching_prefix",
  "defaults.stdout_callback",
  "defaults.callback_whitelist",
  "defaults.callbacks_enabled",
  "defaults.bin_ansible_callbacks",
  "defaults.callback_result_format",
  "defaults.result_format",
  "defaults.nocows",
  "defaults.cowpath",
  "defaults.cow_selection",
  "defaults.force_color",
  "defaults.nocolor",
  "defaults.deprecation_warnings",
  "defaults.command_warnings",
  "defaults.system_warnings",
  "defaults.localhost_warning",
  "defaults.devel_warning",
  "defaults.display_skipped_hosts",
  "defaults.display_ok_hosts",
  "defaults.display_args_to_stdout",
  "defaults.show_custom_stats",
  "defaults.show_task_path_on_failure",
  "defaults.display_failed_stderr",
  "defaults.local_tmp",
  "defaults.remote_tmp",
  "defaults.retry_files_enabled",
  "defaults.retry_files_save_path",
  "defaults.internal_poll_interval",
  "defaults.poll_interval",
  "defaults.strategy_plugins",
  "defaults.no_target_syslog",
  "defaults.syslog_facility",
  "defaults.ansible_managed",
  "defaults.use_persistent_connections",
];

// The settings of ansible.cfg that are not honoured here, as `[section] key`.
export function unheardSettings({ sections }: AnsibleConfig): string[] {
  const known = new Set([
    ...ELSEWHERE,
    ...NEEDLESS,
    ...Object.values(CONNECTION_SETTINGS)
      .flat()
      .map(({ section, key }) => `${section}.${key}`),
  ]);
  const isOfRun = (section: string): boolean =>
    [
      "defaults",
      "ssh_connection",
      "connection",
      "privilege_escalation",
      "paramiko_connection",
      "inventory",
      "diff",
      "tags",
      "sudo_become_plugin",
      "su_become_plugin",
    ].includes(section);
  return [...sections].flatMap(([section, keys]) =>
    isOfRun(section)
      ? keys.filter((key) => !known.has(`${section}.${key}`)).map((key) => `[${section}] ${key}`)
      : [],
  );
}

// Tells once what ansible.cfg sets without effect.
export function warnOfUnheard(settings: AnsibleConfig, warn: (message: string) => void): void {
  const unheard = unheardSettings(settings);
  if (unheard.length > 0)
    warn(`${settings.file!} has settings that have no effect here: ${unheard.join(", ")}`);
}
