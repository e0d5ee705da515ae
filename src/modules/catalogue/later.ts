/**
 * Parameters that ansible-core got after 2.14 and that are not here: the modules that have them.
 */
const PARAMETERS: { readonly [name: string]: string } = {
  auto_install_module_deps: "apt apt_repository deb822_repository dnf",
  best: "dnf",
  break_system_packages: "pip",
  encoding: "blockinfile find lineinfile replace",
  exact_mode: "find",
  exclude: "deb822_repository",
  force: "group",
  get_selinux_context: "stat",
  gid_max: "group",
  gid_min: "group",
  include: "deb822_repository",
  install_python_debian: "deb822_repository",
  limit: "find",
  mode: "find",
  numeric: "iptables",
  password_expire_account_disable: "user",
  public: "import_role",
  rescuable: "include_role",
  uid_max: "user",
  uid_min: "user",
  use_backend: "dnf",
};

/** Keys of loop_control that ansible-core got after 2.14 and that are not here. */
export const LATER_LOOP_CONTROL: readonly string[] = ["break_when"];

/** What is said of all of these. */
export const LATER_HINT = "newer releases of ansible-core have it, Hullwright does not";

// Whether a newer release than Ansible 2.14 has a parameter that is not here.
export function isLaterParameter(module: string, name: string): boolean {
  return Object.hasOwn(PARAMETERS, name) && PARAMETERS[name]!.split(" ").includes(module);
}
