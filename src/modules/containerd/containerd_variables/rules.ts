import type { Argument } from "../../contract/schema.ts";
import { FINDINGS } from "../../shared/containerd/finding.ts";
import type { ConfigSetting } from "../../shared/containerd/settings/setting.ts";
import { PASSED_ON } from "../containerd_config/schema.ts";
import { containerd_registries } from "../containerd_registries.ts";
import { ctr_image } from "../ctr_image.ts";
import {
  ABSOLUTE,
  ARCHIVE,
  CHECKSUM,
  CRUN_RELEASE,
  DIRECTORY,
  ENVIRONMENT_NAME,
  IMAGE,
  NAMESPACE,
  ONE_LINE,
  PLAIN_PATH,
  PROXY,
  RELEASE,
  SNAPSHOTTER,
  SOURCE,
  SUBNET,
  type TextForm,
} from "./forms.ts";
import { mapValues } from "../../../records.ts";

/** What one variable of the shipped playbooks may hold. */
export interface VariableRule extends Argument {
  /** The form of the value's text, or of each text in a list or a mapping. */
  form?: TextForm;
  /** The form of the names in a mapping. */
  names?: TextForm;
  options?: { readonly [name: string]: VariableRule };
  /** It is a path on the controller, unless it is a URL. */
  isFile?: true;
  /** Instead of a list, it may be one text. */
  mayBeText?: true;
  /** An empty text means that it is not set. */
  mayBeEmpty?: true;
}

/** What tools.yml puts on hosts. */
const TOOLS = ["cni", "crictl", "nerdctl", "crun", "buildkit", "stargz"];

const ENVIRONMENT: VariableRule = {
  type: "dict",
  description: "write it as a mapping: {NAME: value}",
  names: ENVIRONMENT_NAME,
  form: ONE_LINE,
};

/** What of ctr_image an image of a list may say. */
const {
  state: _state,
  no_unpack: _noUnpack,
  address: _address,
  ctr: _ctr,
  namespace: _namespace,
  ...IMAGE_OPTIONS
} = ctr_image.schema.arguments;

const { options: REGISTRY = {} } = containerd_registries.schema.arguments["registries"]!;

const flag = (description: string): VariableRule => ({ type: "bool", description });
const text = (form: TextForm, more: Partial<VariableRule> = {}): VariableRule => ({
  type: "str",
  description: form.hint,
  form,
  ...more,
});

// Settings as rules for variables: what their values look like is looked at in the whole file.
function rulesOf(settings: { readonly [name: string]: ConfigSetting }): {
  readonly [name: string]: VariableRule;
} {
  return mapValues(settings, ({ form: _form, options, ...rule }) =>
    options === undefined ? rule : { ...rule, options: rulesOf(options) },
  );
}

/**
 * The variables of the shipped playbooks, by name. A description is the hint where the
 * value is of another type.
 */
