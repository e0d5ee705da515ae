/** Parameters of Ansible's that we do not have, on purpose. They are refused by name and place, as every unknown one. */
export interface Missing {
  why: string;
  /** Module -> names, aliases too; "*": any module that has them. */
  names: { readonly [module: string]: string };
}

export const MISSING: readonly Missing[] = [
  { why: "contexts of SELinux are not looked at", names: { "*": "selevel serole setype seuser", user: "seuser" } },
  { why: "attributes of the file system (chattr) are not looked at", names: { "*": "attributes attr" } },
  { why: "every write is one rename; there is no unsafe way", names: { "*": "unsafe_writes" } },
  { why: "no parameter: the documentation names the text behind the module, or the keys themselves", names: { "*": "free_form free-form", set_fact: "key_value" } },
  { why: "no parameter: the documentation points to the module file", names: { lineinfile: "others", replace: "others" } },
  { why: "does not say what the host is like afterwards, only what apt-get does on the way", names: { apt: "autoclean clean fail_on_autoremove policy_rc_d" } },
  { why: "names three rights at once; each has its own parameter", names: { apt: "force" } },
  { why: "what would be upgraded is not what the host's lists say, so no plan could be exact", names: { dnf: "bugfix security" } },
  { why: "lists or downloads packages, which is no state of the host", names: { dnf: "download_dir download_only list" } },
  { why: "installs into another root, of which nothing is asked", names: { dnf: "installroot" } },
  { why: "has no meaning any more in Ansible either", names: { dnf: "install_repoquery" } },
  { why: "times are now, or left alone", names: { file: "access_time_format modification_time_format" } },
  { why: "curl and wget on the host are not told so", names: { get_url: "ciphers decompress unredirected_headers use_gssapi use_netrc", uri: "ciphers decompress unredirected_headers use_gssapi use_netrc" } },
  { why: "a download waits beside its place, where a rename can put it", names: { get_url: "tmp_dest" } },
  { why: "uri sends and tells; get_url and copy bring files to the host", names: { uri: "dest force group mode owner remote_src src" } },
  { why: "accounts are those of the host's own files; libuser is not used", names: { group: "local", user: "local" } },
  { why: "for other systems than Linux", names: { user: "authorization hidden login_class profile role" } },
  { why: "keys of users are not made", names: { user: "generate_ssh_key ssh_key_bits ssh_key_comment ssh_key_file ssh_key_passphrase ssh_key_type" } },
  { why: "members are compared by content, not by age", names: { unarchive: "keep_newer" } },
  { why: "archives travel as they are; encrypted ones are not read", names: { unarchive: "decrypt" } },
  { why: "for PPAs, which are not taken", names: { apt_repository: "codename" } },
  { why: "connections to some hosts cannot be left out", names: { wait_for: "exclude_hosts" } },
];

/** Choices of Ansible's that we do not have, on purpose. */
export const FEWER_CHOICES: { readonly [parameter: string]: string } = {
  "apt.state": "build-dep and fixed are deeds, of which nothing can be looked at",
  "package_facts.manager": "hosts have apt or rpm",
  "systemd_service.scope": "units of users are not taken",
  "uri.body_format": "form-multipart would send files, which uri does not",
  "hostname.use": "hosts run systemd",
};

/** Defaults that differ on purpose. */
export const OTHER_DEFAULTS: { readonly [parameter: string]: string } = {
  "template.comment_start_string": "Jinja2's own, of which the documentation says nothing",
  "template.comment_end_string": "Jinja2's own, of which the documentation says nothing",
  "reboot.msg": "it names who reboots",
  "setup.gather_subset": "a list of one",
  "template.newline_sequence": "the newline itself, not its name",
  "mount.fstab": "the one path that hosts have",
  "group_by.parents": "a list of one",
  "package.state": "present, as the modules that do the work take it to be",
  "dnf.state": "present, as Ansible takes it to be where neither autoremove nor state is given",
};

/** Parameters of which only one of the two says that a task must give them. */
export const OTHER_REQUIRED: { readonly [parameter: string]: string } = {
  "script.cmd": "Ansible has two names for it, of which one must be given",
  "package.state": "present, as the modules that do the work take it to be",
};
