/** A way to become another user on a host, or not to. */
export interface BecomeSetup {
  what: string;
  /** Who logs in; root may do everything, deploy has NOPASSWD, secret needs a password, nosudo may nothing. */
  login?: "root" | "deploy" | "secret" | "nosudo" | "fishy" | "cshy";
  /** Lines of sudo's policy, beside that of the lab. */
  sudoers?: string;
  /** What doas permits. */
  doas?: string;
  /** Shell on the host, before; and what takes it back. */
  before?: string;
  after?: string;
  /** Keywords of the play. */
  become?: Record<string, string>;
  /** Variables of the host. */
  variables?: Record<string, string>;
  /** Who owns what the task writes; or a part of the reason why it does not. */
  becomes?: string;
  refused?: string;
}

/** Passwords of the accounts, as `PREPARE` sets them. */
export const PASSWORDS = {
  root: "pw of root",
  service: "pw of service",
  other: 'pw\'of "other" $1 \\',
};
const OWN = { ansible_become_password: "lab-password" };
const ROOTS = { ansible_become_password: PASSWORDS.root };
const NOBODYS = { ansible_become_password: "wrong" };
const su = { become_method: "su" };
const doas = { become_method: "doas" };
const runuser = { become_method: "runuser" };
const toService = { become_user: "service" };
const TTY = "Defaults requiretty";
const WITHOUT_SCRIPT = {
  before: "mv /usr/bin/script /usr/bin/script.away",
  after: "mv /usr/bin/script.away /usr/bin/script",
};

/** Accounts beside those of the lab. */
export const PREPARE = `
useradd -r -d /nowhere -s /usr/sbin/nologin service
useradd -m -s /bin/bash other
useradd -m -s /usr/bin/fish fishy
useradd -m -s /usr/bin/tcsh cshy
printf '%s\\n' 'root:${PASSWORDS.root}' 'service:${PASSWORDS.service}' 'fishy:lab-password' 'cshy:lab-password' 'nosudo:lab-password' | chpasswd
printf '#!/bin/sh\\nexec sudo "$@"\\n' > /usr/local/bin/mysudo
chmod 755 /usr/local/bin/mysudo
`;

