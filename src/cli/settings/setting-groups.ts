/** How we treat one of Ansible's settings in ansible.cfg or the environment. */
export interface AnsibleSetting {
  /**
   * `warned`: it has no effect, and a warning says so; `refused`: the run would
   * be another one without it.
   */
  use: "honoured" | "needless" | "warned" | "refused";
  /** What it does here; why it is not needed; or why it is not supported. */
  note: string;
  /** Values that ask for what is done anyway. */
  usual: readonly string[];
}

/**
 * Settings that share what becomes of them, each by its names: `section.key` of ansible.cfg, and
 * those of the environment.
 */
export type SettingGroup = readonly [
  use: AnsibleSetting["use"],
  note: string,
  names: string,
  usual?: readonly string[],
];
