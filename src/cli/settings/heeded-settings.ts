import type { SettingGroup } from "./setting-groups.ts";

/** Settings of Ansible that are honoured, and those that change nothing here. */
export const HEEDED_SETTINGS: readonly SettingGroup[] = [
  [
    "honoured",
    "As the flag or variable of the same name: [connecting](connecting.md).",
    `defaults.forks ANSIBLE_FORKS defaults.inventory ANSIBLE_INVENTORY defaults.transport ANSIBLE_TRANSPORT
  defaults.remote_user ANSIBLE_REMOTE_USER defaults.remote_port ANSIBLE_REMOTE_PORT
  defaults.private_key_file ANSIBLE_PRIVATE_KEY_FILE defaults.timeout ANSIBLE_TIMEOUT
  ssh_connection.timeout ANSIBLE_SSH_TIMEOUT defaults.host_key_checking ANSIBLE_HOST_KEY_CHECKING
  ssh_connection.host_key_checking ANSIBLE_SSH_HOST_KEY_CHECKING ssh_connection.ssh_args ANSIBLE_SSH_ARGS
  ssh_connection.ssh_common_args ANSIBLE_SSH_COMMON_ARGS ssh_connection.ssh_extra_args ANSIBLE_SSH_EXTRA_ARGS
  ssh_connection.ssh_executable ANSIBLE_SSH_EXECUTABLE ssh_connection.retries connection.retries ANSIBLE_SSH_RETRIES
  ssh_connection.pkcs11_provider ANSIBLE_PKCS11_PROVIDER defaults.ask_pass ANSIBLE_ASK_PASS
  defaults.become_password_file ANSIBLE_BECOME_PASSWORD_FILE
  defaults.connection_password_file ANSIBLE_CONNECTION_PASSWORD_FILE
  privilege_escalation.become ANSIBLE_BECOME privilege_escalation.become_ask_pass ANSIBLE_BECOME_ASK_PASS
  privilege_escalation.become_method ANSIBLE_BECOME_METHOD privilege_escalation.become_user ANSIBLE_BECOME_USER
  privilege_escalation.become_exe ANSIBLE_BECOME_EXE privilege_escalation.become_flags ANSIBLE_BECOME_FLAGS
  ANSIBLE_BECOME_PASS`,
  ],
  [
    "honoured",
    "Only for the become method in its name.",
    `sudo_become_plugin.user sudo_become_plugin.executable sudo_become_plugin.flags sudo_become_plugin.password
  ANSIBLE_SUDO_USER ANSIBLE_SUDO_EXE ANSIBLE_SUDO_FLAGS ANSIBLE_SUDO_PASS
  su_become_plugin.user su_become_plugin.executable su_become_plugin.flags su_become_plugin.password
  ANSIBLE_SU_USER ANSIBLE_SU_EXE ANSIBLE_SU_FLAGS ANSIBLE_SU_PASS`,
  ],
  [
    "honoured",
    "Where roles and collections are looked for.",
    `defaults.roles_path ANSIBLE_ROLES_PATH defaults.collections_path defaults.collections_paths
  ANSIBLE_COLLECTIONS_PATH ANSIBLE_COLLECTIONS_PATHS defaults.home ANSIBLE_HOME ANSIBLE_CONFIG`,
  ],
  [
    "honoured",
    "As the keyword, for plays that do not have it.",
    `defaults.any_errors_fatal ANSIBLE_ANY_ERRORS_FATAL defaults.force_handlers ANSIBLE_FORCE_HANDLERS
  defaults.gather_subset ANSIBLE_GATHER_SUBSET defaults.gather_timeout ANSIBLE_GATHER_TIMEOUT
  defaults.fact_path ANSIBLE_FACT_PATH defaults.no_log ANSIBLE_NO_LOG defaults.strategy ANSIBLE_STRATEGY
  defaults.task_timeout ANSIBLE_TASK_TIMEOUT`,
  ],
  [
    "honoured",
    "`explicit`: plays gather facts only where they say so. `implicit` and `smart` are as here: facts are asked for when a task looks at one.",
    "defaults.gathering ANSIBLE_GATHERING",
  ],
  [
    "honoured",
    "As the flags `--tags`, `--skip-tags`, `-v` and `--diff`.",
    `tags.run ANSIBLE_RUN_TAGS tags.skip ANSIBLE_SKIP_TAGS defaults.verbosity ANSIBLE_VERBOSITY
  diff.always ANSIBLE_DIFF_ALWAYS`,
  ],
  [
    "honoured",
    "What templates see as `ansible_managed`, with `{host}` and `{file}`. Times (`%Y`), which are never the same twice, and `{uid}` are refused.",
    "defaults.ansible_managed",
  ],
  [
    "honoured",
    "Passwords of ansible-vault, as the flags `--vault-password-file`, `--vault-id` and `-J`, besides which they hold: [vault](vault.md).",
    `defaults.vault_password_file ANSIBLE_VAULT_PASSWORD_FILE defaults.vault_identity_list ANSIBLE_VAULT_IDENTITY_LIST
  defaults.ask_vault_pass ANSIBLE_ASK_VAULT_PASS`,
  ],
  [
    "needless",
    "Programs are never copied to the host before they run, and one connection stays open for the run.",
    `defaults.pipelining connection.pipelining ssh_connection.pipelining ANSIBLE_PIPELINING ANSIBLE_SSH_PIPELINING
  ssh_connection.control_path ANSIBLE_SSH_CONTROL_PATH ssh_connection.control_path_dir ANSIBLE_SSH_CONTROL_PATH_DIR
  defaults.use_persistent_connections ANSIBLE_USE_PERSISTENT_CONNECTIONS defaults.keep_remote_files
  ANSIBLE_KEEP_REMOTE_FILES defaults.module_compression defaults.remote_tmp ANSIBLE_REMOTE_TEMP ANSIBLE_REMOTE_TMP
  defaults.system_tmpdirs ANSIBLE_SYSTEM_TMPDIRS defaults.allow_world_readable_tmpfiles
  ANSIBLE_SHELL_ALLOW_WORLD_READABLE_TEMP defaults.admin_users ANSIBLE_ADMIN_USERS defaults.common_remote_group
  ANSIBLE_COMMON_REMOTE_GROUP defaults.async_dir ANSIBLE_ASYNC_DIR defaults.local_tmp ANSIBLE_LOCAL_TEMP`,
  ],
  [
    "needless",
    "Files travel over the connection itself: neither scp nor sftp is used.",
    `ssh_connection.transfer_method ANSIBLE_SSH_TRANSFER_METHOD ssh_connection.scp_if_ssh ANSIBLE_SCP_IF_SSH
  ssh_connection.scp_executable ANSIBLE_SCP_EXECUTABLE ssh_connection.scp_extra_args ANSIBLE_SCP_EXTRA_ARGS
  ssh_connection.sftp_batch_mode ANSIBLE_SFTP_BATCH_MODE ssh_connection.sftp_executable ANSIBLE_SFTP_EXECUTABLE
  ssh_connection.sftp_extra_args ANSIBLE_SFTP_EXTRA_ARGS`,
  ],
  [
    "needless",
    "Passwords are answered in the protocol, and programs never get a terminal.",
    `ssh_connection.sshpass_prompt ANSIBLE_SSHPASS_PROMPT ssh_connection.usetty ANSIBLE_SSH_USETTY
  privilege_escalation.agnostic_become_prompt ANSIBLE_AGNOSTIC_BECOME_PROMPT
  su_become_plugin.localized_prompts ANSIBLE_SU_PROMPT_L10N`,
  ],
  [
    "needless",
    "Nothing on a host needs Python.",
    `defaults.interpreter_python ANSIBLE_PYTHON_INTERPRETER defaults.python_module_rlimit_nofile
  ANSIBLE_PYTHON_MODULE_RLIMIT_NOFILE`,
  ],
  [
    "needless",
    "Facts are asked of the host itself, when a task looks at one.",
    `defaults.fact_caching ANSIBLE_CACHE_PLUGIN defaults.fact_caching_connection ANSIBLE_CACHE_PLUGIN_CONNECTION
  defaults.fact_caching_prefix ANSIBLE_CACHE_PLUGIN_PREFIX defaults.fact_caching_timeout ANSIBLE_CACHE_PLUGIN_TIMEOUT
  defaults.cache_plugins ANSIBLE_CACHE_PLUGINS defaults.old_plugin_cache_clear ANSIBLE_OLD_PLUGIN_CACHE_CLEAR`,
  ],
  [
    "needless",
    "Output looks as it does here; `--json` is for programs.",
    `defaults.stdout_callback ANSIBLE_STDOUT_CALLBACK defaults.bin_ansible_callbacks ANSIBLE_LOAD_CALLBACK_PLUGINS
  defaults.callback_result_format ANSIBLE_CALLBACK_RESULT_FORMAT defaults.result_format
  defaults.callback_format_pretty ANSIBLE_CALLBACK_FORMAT_PRETTY defaults.check_mode_markers ANSIBLE_CHECK_MODE_MARKERS
  defaults.display_ok_hosts ANSIBLE_DISPLAY_OK_HOSTS defaults.display_skipped_hosts ANSIBLE_DISPLAY_SKIPPED_HOSTS
  defaults.display_args_to_stdout ANSIBLE_DISPLAY_ARGS_TO_STDOUT defaults.display_failed_stderr
  ANSIBLE_DISPLAY_FAILED_STDERR defaults.show_custom_stats ANSIBLE_SHOW_CUSTOM_STATS
  defaults.show_per_host_start ANSIBLE_SHOW_PER_HOST_START defaults.show_task_path_on_failure
  ANSIBLE_SHOW_TASK_PATH_ON_FAILURE defaults.verbose_to_stderr ANSIBLE_VERBOSE_TO_STDERR
  defaults.force_color ANSIBLE_FORCE_COLOR defaults.nocolor ANSIBLE_NOCOLOR NO_COLOR defaults.nocows ANSIBLE_NOCOWS
  defaults.cowpath ANSIBLE_COW_PATH defaults.cow_selection ANSIBLE_COW_SELECTION defaults.cow_whitelist
  defaults.cowsay_enabled_stencils ANSIBLE_COW_WHITELIST ANSIBLE_COW_ACCEPTLIST diff.context ANSIBLE_DIFF_CONTEXT
  defaults.max_diff_size ANSIBLE_MAX_DIFF_SIZE defaults.docsite_root_url
  colors.changed ANSIBLE_COLOR_CHANGED colors.console_prompt ANSIBLE_COLOR_CONSOLE_PROMPT colors.debug
  ANSIBLE_COLOR_DEBUG colors.deprecate ANSIBLE_COLOR_DEPRECATE colors.diff_add ANSIBLE_COLOR_DIFF_ADD
  colors.diff_lines ANSIBLE_COLOR_DIFF_LINES colors.diff_remove ANSIBLE_COLOR_DIFF_REMOVE colors.error
  ANSIBLE_COLOR_ERROR colors.highlight ANSIBLE_COLOR_HIGHLIGHT colors.ok ANSIBLE_COLOR_OK colors.skip
  ANSIBLE_COLOR_SKIP colors.unreachable ANSIBLE_COLOR_UNREACHABLE colors.verbose ANSIBLE_COLOR_VERBOSE colors.warn
  ANSIBLE_COLOR_WARN`,
  ],
  [
    "needless",
    "Warnings here are those of Hullwright.",
    `defaults.action_warnings ANSIBLE_ACTION_WARNINGS defaults.deprecation_warnings ANSIBLE_DEPRECATION_WARNINGS
  defaults.devel_warning ANSIBLE_DEVEL_WARNING defaults.localhost_warning ANSIBLE_LOCALHOST_WARNING
  defaults.system_warnings ANSIBLE_SYSTEM_WARNINGS defaults.command_warnings defaults.jinja2_native_warning
  ANSIBLE_JINJA2_NATIVE_WARNING inventory.inventory_unparsed_warning ANSIBLE_INVENTORY_UNPARSED_WARNING
  defaults.string_conversion_action ANSIBLE_STRING_CONVERSION_ACTION
  defaults.collections_on_ansible_version_mismatch ANSIBLE_COLLECTIONS_ON_ANSIBLE_VERSION_MISMATCH
  defaults.validate_action_group_metadata ANSIBLE_VALIDATE_ACTION_GROUP_METADATA`,
  ],
  [
    "needless",
    "It is about how Ansible itself runs, or about other commands than ansible-playbook.",
    `persistent_connection.ansible_connection_path ANSIBLE_CONNECTION_PATH persistent_connection.command_timeout
  ANSIBLE_PERSISTENT_COMMAND_TIMEOUT persistent_connection.connect_retry_timeout
  ANSIBLE_PERSISTENT_CONNECT_RETRY_TIMEOUT persistent_connection.connect_timeout ANSIBLE_PERSISTENT_CONNECT_TIMEOUT
  persistent_connection.control_path_dir ANSIBLE_PERSISTENT_CONTROL_PATH_DIR _ANSIBLE_COVERAGE_REMOTE_OUTPUT
  _ANSIBLE_COVERAGE_REMOTE_PATH_FILTER defaults.debug ANSIBLE_DEBUG defaults.internal_poll_interval
  defaults.poll_interval ANSIBLE_POLL_INTERVAL ANSIBLE_WORKER_SHUTDOWN_POLL_COUNT ANSIBLE_WORKER_SHUTDOWN_POLL_DELAY
  defaults.no_target_syslog ANSIBLE_NO_TARGET_SYSLOG defaults.syslog_facility ANSIBLE_SYSLOG_FACILITY
  defaults.module_name defaults.module_args ANSIBLE_MODULE_ARGS defaults.playbook_dir ANSIBLE_PLAYBOOK_DIR
  defaults.module_ignore_exts ANSIBLE_MODULE_IGNORE_EXTS inventory.export ANSIBLE_INVENTORY_EXPORT
  defaults.collections_scan_sys_path ANSIBLE_COLLECTIONS_SCAN_SYS_PATH
  defaults.facts_modules ANSIBLE_FACTS_MODULES defaults.network_group_modules ANSIBLE_NETWORK_GROUP_MODULES
  netconf_connection.ssh_config ANSIBLE_NETCONF_SSH_CONFIG defaults.win_async_startup_timeout
  ANSIBLE_WIN_ASYNC_STARTUP_TIMEOUT powershell.async_dir powershell.remote_tmp winrm.kinit_env_vars
  runas_become_plugin.flags runas_become_plugin.password runas_become_plugin.user ANSIBLE_RUNAS_FLAGS
  ANSIBLE_RUNAS_PASS ANSIBLE_RUNAS_USER callback_tree.directory ANSIBLE_CALLBACK_TREE_DIR
  JUNIT_FAIL_ON_CHANGE JUNIT_FAIL_ON_IGNORE JUNIT_HIDE_TASK_ARGUMENTS JUNIT_INCLUDE_SETUP_TASKS_IN_REPORT
  JUNIT_OUTPUT_DIR JUNIT_REPLACE_OUT_OF_TREE_PATH JUNIT_TASK_CLASS JUNIT_TASK_RELATIVE_PATH JUNIT_TEST_CASE_PREFIX
  paramiko_connection.banner_timeout ANSIBLE_PARAMIKO_BANNER_TIMEOUT paramiko_connection.look_for_keys
  ANSIBLE_PARAMIKO_LOOK_FOR_KEYS paramiko_connection.pty ANSIBLE_PARAMIKO_PTY paramiko_connection.record_host_keys
  ANSIBLE_PARAMIKO_RECORD_HOST_KEYS paramiko_connection.use_rsa_sha2_algorithms
  ANSIBLE_PARAMIKO_USE_RSA_SHA2_ALGORITHMS`,
  ],
  [
    "needless",
    "Hosts that a run left undone are always kept, for `--limit @failed`.",
    `defaults.retry_files_enabled ANSIBLE_RETRY_FILES_ENABLED defaults.retry_files_save_path
  ANSIBLE_RETRY_FILES_SAVE_PATH`,
  ],
  [
    "needless",
    "An inventory that cannot be read is always a mistake, and every kind of inventory is read.",
    `inventory.any_unparsed_is_failed ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED inventory.unparsed_is_failed
  ANSIBLE_INVENTORY_UNPARSED_FAILED inventory.enable_plugins ANSIBLE_INVENTORY_ENABLED inventory.cache
  ANSIBLE_INVENTORY_CACHE inventory.cache_plugin ANSIBLE_INVENTORY_CACHE_PLUGIN inventory.cache_connection
  ANSIBLE_INVENTORY_CACHE_CONNECTION inventory_plugin_script.always_show_stderr
  ANSIBLE_INVENTORY_PLUGIN_SCRIPT_STDERR inventory.cache_prefix ANSIBLE_INVENTORY_CACHE_PLUGIN_PREFIX
  inventory.cache_timeout ANSIBLE_INVENTORY_CACHE_TIMEOUT`,
  ],
  [
    "needless",
    "Variables of inventories and playbooks are always read before a task needs them.",
    `defaults.run_vars_plugins ANSIBLE_RUN_VARS_PLUGINS vars_host_group_vars.stage ANSIBLE_VARS_PLUGIN_STAGE`,
  ],
];
