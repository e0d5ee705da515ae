import type { AnsibleConfig, Setting, SettingName } from "../settings/ansible-cfg.ts";

const named = (section: string, key: string, ...environment: string[]): SettingName => ({
  section,
  key,
  environment,
});

/**
 * How the settings of connections are named in the environment and in ansible.cfg; of several names
 * the first that is set counts.
 */
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
  become_exe: [named("privilege_escalation", "become_exe", "ANSIBLE_BECOME_EXE")],
  become_flags: [named("privilege_escalation", "become_flags", "ANSIBLE_BECOME_FLAGS")],
  sudo_user: [named("sudo_become_plugin", "user", "ANSIBLE_SUDO_USER")],
  sudo_exe: [named("sudo_become_plugin", "executable", "ANSIBLE_SUDO_EXE")],
  sudo_flags: [named("sudo_become_plugin", "flags", "ANSIBLE_SUDO_FLAGS")],
  sudo_password: [
    named("sudo_become_plugin", "password", "ANSIBLE_BECOME_PASS", "ANSIBLE_SUDO_PASS"),
  ],
  su_user: [named("su_become_plugin", "user", "ANSIBLE_SU_USER")],
  su_exe: [named("su_become_plugin", "executable", "ANSIBLE_SU_EXE")],
  su_flags: [named("su_become_plugin", "flags", "ANSIBLE_SU_FLAGS")],
  su_password: [named("su_become_plugin", "password", "ANSIBLE_BECOME_PASS", "ANSIBLE_SU_PASS")],
  tags: [named("tags", "run", "ANSIBLE_RUN_TAGS")],
  skip_tags: [named("tags", "skip", "ANSIBLE_SKIP_TAGS")],
  verbosity: [named("defaults", "verbosity", "ANSIBLE_VERBOSITY")],
  diff_always: [named("diff", "always", "ANSIBLE_DIFF_ALWAYS")],
  ansible_managed: [named("defaults", "ansible_managed")],
  any_errors_fatal: [named("defaults", "any_errors_fatal", "ANSIBLE_ANY_ERRORS_FATAL")],
  force_handlers: [named("defaults", "force_handlers", "ANSIBLE_FORCE_HANDLERS")],
  gathering: [named("defaults", "gathering", "ANSIBLE_GATHERING")],
  gather_subset: [named("defaults", "gather_subset", "ANSIBLE_GATHER_SUBSET")],
  gather_timeout: [named("defaults", "gather_timeout", "ANSIBLE_GATHER_TIMEOUT")],
  fact_path: [named("defaults", "fact_path", "ANSIBLE_FACT_PATH")],
  no_log: [named("defaults", "no_log", "ANSIBLE_NO_LOG")],
  strategy: [named("defaults", "strategy", "ANSIBLE_STRATEGY")],
  task_timeout: [named("defaults", "task_timeout", "ANSIBLE_TASK_TIMEOUT")],
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
