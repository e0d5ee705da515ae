/** Choices of Ansible's that we do not have, on purpose. */
export const FEWER_CHOICES: { readonly [parameter: string]: string } = {
  "apt.state": "build-dep and fixed are deeds, of which nothing can be looked at",
  "pip.state": "forcereinstall is done each time, and leaves no state to compare",
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
  "service.name": "systemd's module, which does the work, takes daemon_reload alone",
  "script.cmd": "Ansible has two names for it, of which one must be given",
  "package.state": "present, as the modules that do the work take it to be",
  "dnf.name": "Ansible documents it as required, and takes update_cache alone all the same",
  "package.name": "the same for the modules that do the work",
};
