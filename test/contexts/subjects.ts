/** The arguments of a task; `@` in a text is the directory of the cell. */
export type Arguments = Readonly<Record<string, unknown>>;

/** A module, with arguments that work and arguments that do not. */
export interface Subject {
  /** What it is called in the table: the module, and what it does where that is needed. */
  name: string;
  module: string;
  args: Arguments;
  /** Arguments with which it fails, found while planning or on the host. */
  wrong?: Arguments;
  /** Its parameter that names a file of the controller. */
  source?: string;
  /** It looks at or writes files alone, so it may also be run on this machine. */
  isOfFiles?: boolean;
  /** Its parameters cannot be given as a dictionary. */
  isFree?: boolean;
  /** The files that it makes have names drawn by lot. */
  isRandom?: boolean;
}

/** Where programs lie on the controller, which differs from side to side. */
const HERE = String.raw`s,.*/hullwright-contexts-[^/]*/[a-z]*,HERE,`;

// A line of shell that writes what a command sees of its context into a file.
function look(into: string): string {
  const words = [
    "pwd",
    "umask",
    'echo "$HOME $USER $LOGNAME"',
    'env | grep -E "^([A-E]|LANG|LC_ALL|LC_MESSAGES|PATH)=" | sort',
  ];
  return `{ ${words.join("; ")}; } | sed '${HERE}' > ${into}`;
}