export const VARIABLE_RULES: { readonly [name: string]: VariableRule } = {
  containerd_version: text({
    ...RELEASE,
    pattern: /^\d+\.\d+(\.\d+([-+~.][\w.+~-]+)?)?$/,
    hint: 'write all three numbers, without a "v" before them: "2.1.4", or a line: "2.1"',
  }),
  runc_version: text(RELEASE),
  containerd_url: text(SOURCE, { isFile: true }),
  runc_url: text(SOURCE, { isFile: true }),
  containerd_checksum: text(CHECKSUM, { mayBeEmpty: true }),
  runc_checksum: text(CHECKSUM, { mayBeEmpty: true }),
  containerd_download: {
    type: "str",
    choices: ["host", "controller"],
    description: "write host or controller",
  },
  containerd_root: text(PLAIN_PATH),
  containerd_state: text(PLAIN_PATH),
  containerd_opt_path: text({ ...PLAIN_PATH, pattern: /^(\/(?!\.{1,2}(\/|$))[^/\n]+)+$/ }),
  containerd_snapshotter: text(SNAPSHOTTER),
  containerd_proxy: {
    type: "dict",
    description: 'write it as a mapping: {http: URL, https: URL, no_proxy: "HOST,NETWORK"}',
    options: {
      http: text(PROXY, { mayBeEmpty: true }),
      https: text(PROXY, { mayBeEmpty: true }),
      no_proxy: {
        type: "list",
        elements: "str",
        form: ONE_LINE,
        mayBeText: true,
        description: 'write hosts and networks: "localhost,10.0.0.0/8"',
      },
    },
  },
  containerd_daemon_environment: ENVIRONMENT,
  containerd_environment: ENVIRONMENT,
  containerd_sandbox_image: text(IMAGE, { mayBeEmpty: true }),
  containerd_systemd_cgroup: flag("write true or false"),
  containerd_registries: {
    type: "list",
    elements: "dict",
    options: REGISTRY,
    description: "write it as a list: [{name: docker.io, hosts: [{url: https://mirror.example}]}]",
  },
  containerd_prune_registries: flag("write true or false"),
  containerd_settings: {
    type: "dict",
    options: rulesOf(PASSED_ON),
    description:
      "write it as a mapping: {default_runtime: nvidia, metrics: {address: 127.0.0.1:1338}}",
  },
  containerd_config_extra: {
    type: "dict",
    description: "write it as a mapping, as the tree of config.toml: {debug: {level: info}}",
  },
  containerd_rollback: flag("write true or false"),
  containerd_min_free_mb: {
    type: "int",
    form: { pattern: /^\d+$/, is: "0 or more", hint: "write a number of MiB, such as 512" },
    description: "write a number of MiB, such as 512",
  },
  containerd_allow: {
    type: "list",
    elements: "str",
    choices: FINDINGS,
    description: "write it as a list: [disk_space, kill_mode]",
  },
  containerd_allow_foreign: flag("write true or false"),
  containerd_stop_containers: flag("write true or false"),
  containerd_remove_data: flag("write true or false"),
  containerd_ready_container: flag("write true or false"),
  containerd_ready_timeout: {
    type: "int",
    form: { pattern: /^[1-9]\d*$/, is: "1 or more", hint: "write a number of seconds, such as 30" },
    description: "write a number of seconds, such as 30",
  },
  containerd_other_variables: {
    type: "list",
    elements: "str",
    description: "write it as a list of names",
  },
  images_present: {
    type: "list",
    elements: "dict",
    options: {
      ...IMAGE_OPTIONS,
      namespace: { type: "str", description: "the namespace, where it is another one" },
    },
    description: "write it as a list: [{name: registry.k8s.io/pause:3.10, pinned: true}]",
  },
  images_absent: {
    type: "list",
    elements: "str",
    description: "write it as a list: [docker.io/library/nginx:alpine]",
  },
  images_namespace: text(NAMESPACE),
  images_hosts_dir: text(ABSOLUTE, { mayBeEmpty: true }),
  images_environment: ENVIRONMENT,
  images_other_variables: { type: "list", elements: "str", description: "write a list of names" },
  tools_install: {
    type: "list",
    elements: "str",
    choices: TOOLS,
    description: "write it as a list: [cni, crictl, nerdctl]",
  },
  tools_remove: {
    type: "list",
    elements: "str",
    choices: TOOLS,
    description: "write it as a list: [buildkit, stargz]",
  },
  tools_remove_data: flag("write true or false"),
  tools_cni_version: text(RELEASE),
  tools_crictl_version: text(RELEASE),
  tools_nerdctl_version: text(RELEASE),
  tools_crun_version: text(CRUN_RELEASE),
  tools_buildkit_version: text(RELEASE),
  tools_stargz_version: text(RELEASE),
  tools_buildkit_namespace: text(NAMESPACE),
  tools_crun_url: text(SOURCE, { isFile: true }),
  tools_buildkit_url: text(SOURCE, { isFile: true }),
  tools_stargz_url: text(SOURCE, { isFile: true }),
  tools_crun_checksum: text(CHECKSUM, { mayBeEmpty: true }),
  tools_buildkit_checksum: text(CHECKSUM, { mayBeEmpty: true }),
  tools_stargz_checksum: text(CHECKSUM, { mayBeEmpty: true }),
  tools_cni_url: text(SOURCE, { isFile: true }),
  tools_crictl_url: text(SOURCE, { isFile: true }),
  tools_nerdctl_url: text(SOURCE, { isFile: true }),
  tools_cni_checksum: text(CHECKSUM, { mayBeEmpty: true }),
  tools_crictl_checksum: text(CHECKSUM, { mayBeEmpty: true }),
  tools_nerdctl_checksum: text(CHECKSUM, { mayBeEmpty: true }),
  tools_download: {
    type: "str",
    choices: ["host", "controller"],
    description: "write host or controller",
  },
  tools_cni_bin_dir: text({ ...PLAIN_PATH, hint: DIRECTORY }),
  tools_cni_conf_dir: text({ ...PLAIN_PATH, hint: DIRECTORY }),
  tools_cni_plugins: {
    type: "list",
    elements: "str",
    form: {
      pattern: /^[\w-]+$/,
      is: "the name of a plugin",
      hint: "such as bridge, host-local, loopback",
    },
    description: "write it as a list: [bridge, host-local, loopback, portmap]",
  },
  tools_cni_subnet: text(SUBNET, { mayBeEmpty: true }),
  tools_kubernetes: flag("write true or false"),
  tools_environment: ENVIRONMENT,
  tools_other_variables: { type: "list", elements: "str", description: "write a list of names" },
  prune_namespace: text(NAMESPACE),
  prune_keep: {
    type: "list",
    elements: "str",
    description: 'write a list of regular expressions: ["docker.io/library/nginx:"]',
  },
  prune_environment: ENVIRONMENT,
  prune_other_variables: { type: "list", elements: "str", description: "write a list of names" },
  smoke_archive: text(ARCHIVE, { required: true, isFile: true }),
  smoke_image: text(IMAGE, { required: true }),
  smoke_command: text({ pattern: /\S/, is: "a command", hint: "such as echo hello" }),
  smoke_thorough: flag("write true or false"),
  smoke_namespace: text(NAMESPACE),
  smoke_lasting: { type: "list", elements: "str", description: 'write a list: [sleep, "300"]' },
  smoke_environment: ENVIRONMENT,
  smoke_other_variables: {
    type: "list",
    elements: "str",
    description: "write it as a list of names",
  },
};
