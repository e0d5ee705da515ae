import type { SettingGroup } from "./setting-groups.ts";

/** Settings of Ansible that have no effect here, and those that would make it another run. */
export const UNHEEDED_SETTINGS: readonly SettingGroup[] = [
  [
    "warned",
    "Give `--vault-password-file` or `--vault-id`: [vault](vault.md).",
    `defaults.vault_identity ANSIBLE_VAULT_IDENTITY
  defaults.vault_encrypt_identity ANSIBLE_VAULT_ENCRYPT_IDENTITY defaults.vault_id_match ANSIBLE_VAULT_ID_MATCH`,
    ["false"],
  ],
  [
    "warned",
    "Your own plugins and modules in Python cannot be loaded.",
    `defaults.library ANSIBLE_LIBRARY defaults.module_utils ANSIBLE_MODULE_UTILS defaults.action_plugins
  ANSIBLE_ACTION_PLUGINS defaults.become_plugins ANSIBLE_BECOME_PLUGINS defaults.callback_plugins
  ANSIBLE_CALLBACK_PLUGINS defaults.cliconf_plugins ANSIBLE_CLICONF_PLUGINS defaults.connection_plugins
  ANSIBLE_CONNECTION_PLUGINS defaults.filter_plugins ANSIBLE_FILTER_PLUGINS defaults.httpapi_plugins
  ANSIBLE_HTTPAPI_PLUGINS defaults.inventory_plugins ANSIBLE_INVENTORY_PLUGINS defaults.lookup_plugins
  ANSIBLE_LOOKUP_PLUGINS defaults.netconf_plugins ANSIBLE_NETCONF_PLUGINS defaults.strategy_plugins
  ANSIBLE_STRATEGY_PLUGINS defaults.terminal_plugins ANSIBLE_TERMINAL_PLUGINS defaults.test_plugins
  ANSIBLE_TEST_PLUGINS defaults.vars_plugins ANSIBLE_VARS_PLUGINS defaults.doc_fragment_plugins
  ANSIBLE_DOC_FRAGMENT_PLUGINS defaults.plugin_filters_cfg defaults.jinja2_extensions ANSIBLE_JINJA2_EXTENSIONS`,
  ],
  [
    "warned",
    "Callbacks are not called: `--json` reports everything that a run did.",
    `defaults.callback_whitelist defaults.callbacks_enabled ANSIBLE_CALLBACK_WHITELIST ANSIBLE_CALLBACKS_ENABLED`,
    ["", "timer", "profile_tasks", "ansible.posix.timer", "ansible.posix.profile_tasks"],
  ],
  [
    "warned",
    "No log is kept here: redirect the output.",
    "defaults.log_path ANSIBLE_LOG_PATH defaults.log_filter ANSIBLE_LOG_FILTER",
    [""],
  ],
  [
    "warned",
    "Programs for hosts are always run by /bin/sh.",
    "defaults.executable ANSIBLE_EXECUTABLE",
    ["/bin/sh"],
  ],
  [
    "warned",
    "Set `host_key_checking` and ssh's own options instead.",
    `paramiko_connection.host_key_auto_add ANSIBLE_PARAMIKO_HOST_KEY_AUTO_ADD paramiko_connection.host_key_checking
  ANSIBLE_PARAMIKO_HOST_KEY_CHECKING paramiko_connection.proxy_command ANSIBLE_PARAMIKO_PROXY_COMMAND
  paramiko_connection.remote_user ANSIBLE_PARAMIKO_REMOTE_USER`,
  ],
  [
    "warned",
    "A pattern that matches no host causes a warning.",
    "inventory.host_pattern_mismatch ANSIBLE_HOST_PATTERN_MISMATCH",
    ["warning"],
  ],
  [
    "warned",
    "Files of an inventory directory are chosen as they are by default.",
    `defaults.inventory_ignore_extensions inventory.ignore_extensions ANSIBLE_INVENTORY_IGNORE
  defaults.inventory_ignore_patterns inventory.ignore_patterns ANSIBLE_INVENTORY_IGNORE_REGEX
  defaults.yaml_valid_extensions ANSIBLE_YAML_FILENAME_EXT
  inventory_plugin_yaml.yaml_valid_extensions ANSIBLE_INVENTORY_PLUGIN_EXTS`,
  ],
  [
    "warned",
    "Expressions of the plugin constructed do not see variables of -e.",
    "inventory_plugins.use_extra_vars ANSIBLE_INVENTORY_USE_EXTRA_VARS",
    ["false"],
  ],
  [
    "warned",
    "There is no debugger.",
    "defaults.enable_task_debugger ANSIBLE_ENABLE_TASK_DEBUGGER defaults.task_debugger_ignore_errors ANSIBLE_TASK_DEBUGGER_IGNORE_ERRORS",
    ["false"],
  ],
  [
    "warned",
    "Become is left out where the login is that user already.",
    "privilege_escalation.become_allow_same_user ANSIBLE_BECOME_ALLOW_SAME_USER",
    ["false"],
  ],
  [
    "warned",
    "A missing handler is a mistake.",
    "defaults.error_on_missing_handler ANSIBLE_ERROR_ON_MISSING_HANDLER",
    ["true"],
  ],
  [
    "warned",
    "An unknown keyword is a mistake.",
    "defaults.invalid_task_attribute_failed ANSIBLE_INVALID_TASK_ATTRIBUTE_FAILED",
    ["true"],
  ],
  [
    "warned",
    "A duplicate key is reported.",
    "defaults.duplicate_dict_key ANSIBLE_DUPLICATE_YAML_DICT_KEY",
    ["warn"],
  ],
  [
    "warned",
    "Names of groups stay as they are.",
    "defaults.force_valid_group_names ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS",
    ["never", "ignore", "silently"],
  ],
  [
    "warned",
    "Files of labels are as they are: SELinux is left to the host.",
    "selinux.special_context_filesystems ANSIBLE_SELINUX_SPECIAL_FS selinux.libvirt_lxc_noseclabel ANSIBLE_LIBVIRT_LXC_NOSECLABEL",
    ["false"],
  ],
  [
    "warned",
    "Set the option of the lookup instead.",
    `url_lookup.ca_path ANSIBLE_LOOKUP_URL_CA_PATH url_lookup.ciphers ANSIBLE_LOOKUP_URL_CIPHERS
  url_lookup.follow_redirects ANSIBLE_LOOKUP_URL_FOLLOW_REDIRECTS url_lookup.force ANSIBLE_LOOKUP_URL_FORCE url_lookup.agent
  ANSIBLE_LOOKUP_URL_AGENT url_lookup.timeout ANSIBLE_LOOKUP_URL_TIMEOUT url_lookup.unix_socket ANSIBLE_LOOKUP_URL_UNIX_SOCKET
  url_lookup.unredirected_headers ANSIBLE_LOOKUP_URL_UNREDIR_HEADERS url_lookup.use_gssapi ANSIBLE_LOOKUP_URL_USE_GSSAPI
  url_lookup.use_netrc ANSIBLE_LOOKUP_URL_USE_NETRC`,
  ],
  [
    "refused",
    "Variables replace each other: merge them with the filter `combine`.",
    "defaults.hash_behaviour ANSIBLE_HASH_BEHAVIOUR",
    ["replace"],
  ],
  ["refused", "The precedence of variables is fixed.", "defaults.precedence ANSIBLE_PRECEDENCE"],
  [
    "refused",
    "Group and host variables are read from the inventory's and the playbook's directories, as by default.",
    `defaults.vars_plugins_enabled ANSIBLE_VARS_ENABLED
  defaults.playbook_vars_root ANSIBLE_PLAYBOOK_VARS_ROOT`,
    ["host_group_vars", "top"],
  ],
  [
    "refused",
    "A variable that is not defined is a mistake: use the filter `default`.",
    "defaults.error_on_undefined_vars ANSIBLE_ERROR_ON_UNDEFINED_VARS",
    ["true"],
  ],
  [
    "refused",
    "Variables of a play's roles are seen by the whole play.",
    "defaults.private_role_vars ANSIBLE_PRIVATE_ROLE_VARS",
    ["false"],
  ],
  [
    "refused",
    "Facts are also variables of their own: take it out, `ansible_facts` works all the same.",
    "defaults.inject_facts_as_vars ANSIBLE_INJECT_FACT_VARS",
    ["true"],
  ],
  [
    "refused",
    "Templates make texts, of which those that look like lists or numbers become such, as by default.",
    `defaults.jinja2_native
  ANSIBLE_JINJA2_NATIVE defaults.null_representation ANSIBLE_NULL_REPRESENTATION jinja2.dont_type_filters ANSIBLE_STRING_TYPE_FILTERS`,
    ["false"],
  ],
  [
    "refused",
    "What lookups answer is never run as a template.",
    "defaults.allow_unsafe_lookups",
    ["false"],
  ],
  ["refused", "Use become.", "defaults.su ANSIBLE_SU", ["false"]],
];
