import type { RunFlags } from "../settings/options.ts";

/** Flags of one value that both programs have under the same name. */
const VALUES = {
  forks: "--forks",
  becomeMethod: "--become-method",
  becomeUser: "--become-user",
  user: "--user",
  sshCommonArgs: "--ssh-common-args",
  sshExtraArgs: "--ssh-extra-args",
  timeout: "--timeout",
  startAtTask: "--start-at-task",
} as const satisfies Partial<Record<keyof RunFlags, string>>;

/** Flags without a value. Passwords are asked for by each program. */
const SWITCHES = {
  become: "--become",
  askBecomePass: "--ask-become-pass",
  askPass: "--ask-pass",
  askVaultPass: "--ask-vault-pass",
  askVaultPassword: "--ask-vault-pass",
} as const satisfies Partial<Record<keyof RunFlags, string>>;

/** Flags that may be given several times. */
const LISTS = {
  inventory: "--inventory",
  extraVars: "--extra-vars",
  vaultId: "--vault-id",
  vaultPasswordFile: "--vault-password-file",
  vaultPassFile: "--vault-password-file",
} as const satisfies Partial<Record<keyof RunFlags, string>>;

// The words of ansible-playbook's check mode that mean what our flags do.
// `hosts` names those of the run.
export function ansibleArguments(
  files: readonly string[],
  flags: RunFlags,
  hosts: () => readonly string[],
): string[] {
  const words = ["--check", ...files];
  for (const [flag, name] of Object.entries(VALUES)) {
    const value = flags[flag as keyof typeof VALUES];
    if (value !== undefined) words.push(`${name}=${value}`);
  }
  for (const [flag, name] of Object.entries(SWITCHES))
    if (flags[flag as keyof typeof SWITCHES]) words.push(name);
  for (const [flag, name] of Object.entries(LISTS))
    for (const value of flags[flag as keyof typeof LISTS] ?? []) words.push(`${name}=${value}`);
  const becomeFile = flags.becomePasswordFile ?? flags.becomePassFile;
  if (becomeFile !== undefined) words.push(`--become-password-file=${becomeFile}`);
  const loginFile = flags.connectionPasswordFile ?? flags.connPassFile;
  if (loginFile !== undefined) words.push(`--connection-password-file=${loginFile}`);
  const key = flags.privateKey ?? flags.keyFile;
  if (key !== undefined) words.push(`--private-key=${key}`);
  if (flags.connection !== undefined)
    words.push(`--connection=${flags.connection === "openssh" ? "ssh" : flags.connection}`);
  if (flags.tags) words.push(`--tags=${flags.tags.join(",")}`);
  if (flags.skipTags) words.push(`--skip-tags=${flags.skipTags.join(",")}`);
  if (flags.limit !== undefined)
    words.push(
      `--limit=${/(^|[,:])@failed\b/.test(flags.limit) ? hosts().join(",") : flags.limit}`,
    );
  return words;
}

/** Where Ansible looks for roles if nothing says otherwise. */
const ROLES = "~/.ansible/roles:/usr/share/ansible/roles:/etc/ansible/roles";

// What ansible-playbook has no flag for.
export function ansibleSettings({ rolesPath }: RunFlags): Readonly<Record<string, string>> {
  if (!rolesPath) return {};
  const usual = process.env["ANSIBLE_ROLES_PATH"] ?? ROLES;
  return { ANSIBLE_ROLES_PATH: [...rolesPath, usual].join(":") };
}