/** Every module of ansible.builtin that both have and that can do something on a bare host. */
export const SUBJECTS: readonly Subject[] = [
  { name: "add_host", module: "add_host", args: { name: "h%" } },
  {
    name: "apt",
    module: "apt",
    args: { name: "coreutils", state: "present" },
    wrong: { name: "no-such-package" },
  },
  {
    name: "apt_repository",
    module: "apt_repository",
    args: { repo: "deb http://127.0.0.1/% any main", filename: "%", update_cache: false },
    wrong: { repo: "nonsense" },
  },
  {
    name: "assert",
    module: "assert",
    args: { that: ["true"], quiet: true },
    wrong: { that: ["1 > 2"] },
  },
  {
    name: "blockinfile",
    module: "blockinfile",
    args: { path: "@/file", block: "b\n", create: false },
    wrong: { path: "@/none", block: "b" },
    isOfFiles: true,
  },
  {
    name: "command",
    module: "command",
    args: { argv: ["sh", "-c", look("@/out")], creates: "@/out" },
    wrong: { argv: ["false"] },
    isOfFiles: true,
  },
  {
    name: "command in a directory",
    module: "command",
    args: { cmd: "touch made", chdir: "@/sub", creates: "mad?" },
    wrong: { cmd: "true", chdir: "@/none" },
    isOfFiles: true,
  },
  {
    name: "command that removes",
    module: "command",
    args: { cmd: "rm -r @/sub", removes: "@/su[b]" },
    wrong: { cmd: "no-such-program" },
    isOfFiles: true,
  },
  {
    name: "copy of a file",
    module: "copy",
    args: { src: "ctx-file", dest: "@/made" },
    wrong: { src: "ctx-none", dest: "@/made" },
    source: "src",
    isOfFiles: true,
  },
  {
    name: "copy of a text",
    module: "copy",
    args: { content: "x\n", dest: "@/made" },
    wrong: { content: "x\n", dest: "@/none/deep/made" },
    isOfFiles: true,
  },
  {
    name: "copy of a text into a directory",
    module: "copy",
    args: { content: "x\n", dest: "@/sub/", mode: "0604" },
    wrong: { content: "x\n", dest: "@/sub", force: true },
    isOfFiles: true,
  },
  {
    name: "copy of the host's file",
    module: "copy",
    args: { src: "@/file", dest: "@/made", remote_src: true },
    wrong: { src: "@/none", dest: "@/made", remote_src: true },
    isOfFiles: true,
  },
  { name: "debug", module: "debug", args: { msg: "x" }, wrong: { msg: "x", var: "y" } },
  {
    name: "dpkg_selections",
    module: "dpkg_selections",
    args: { name: "sed", selection: "hold" },
    wrong: { name: "no-such-package", selection: "install" },
  },
  { name: "fail", module: "fail", args: { msg: "x" }, wrong: { msg: "x" } },
  {
    name: "fetch",
    module: "fetch",
    args: { src: "@/file", dest: "{{ fetched }}/%", flat: true },
    wrong: { src: "@/none", dest: "{{ fetched }}/%", flat: true },
  },
  {
    name: "file: directory",
    module: "file",
    args: { path: "@/made/deep", state: "directory" },
    wrong: { path: "@/file/deep", state: "directory" },
    isOfFiles: true,
  },
  {
    name: "file: hard",
    module: "file",
    args: { src: "@/file", dest: "@/made", state: "hard" },
    wrong: { src: "@/none", dest: "@/made", state: "hard" },
    isOfFiles: true,
  },
  {
    name: "file: link",
    module: "file",
    args: { src: "file", dest: "@/made", state: "link" },
    wrong: { src: "none", dest: "@/made", state: "link" },
    isOfFiles: true,
  },
  {
    name: "file: mode",
    module: "file",
    args: { path: "@/file", mode: "u+x,o=" },
    wrong: { path: "@/none", mode: "0600" },
    isOfFiles: true,
  },
  {
    name: "file: touch",
    module: "file",
    args: {
      path: "@/made",
      state: "touch",
      modification_time: "preserve",
      access_time: "preserve",
    },
    wrong: { path: "@/none/made", state: "touch" },
    isOfFiles: true,
  },
  {
    name: "file: absent",
    module: "file",
    args: { path: "@/sub", state: "absent" },
    wrong: { path: "@/file", owner: "no-such-user" },
    isOfFiles: true,
  },
  {
    name: "find",
    module: "find",
    args: { paths: ["@"], patterns: ["f*"] },
    wrong: { paths: ["@"], age: "nonsense" },
    isOfFiles: true,
  },
  {
    name: "get_url",
    module: "get_url",
    args: { url: "{{ served }}/ctx-file", dest: "@/made" },
    wrong: { url: "{{ served }}/none", dest: "@/made" },
    isOfFiles: true,
  },
  {
    name: "getent",
    module: "getent",
    args: { database: "passwd", key: "root" },
    wrong: { database: "passwd", key: "no-such-user" },
  },
  { name: "group", module: "group", args: { name: "g%" }, wrong: { name: "not a name" } },
  { name: "group_by", module: "group_by", args: { key: "by_%" }, wrong: {} },
  { name: "hostname", module: "hostname", args: { name: "ctx" }, wrong: { name: "a_b..c" } },
  {
    name: "include_vars",
    module: "include_vars",
    args: { file: "ctx-vars.yml" },
    wrong: { file: "ctx-none.yml" },
    source: "file",
  },
  {
    name: "iptables",
    module: "iptables",
    args: { chain: "INPUT", jump: "ACCEPT", comment: "%" },
    wrong: { chain: "NONE", jump: "ACCEPT" },
  },
  {
    name: "known_hosts",
    module: "known_hosts",
    args: {
      name: "a.example",
      path: "@/known",
      key: "a.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
    },
    wrong: { name: "a.example", path: "@/known", key: "b.example nonsense" },
    isOfFiles: true,
  },
  {
    name: "lineinfile",
    module: "lineinfile",
    args: { path: "@/file", regexp: "^tw", line: "2" },
    wrong: { path: "@/none", line: "x" },
    isOfFiles: true,
  },
  {
    name: "lineinfile that makes",
    module: "lineinfile",
    args: { path: "@/new/made", line: "x", create: true },
    wrong: { path: "@/file", line: "x", regexp: "(" },
    isOfFiles: true,
  },
  {
    name: "package",
    module: "package",
    args: { name: "coreutils", state: "present" },
    wrong: { name: "no-such-package", state: "present" },
  },
  {
    name: "package_facts",
    module: "package_facts",
    args: { manager: ["apt"] },
    wrong: { manager: ["nonsense"] },
  },
  { name: "ping", module: "ping", args: { data: "x" }, wrong: { data: "crash" } },
  {
    name: "raw",
    module: "raw",
    args: { _raw_params: "touch @/made" },
    wrong: { _raw_params: "exit 3" },
    isFree: true,
  },
  {
    name: "replace",
    module: "replace",
    args: { path: "@/file", regexp: "two", replace: "2" },
    wrong: { path: "@/none", regexp: "x" },
    isOfFiles: true,
  },
  {
    name: "script",
    module: "script",
    args: { cmd: "ctx-script @/out", creates: "@/out" },
    wrong: { cmd: "ctx-none" },
    source: "cmd",
  },
  {
    name: "service",
    module: "service",
    args: { name: "ctx", state: "restarted" },
    wrong: { name: "no-such-unit", state: "started" },
  },
  { name: "service_facts", module: "service_facts", args: {} },
  { name: "set_fact", module: "set_fact", args: { f: 1 }, wrong: {} },
  {
    name: "shell",
    module: "shell",
    args: { cmd: look("@/out"), creates: "@/ou*" },
    wrong: { cmd: "exit 3" },
    isOfFiles: true,
  },
  {
    name: "shell in a directory",
    module: "shell",
    args: { cmd: "touch made; umask > umask", chdir: "@/sub", executable: "/bin/bash" },
    wrong: { cmd: "true", chdir: "@/none" },
    isOfFiles: true,
  },
  {
    name: "slurp",
    module: "slurp",
    args: { src: "@/file" },
    wrong: { src: "@/none" },
    isOfFiles: true,
  },
  {
    name: "stat",
    module: "stat",
    args: { path: "@/file" },
    wrong: { path: "@/file", checksum_algorithm: "none" },
    isOfFiles: true,
  },
  {
    name: "systemd",
    module: "systemd",
    args: { name: "ctx", state: "started", enabled: true },
    wrong: { name: "no-such-unit", state: "started" },
  },
  {
    name: "tempfile",
    module: "tempfile",
    args: { path: "@/sub", prefix: "t" },
    wrong: { path: "@/none" },
    isOfFiles: true,
    isRandom: true,
  },
  {
    name: "template",
    module: "template",
    args: { src: "ctx-template", dest: "@/made" },
    wrong: { src: "ctx-none", dest: "@/made" },
    source: "src",
    isOfFiles: true,
  },
  {
    name: "unarchive",
    module: "unarchive",
    args: { src: "ctx-archive.tar.gz", dest: "@/sub" },
    wrong: { src: "ctx-archive.tar.gz", dest: "@/none" },
    source: "src",
    isOfFiles: true,
  },
  {
    name: "unarchive of the host's file",
    module: "unarchive",
    args: { src: "@/archive.tar.gz", dest: "@/sub", remote_src: true },
    wrong: { src: "@/none", dest: "@/sub", remote_src: true },
    isOfFiles: true,
  },
  {
    name: "uri",
    module: "uri",
    args: { url: "{{ served }}/ctx-file", return_content: true },
    wrong: { url: "{{ served }}/none" },
  },
  {
    name: "user",
    module: "user",
    args: { name: "u%", create_home: false },
    wrong: { name: "u%", group: "no-such-group" },
  },
  {
    name: "validate_argument_spec",
    module: "validate_argument_spec",
    args: { argument_spec: { x: { type: "str" } }, provided_arguments: { x: "y" } },
    wrong: { argument_spec: { x: { required: true } } },
  },
  {
    name: "wait_for",
    module: "wait_for",
    args: { path: "@/file", timeout: 3 },
    wrong: { path: "@/none", timeout: 1 },
    isOfFiles: true,
  },
  {
    name: "yum_repository",
    module: "yum_repository",
    args: { name: "r", description: "r", baseurl: "http://127.0.0.1/", reposdir: "@/sub" },
    wrong: { name: "r", description: "r", baseurl: "http://127.0.0.1/", reposdir: "@/none" },
    isOfFiles: true,
  },
];
