import { InputError } from "../../errors.ts";
import type { YamlNode } from "../../yaml/node.ts";

/** How we treat one of Ansible's variables about how a host is reached, or as which user. */
export interface ConnectionVariable {
  use: "honoured" | "needless" | "refused";
  /** What it does here; why nothing hangs on it; or what to do instead. */
  note: string;
}

const honoured = (note: string): ConnectionVariable => ({ use: "honoured", note });
const needless = (note: string): ConnectionVariable => ({ use: "needless", note });
const refused = (note: string): ConnectionVariable => ({ use: "refused", note });

const ADDRESS = honoured("The name or address to connect to.");
const PORT = honoured("The port of sshd.");
const USER = honoured("The user to log in as.");
const KEY = honoured("The private key to log in with.");
const PASSWORD = honoured("The password of the login.");
const BECOME_USER = honoured("The user to run tasks as.");
const BECOME_PASSWORD = honoured("The password that the become method asks for.");
const OPTIONS = honoured("Options of ssh, read by ssh itself.");

const PIPELINING = needless(
  "It is always on: programs are never copied to the host before they run.",
);
const SHARED = needless("One connection a host is kept open for the whole run.");
const FILES = needless("Files travel over the connection itself: neither scp nor sftp is used.");
const PROMPTS = needless(
  "Passwords are sent within the protocol, so no prompt has to be recognised.",
);
const TERMINAL = needless("Programs never get a terminal.");
const NO_FILES = needless("No program is put into a file on the host.");

const HOST_KEYS = honoured("If it is false, any host key is accepted (StrictHostKeyChecking=no).");
const TIMEOUT = honoured("How many seconds connecting may take.");
const METHOD_PROGRAM = honoured("The program of the become method.");
const METHOD_FLAGS = honoured("Options of that program, instead of the usual ones.");
const RUNAS = refused("Windows hosts are not supported: remove it");

/**
 * Every variable that ansible-core's connection, become and shell plugins read; a
 * test holds it against them.
 */
