import type { ArgsOf, Schema } from "../../contract/schema.ts";

/** What apt takes. */
export const aptSchema = {
  description: "Installs, upgrades and removes packages with apt-get.",
  example: `name: Install nginx
apt: {name: [nginx, curl], state: present, update_cache: true, cache_valid_time: 3600}`,
  returns: [
    "cache_updated, cache_update_time: whether and when the lists of packages were fetched",
    "stdout, stderr: what apt-get printed",
  ],
  arguments: {
    name: {
      type: "list",
      elements: "str",
      aliases: ["package", "pkg"],
      description: 'Packages: foo, foo:arm64, foo=1.2 or foo=1.2*; "*" with state: latest is all.',
    },
    state: {
      type: "str",
      choices: ["present", "absent", "latest"],
      foreignChoices: ["build-dep", "fixed"],
      default: "present",
      description:
        "latest upgrades to the newest version in the package lists at the beginning of the run.",
    },
    update_cache: {
      type: "bool",
      aliases: ["update-cache"],
      description:
        "Updates the package lists first. By itself that is a change only if no packages are named.",
    },
    cache_valid_time: {
      type: "int",
      default: 0,
      description:
        "Does not update package lists that are at most this many seconds old; anything but 0 implies update_cache.",
    },
    update_cache_retries: {
      type: "int",
      default: 5,
      description: "How often to retry an update.",
    },
    update_cache_retry_max_delay: {
      type: "int",
      default: 12,
      description: "The longest time between two tries, in seconds.",
    },
    default_release: {
      type: "str",
      aliases: ["default-release"],
      description: "The release to prefer, such as bookworm-backports.",
    },
    install_recommends: {
      type: "bool",
      aliases: ["install-recommends"],
      description:
        "Whether to install recommended packages; by default the host's configuration decides.",
    },
    purge: { type: "bool", default: false, description: "Also removes configuration files." },
    autoremove: {
      type: "bool",
      default: false,
      description:
        "Removes packages that are no longer needed; on its own, or together with installing or removing others.",
    },
    autoclean: {
      type: "bool",
      default: false,
      description:
        "Removes downloaded packages that can be had no more. As in Ansible, only where the task has no packages, upgrade or update_cache; autoremove is then left out.",
    },
    upgrade: {
      type: "str",
      choices: ["no", "yes", "safe", "full", "dist"],
      default: "no",
      description: "Upgrades all packages: yes and safe remove none, full and dist may.",
    },
    deb: {
      type: "path",
      description: "A package's file on the host, or a URL from which the host gets it.",
    },
    only_upgrade: {
      type: "bool",
      default: false,
      description: "Leaves out packages that are not installed.",
    },
    allow_downgrade: {
      type: "bool",
      default: false,
      aliases: ["allow-downgrade", "allow_downgrades", "allow-downgrades"],
      description: "Allows an older version to replace a newer one.",
    },
    allow_unauthenticated: {
      type: "bool",
      default: false,
      aliases: ["allow-unauthenticated"],
      description: "Installs packages whose source cannot be verified.",
    },
    force: {
      type: "bool",
      default: false,
      description:
        "All three: an older version, a source that cannot be verified, packages that are held.",
    },
    allow_change_held_packages: {
      type: "bool",
      default: false,
      description: "Changes packages that are held.",
    },
    dpkg_options: {
      type: "str",
      default: "force-confdef,force-confold",
      description: "Options of dpkg, with commas between.",
    },
    lock_timeout: {
      type: "int",
      default: 60,
      description: "Seconds to wait for another program that holds the lock.",
    },
    force_apt_get: {
      type: "bool",
      default: false,
      description: "Has no effect: apt-get is always used.",
    },
  },
  mutuallyExclusive: [["deb", "name", "upgrade"]],
} as const satisfies Schema;

export type AptArgs = ArgsOf<typeof aptSchema>;

