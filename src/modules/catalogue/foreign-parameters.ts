import { LATER_HINT, isLaterParameter } from "./later.ts";

/** Why parameters of Ansible's are not here. */
interface Missing {
  why: string;
  /** Module -> names, aliases too; "*": any module that has them. */
  names: { readonly [module: string]: string };
}

/**
 * Ansible's parameters that are deliberately not supported: they are refused for
 * hosts that reach the task.
 */
export const MISSING: readonly Missing[] = [
  {
    why: "uri puts no files on the host, which have SELinux contexts; users have none here",
    names: { uri: "selevel serole setype seuser", user: "seuser" },
  },
  {
    why: "file system attributes (chattr) are not supported",
    names: { "*": "attributes attr" },
  },
  { why: "every write is atomic; there is no unsafe way", names: { "*": "unsafe_writes" } },
  {
    why: "not a parameter: the documentation means the text after the module, or the keys themselves",
    names: { "*": "free_form free-form", set_fact: "key_value" },
  },
  {
    why: "no parameter: the documentation points to the module file",
    names: { lineinfile: "others", replace: "others" },
  },
  {
    why: "does not say what the host is like afterwards, only what apt-get does on the way",
    names: { apt: "clean fail_on_autoremove policy_rc_d" },
  },
  {
    why: "gone since Ansible 2.14, as commands are not warned of any more",
    names: { command: "warn", shell: "warn" },
  },
  {
    why: "only some hosts of Red Hat's kin have families of alternatives; path names one program on all",
    names: { alternatives: "family" },
  },
  {
    why: "what would be upgraded is not what the host's lists say, so no plan could be exact",
    names: { dnf: "bugfix security" },
  },
  {
    why: "lists or downloads packages, which does not change the state of the host",
    names: { dnf: "download_dir download_only list" },
  },
  { why: "installs into another root, which is not examined", names: { dnf: "installroot" } },
  { why: "has no meaning any more in Ansible either", names: { dnf: "install_repoquery" } },
  {
    why: "times are now, or unchanged",
    names: { file: "access_time_format modification_time_format" },
  },
  {
    why: "curl and wget on the host do not support it",
    names: {
      get_url: "ciphers unredirected_headers use_gssapi use_netrc",
      uri: "ciphers unredirected_headers use_gssapi use_netrc",
    },
  },
  {
    why: "a download is stored next to its destination, so that a rename can put it in place",
    names: { get_url: "tmp_dest" },
  },
  {
    why: "uri only sends requests; get_url and copy put files on the host",
    names: { uri: "dest force group mode owner remote_src src" },
  },
  {
    why: "accounts are those of the host's own files; libuser is not used",
    names: { group: "local", user: "local" },
  },
  {
    why: "for other systems than Linux",
    names: { user: "authorization hidden login_class profile role" },
  },
  {
    why: "keys of users are not made",
    names: {
      user: "generate_ssh_key ssh_key_bits ssh_key_comment ssh_key_file ssh_key_passphrase ssh_key_type",
    },
  },
  { why: "members are compared by content, not by age", names: { unarchive: "keep_newer" } },
  {
    why: "archives travel as they are; encrypted ones are not read",
    names: { unarchive: "decrypt" },
  },
  {
    why: "a working copy is cloned and brought to a version; what is beside that is a command's work",
    names: {
      git: "archive archive_prefix bare clone gpg_allowlist gpg_whitelist reference separate_git_dir track_submodules verify_commit",
    },
  },
  {
    why: "the kernel's command line belongs to the boot loader",
    names: { selinux: "update_kernel_param" },
  },
  { why: "for PPAs, which are not taken", names: { apt_repository: "codename" } },
  { why: "connections to some hosts cannot be left out", names: { wait_for: "exclude_hosts" } },
];

// Why a module does not have a parameter of Ansible's; undefined: Ansible has
// none of that name either.
export function whyMissing(module: string, name: string): string | undefined {
  const known = MISSING.find(({ names }) =>
    [names["*"], names[module]].some((text) => text?.split(" ").includes(name)),
  )?.why;
  return known ?? (isLaterParameter(module, name) ? LATER_HINT : undefined);
}