export const CONNECTION_VARIABLES: Readonly<Record<string, ConnectionVariable>> = {
  ansible_connection: honoured("ssh, openssh (the system's ssh) or local."),
  ansible_host: ADDRESS,
  ansible_ssh_host: ADDRESS,
  ansible_port: PORT,
  ansible_ssh_port: PORT,
  ansible_user: USER,
  ansible_ssh_user: USER,
  ansible_password: PASSWORD,
  ansible_ssh_pass: PASSWORD,
  ansible_ssh_password: PASSWORD,
  ansible_private_key_file: KEY,
  ansible_ssh_private_key_file: KEY,
  ansible_ssh_common_args: OPTIONS,
  ansible_ssh_extra_args: OPTIONS,
  ansible_ssh_args: OPTIONS,
  ansible_ssh_executable: honoured(
    "The ssh program that is asked for its configuration; if it is not called ssh, it also carries the connection.",
  ),
  ansible_ssh_retries: honoured("How often to retry a login that failed because of the network."),
  ansible_ssh_timeout: TIMEOUT,
  ansible_timeout: TIMEOUT,
  ansible_host_key_checking: HOST_KEYS,
  ansible_ssh_host_key_checking: HOST_KEYS,
  ansible_ssh_private_key_passphrase: refused("load the key into an agent: ssh-add FILE"),
  ansible_ssh_pkcs11_provider: honoured(
    "The library of a token with keys; the system's ssh is used.",
  ),
  ansible_ssh_use_tty: TERMINAL,
  ansible_sshpass_prompt: PROMPTS,
  ansible_pipelining: PIPELINING,
  ansible_ssh_pipelining: PIPELINING,
  ansible_control_path: SHARED,
  ansible_control_path_dir: SHARED,
  ansible_scp_executable: FILES,
  ansible_scp_extra_args: FILES,
  ansible_scp_if_ssh: FILES,
  ansible_sftp_batch_mode: FILES,
  ansible_sftp_executable: FILES,
  ansible_sftp_extra_args: FILES,
  ansible_ssh_transfer_method: FILES,
  ansible_paramiko_host: refused("set ansible_host"),
  ansible_paramiko_user: refused("set ansible_user"),
  ansible_paramiko_pass: refused("set ansible_password"),
  ansible_paramiko_password: refused("set ansible_password"),
  ansible_paramiko_host_key_checking: refused("set ansible_host_key_checking"),
  ansible_paramiko_use_rsa_sha2_algorithms: needless("RSA keys always sign with SHA-2."),
  ansible_relay: honoured(
    "Hullwright's own, Ansible does not know it: the host, or the hosts, of the inventory from which this one fetches large files.",
  ),
  ansible_become: honoured("Run tasks as another user."),
  ansible_become_method: honoured("sudo, su, doas or runuser."),
  ansible_become_user: BECOME_USER,
  ansible_become_password: BECOME_PASSWORD,
  ansible_become_pass: BECOME_PASSWORD,
  ansible_become_exe: METHOD_PROGRAM,
  ansible_become_flags: METHOD_FLAGS,
  ansible_sudo_exe: METHOD_PROGRAM,
  ansible_sudo_flags: METHOD_FLAGS,
  ansible_sudo_pass: BECOME_PASSWORD,
  ansible_sudo_user: BECOME_USER,
  ansible_su_exe: METHOD_PROGRAM,
  ansible_su_flags: METHOD_FLAGS,
  ansible_su_pass: BECOME_PASSWORD,
  ansible_su_user: BECOME_USER,
  ansible_su_prompt_l10n: needless("su is run in English."),
  ansible_runas_flags: RUNAS,
  ansible_runas_pass: RUNAS,
  ansible_runas_user: RUNAS,
  ansible_shell_type: refused(
    "programs on hosts are always run by /bin/sh, whatever the login shell is; remove it",
  ),
  ansible_shell_executable: refused(
    "programs on hosts are always run by /bin/sh; give a task a shell of its own with `executable` of the module shell",
  ),
  ansible_admin_users: NO_FILES,
  ansible_async_dir: NO_FILES,
  ansible_common_remote_group: NO_FILES,
  ansible_remote_tmp: NO_FILES,
  ansible_system_tmpdirs: NO_FILES,
  ansible_shell_allow_world_readable_temp: NO_FILES,
};

const REFUSED = Object.entries(CONNECTION_VARIABLES).filter(([, { use }]) => use === "refused");

/** Variables that only concern logins over ssh. */
const OF_SSH = /^ansible_(ssh_|paramiko_|host_key_checking|timeout)/;

// Refuses a variable of a host that Ansible would heed and we would not. `find` is how the
// host's variables are looked up.
export function refuseUnheard(
  host: string,
  isLocal: boolean,
  find: (name: string) => YamlNode | undefined,
): void {
  for (const [name, { note }] of REFUSED) {
    if (isLocal && OF_SSH.test(name)) continue;
    const node = find(name);
    if (node && !isEmpty(node) && !asWeDo(name, node))
      throw new InputError(`host "${host}": ${name} is not supported`, node.place, note);
  }
}

// What to do instead of a variable that is refused; undefined: it is none, or
// asks for what is done anyway.
export function unheard(name: string, node: YamlNode): string | undefined {
  const known = Object.hasOwn(CONNECTION_VARIABLES, name) ? CONNECTION_VARIABLES[name] : undefined;
  if (known?.use !== "refused" || isEmpty(node) || asWeDo(name, node)) return undefined;
  return known.note;
}

// What is set to nothing says nothing.
function isEmpty(node: YamlNode): boolean {
  return node.kind === "scalar" && (node.value === null || node.value === "");
}

/** Values that ask for what is done anyway. */
const AS_WE_DO: Readonly<Record<string, readonly unknown[]>> = {
  ansible_shell_type: ["sh"],
  ansible_shell_executable: ["/bin/sh"],
  ansible_paramiko_host_key_checking: [true, "yes", "true", "True"],
};

function asWeDo(name: string, node: YamlNode): boolean {
  return node.kind === "scalar" && (AS_WE_DO[name]?.includes(node.value) ?? false);
}