/** What dnf and yum take. */
export const dnfSchema = {
  description:
    "Installs, upgrades and removes packages with dnf, or with yum where there is no dnf.",
  example: `name: Install nginx
dnf: {name: nginx, state: present}`,
  returns: ["rc, results: how it ended, and what was done"],
  arguments: {
    name: {
      type: "list",
      elements: "str",
      aliases: ["pkg"],
      description: "Packages: foo, foo-1.2, foo.x86_64.",
    },
    state: {
      type: "str",
      choices: ["present", "installed", "latest", "absent", "removed"],
      default: "present",
      description: "latest upgrades to the newest version in the host's cache of its repositories.",
    },
    update_cache: {
      type: "bool",
      default: false,
      aliases: ["expire-cache"],
      description: "Refreshes the repositories' metadata first.",
    },
    autoremove: {
      type: "bool",
      default: false,
      description: "With absent, also removes dependencies that are no longer needed.",
    },
    enablerepo: { type: "list", elements: "str", description: "More repositories to use." },
    disablerepo: { type: "list", elements: "str", description: "Repositories to leave out." },
    exclude: { type: "list", elements: "str", description: "Packages to leave out." },
    disable_gpg_check: { type: "bool", default: false, description: "Does not verify signatures." },
    install_weak_deps: {
      type: "bool",
      default: true,
      description: "Whether weak dependencies come along.",
    },
    allowerasing: {
      type: "bool",
      default: false,
      description: "Allows other packages to be removed if they conflict.",
    },
    nobest: {
      type: "bool",
      default: false,
      description: "Installs an older version if the newest one cannot be installed.",
    },
    skip_broken: {
      type: "bool",
      default: false,
      description: "Leaves out packages that cannot be installed.",
    },
    releasever: { type: "str", description: "The release to take packages from." },
    allow_downgrade: {
      type: "bool",
      default: false,
      description: "Has no effect: a version that is named is always installed.",
    },
    conf_file: { type: "str", description: "The configuration to use." },
    cacheonly: {
      type: "bool",
      default: false,
      description: "Uses the cache only, and contacts no repository.",
    },
    disable_excludes: {
      type: "str",
      description: "Ignores excludes: all, main, or those of one repository.",
    },
    disable_plugin: {
      type: "list",
      elements: "str",
      default: [],
      description: "Plugins of dnf to leave out.",
    },
    enable_plugin: {
      type: "list",
      elements: "str",
      default: [],
      description: "More plugins of dnf to use.",
    },
    sslverify: {
      type: "bool",
      default: true,
      description: "Checks the certificates of repositories.",
    },
    validate_certs: {
      type: "bool",
      default: true,
      description: "Has no effect: packages are named, and not given by a URL.",
    },
    update_only: {
      type: "bool",
      default: false,
      description: "With latest, leaves out packages that are not installed.",
    },
    lock_timeout: {
      type: "int",
      default: 30,
      description: "Has no effect: dnf waits until the lock is free.",
    },
  },
} as const satisfies Schema;

export type DnfArgs = ArgsOf<typeof dnfSchema>;

const { upgrade: _upgrade, deb: _deb, ...aptArguments } = aptSchema.arguments;

/** What package takes: all that apt or dnf takes, of which the host's own counts. */
export const packageSchema = {
  description:
    "Installs, upgrades and removes packages with the host's package manager: apt-get, dnf or yum. Parameters of another one are refused.",
  example: `name: Install curl
package: {name: curl, state: present}`,
  returns: ["stdout, stderr: what the package manager printed"],
  arguments: {
    ...dnfSchema.arguments,
    ...aptArguments,
    name: {
      type: "list",
      elements: "str",
      aliases: ["pkg", "package"],
      description: "Packages. Without any, only update_cache and autoremove are done.",
    },
    state: {
      type: "str",
      choices: ["present", "installed", "latest", "absent", "removed"],
      default: "present",
      description: "The wanted state.",
    },
    use: {
      type: "str",
      choices: ["auto", "apt", "dnf", "yum"],
      foreignChoices: ["dnf4", "dnf5"],
      default: "auto",
      description: "The package manager that the host must have; auto accepts any.",
    },
  },
  requiredOneOf: [["name", "update_cache", "autoremove"]],
} as const satisfies Schema;

export type PackageArgs = Omit<
  AptArgs & DnfArgs,
  "name" | "state" | "upgrade" | "deb" | "update_cache"
> & {
  name?: string[];
  state: DnfArgs["state"];
  update_cache?: boolean;
  use: "auto" | "apt" | "dnf" | "yum";
};