export const BECOME_SETUPS: BecomeSetup[] = [
  { what: "sudo, NOPASSWD", becomes: "root" },
  { what: "sudo with the login's password", login: "secret", variables: OWN, becomes: "root" },
  {
    what: "sudo with a wrong password",
    login: "secret",
    variables: NOBODYS,
    refused: "sudo refused the become password",
  },
  {
    what: "sudo without the password that it wants",
    login: "secret",
    refused: "and none was given",
  },
  {
    what: "sudo, a password given and none needed",
    variables: NOBODYS,
    becomes: "root",
  },
  {
    what: "sudo by somebody who is not in sudoers",
    login: "nosudo",
    variables: OWN,
    refused: "sudo does not allow this login",
  },
  { what: "become_user of another person", become: { become_user: "other" }, becomes: "other" },
  {
    what: "become_user of a service account, with nologin and without a home",
    become: toService,
    becomes: "service",
  },
  { what: "become_user whose shell is fish", become: { become_user: "fishy" }, becomes: "fishy" },
  { what: "become_user whose shell is csh", become: { become_user: "cshy" }, becomes: "cshy" },
  {
    what: "become_user that does not exist",
    become: { become_user: "nobodyhere" },
    refused: "no user nobodyhere",
  },
  {
    what: "sudo that allows one user alone, and that one",
    login: "nosudo",
    sudoers: "nosudo ALL=(service) NOPASSWD: ALL",
    become: toService,
    becomes: "service",
  },
  {
    what: "sudo that allows one user alone, and another",
    login: "nosudo",
    sudoers: "nosudo ALL=(service) NOPASSWD: ALL",
    refused: "sudo wants a password to become root, and none was given",
  },
  {
    what: "sudo that allows one command alone",
    login: "nosudo",
    sudoers: "nosudo ALL=(ALL) NOPASSWD: /usr/bin/systemctl",
    refused: "sudo wants a password to become root, and none was given",
  },
  { what: "become_flags -E", become: { become_flags: "-E" }, becomes: "root" },
  { what: "become_flags -H -n", become: { become_flags: "-H -n" }, becomes: "root" },
  { what: "become_flags -i", become: { become_flags: "-i" }, becomes: "root" },
  {
    what: "become_flags -i with a password, to somebody whose shell is fish",
    login: "secret",
    variables: OWN,
    become: { become_flags: "-i", become_user: "fishy" },
    becomes: "fishy",
  },
  {
    what: "become_flags -i to an account that may not log in",
    become: { become_flags: "-i", ...toService },
    refused: "sudo insists on the shell and home of service",
  },
  {
    what: "ansible_become_exe",
    variables: { ansible_become_exe: "/usr/local/bin/mysudo" },
    becomes: "root",
  },
  {
    what: "ansible_become_exe that is not there",
    variables: { ansible_become_exe: "/usr/local/bin/nosudo" },
    refused: "/usr/local/bin/nosudo is not installed",
  },
  { what: "requiretty", sudoers: TTY, becomes: "root" },
  { what: "requiretty, to a service account", sudoers: TTY, become: toService, becomes: "service" },
  {
    what: "requiretty with a password",
    login: "secret",
    sudoers: TTY,
    variables: OWN,
    becomes: "root",
  },
  {
    what: "requiretty with a wrong password",
    login: "secret",
    sudoers: TTY,
    variables: NOBODYS,
    refused: "sudo refused the become password",
  },
  {
    what: "requiretty and use_pty with a password",
    login: "secret",
    sudoers: `${TTY}, use_pty`,
    variables: OWN,
    becomes: "root",
  },
  {
    what: "requiretty where the login's shell is fish",
    login: "fishy",
    sudoers: `${TTY}\nfishy ALL=(ALL) ALL`,
    variables: OWN,
    becomes: "root",
  },
  {
    what: "requiretty where the login's shell is csh",
    login: "cshy",
    sudoers: `${TTY}\ncshy ALL=(ALL) NOPASSWD: ALL`,
    becomes: "root",
  },
  {
    what: "requiretty over the system's ssh",
    login: "secret",
    sudoers: TTY,
    variables: { ...OWN, ansible_connection: "openssh" },
    becomes: "root",
  },
  {
    what: "requiretty on a host that lacks `script`",
    sudoers: TTY,
    ...WITHOUT_SCRIPT,
    refused: "sudo wants a terminal, and the host has no program `script`",
  },
  { what: "use_pty", sudoers: "Defaults use_pty", becomes: "root" },
  {
    what: "use_pty with a password",
    login: "secret",
    sudoers: "Defaults use_pty",
    variables: OWN,
    becomes: "root",
  },
  {
    what: "without use_pty, with a password",
    login: "secret",
    sudoers: "Defaults !use_pty",
    variables: OWN,
    becomes: "root",
  },
  {
    what: "lecture=always",
    login: "secret",
    sudoers: "Defaults lecture=always",
    variables: OWN,
    becomes: "root",
  },
  {
    what: "a prompt of the policy's own, which overrides ours",
    login: "secret",
    sudoers: 'Defaults passprompt="[%u] secret word: ", passprompt_override',
    variables: OWN,
    becomes: "root",
  },
  {
    what: "secure_path without sbin",
    sudoers: 'Defaults secure_path="/usr/bin:/bin"',
    becomes: "root",
  },
  {
    what: "targetpw",
    login: "secret",
    sudoers: "Defaults targetpw",
    variables: ROOTS,
    becomes: "root",
  },
  {
    what: "targetpw with the login's password",
    login: "secret",
    sudoers: "Defaults targetpw",
    variables: OWN,
    refused: "sudo refused the become password",
  },
  {
    what: "rootpw, to a service account",
    login: "secret",
    sudoers: "Defaults rootpw",
    become: toService,
    variables: ROOTS,
    becomes: "service",
  },
  {
    what: "passwd_tries=1 and a wrong password",
    login: "secret",
    sudoers: "Defaults passwd_tries=1",
    variables: NOBODYS,
    refused: "sudo refused the become password",
  },
  {
    what: "sudo that logs what it runs",
    login: "secret",
    sudoers: "Defaults log_output, log_input",
    variables: OWN,
    becomes: "root",
  },
  {
    what: "su with root's password",
    login: "nosudo",
    become: su,
    variables: ROOTS,
    becomes: "root",
  },
  {
    what: "su to another person, whose password has quotes, dollars and blanks",
    login: "nosudo",
    become: { ...su, become_user: "other" },
    variables: { ansible_become_password: PASSWORDS.other },
    becomes: "other",
  },
  {
    what: "su with a wrong password",
    login: "nosudo",
    become: su,
    variables: NOBODYS,
    refused: "su refused the become password",
  },
  { what: "su without a password", login: "nosudo", become: su, refused: "and none was given" },
  {
    what: "su by root, to a service account",
    login: "root",
    become: { ...su, ...toService },
    becomes: "service",
  },
  {
    what: "su to an account that may not log in",
    login: "nosudo",
    become: { ...su, ...toService },
    variables: { ansible_become_password: PASSWORDS.service },
    refused: "su insists on the shell and home of service",
  },
  {
    what: "doas, nopass",
    login: "nosudo",
    doas: "permit nopass nosudo",
    become: doas,
    becomes: "root",
  },
  {
    what: "doas with a password",
    login: "secret",
    doas: "permit secret",
    become: doas,
    variables: OWN,
    becomes: "root",
  },
  {
    what: "doas with a password, to a service account",
    login: "secret",
    doas: "permit secret as service",
    become: { ...doas, ...toService },
    variables: OWN,
    becomes: "service",
  },
  {
    what: "doas with a password, where the login's shell is fish",
    login: "fishy",
    doas: "permit fishy",
    become: doas,
    variables: OWN,
    becomes: "root",
  },
  {
    what: "doas with a password, which is persistent",
    login: "secret",
    doas: "permit persist secret",
    become: doas,
    variables: OWN,
    becomes: "root",
  },
  {
    what: "doas over the system's ssh, with a password",
    login: "secret",
    doas: "permit secret",
    become: doas,
    variables: { ...OWN, ansible_connection: "openssh" },
    becomes: "root",
  },
  {
    what: "doas, a password given and none needed",
    login: "secret",
    doas: "permit nopass secret",
    become: doas,
    variables: OWN,
    becomes: "root",
  },
  {
    what: "doas with a wrong password",
    login: "secret",
    doas: "permit secret",
    become: doas,
    variables: NOBODYS,
    refused: "doas refused the become password",
  },
  {
    what: "doas without the password that it wants",
    login: "secret",
    doas: "permit secret",
    become: doas,
    refused: "doas wants a password to become root, and none was given",
  },
  {
    what: "doas by somebody whom it does not permit",
    login: "nosudo",
    doas: "permit secret",
    become: doas,
    variables: OWN,
    refused: "doas does not allow this login",
  },
  {
    what: "doas with a password on a host that lacks `script`",
    login: "secret",
    doas: "permit secret",
    ...WITHOUT_SCRIPT,
    become: doas,
    variables: OWN,
    refused: "doas wants a terminal, and the host has no program `script`",
  },
  {
    what: "runuser by root, to a service account",
    login: "root",
    become: { ...runuser, ...toService },
    becomes: "service",
  },
  {
    what: "runuser by root, to another person",
    login: "root",
    become: { ...runuser, become_user: "other" },
    becomes: "other",
  },
  {
    what: "runuser by somebody else",
    become: { ...runuser, ...toService },
    refused: "only root may use it",
  },
];
