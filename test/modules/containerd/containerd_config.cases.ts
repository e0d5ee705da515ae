import { containerd_config } from "../../../src/modules/containerd/containerd_config.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { Case } from "../case.ts";

const module = containerd_config as unknown as AnyModule;
const CRI = "io.containerd.grpc.v1.cri";
const args = (version: string, more: object = {}): object => ({ version, ...more });
const toBase64 = (text: string): string => Buffer.from(text).toString("base64");
const file = (text: string, more: object = {}): object => ({
  type: "file",
  mode: 0o644,
  owner: "root",
  group: "root",
  sha256: "other",
  content: Buffer.from(text).toString("base64"),
  ...more,
});

/** What 1.7 is told where nothing is said, in another order, format and with comments. */
const SAME_17 = `# by hand
required_plugins = [ '${CRI}' ]
state = '/run/containerd'
root = '/var/lib/containerd'
version = 2
[plugins]
  [plugins.'io.containerd.internal.v1.opt']
    path = "/opt/containerd"
  [plugins.'${CRI}'.registry]
    config_path = "/etc/containerd/certs.d"
  [plugins.'${CRI}'.containerd]
    snapshotter = "overlayfs"   # the default
    [plugins.'${CRI}'.containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      options = { SystemdCgroup = false }
`;

// A refusal: arguments that containerd would not do what they say with.
const refused = (name: string, version: string, more: object, failure: RegExp): Case => ({
  name: `refused: ${name}`,
  module,
  args: args(version, more),
  before: {},
  expect: { failure },
});
const plugins = (tree: object): object => ({ extra: { plugins: tree } });

const FOREIGN = `version = 2
oom_score = -5
disabled_plugins = ["cri"]
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.example/pause:3.2"
  enable_selinux = false
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "/etc/cni/net.d"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia]
  runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["http://hub-mirror.c.163.com/"]
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."k8s.gcr.io"]
  endpoint = ["https://registry.aliyuncs.com/k8sxio"]
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."described.example"]
  endpoint = ["https://m.example"]
`;
const foreign = (text: string): object => ({
  type: "file",
  mode: 0o644,
  content: Buffer.from(text).toString("base64"),
});

const table: Case[] = [
  {
    name: "an imported file that is no TOML",
    module,
    args: args("1.7.24", { extra: { imports: ["/etc/containerd/conf.d/*.toml"] } }),
    before: {
      imported: [
        { path: "/etc/containerd/conf.d/a.toml", sha256: "1", content: toBase64("version = 2\n") },
        {
          path: "/etc/containerd/conf.d/b.toml",
          sha256: "2",
          content: toBase64("version = 2\n[debug\n"),
        },
      ],
    },
    expect: {
      failure:
        /would not start, as \/etc\/containerd\/config\.toml imports files that are not TOML:\n {2}\/etc\/containerd\/conf\.d\/b\.toml: /,
    },
  },
  {
    name: "imported files that are good, one not known yet",
    module,
    args: args("1.7.24", { imports: ["/etc/containerd/conf.d/*.toml"] }),
    before: {
      imported: [
        { path: "/etc/containerd/conf.d/a.toml", sha256: "1", content: toBase64("version = 2\n") },
        { path: "/etc/containerd/conf.d/b.toml", sha256: null },
      ],
    },
    expect: {},
  },
  ...["1.7.24", "2.1.9", "2.3.4"].map((version): Case => ({
    name: `a file of others, for ${version}: what no parameter says is kept`,
    module: containerd_config as unknown as AnyModule,
    args: { version, described_registries: ["described.example"] },
    before: { file: foreign(FOREIGN), registries: [] },
    expect: {},
  })),

  {
    name: "a file that is not there is written",
    module,
    args: args("2.1.9"),
    before: { file: null },
    expect: {},
  },
  {
    name: "a file that says the same is left alone, whatever its format",
    module,
    args: args("1.7.24"),
    before: { file: file(SAME_17) },
    expect: { unchanged: true },
  },
  {
    name: "one other key is drift",
    module,
    args: args("1.7.24", { sandbox_image: "a/pause:3" }),
    before: { file: file(SAME_17) },
    expect: {},
  },
  {
    name: "another mode alone keeps the text",
    module,
    args: args("1.7.24", { mode: "0600", owner: "root" }),
    before: { file: file(SAME_17) },
    expect: {
      steps: [
        "hw_keep /etc/containerd/config.toml copy && hw_set /etc/containerd/config.toml root '' 0600",
      ],
      after: { file: file(SAME_17, { mode: 0o600 }), registries: [] },
    },
  },
  {
    name: "a file that is not TOML is replaced",
    module,
    args: args("1.7.24"),
    before: { file: file("version = = 2") },
    expect: {},
  },
  {
    name: "a link is replaced by a file",
    module,
    args: args("1.7.24"),
    before: { file: { type: "link", target: "/x" } },
    expect: {},
  },
  {
    name: "another snapshotter with its platform",
    module,
    args: args("2.1.9", { snapshotter: "native", platform: "linux/amd64" }),
    before: { file: null },
    expect: {},
  },
  {
    name: "extra wins, key by key",
    module,
    args: args("2.1.9", {
      extra: {
        oom_score: -1,
        plugins: { "io.containerd.cri.v1.images": { snapshotter: "btrfs" } },
      },
    }),
    before: { file: null },
    expect: {},
  },
  {
    name: "a folder in its place is refused",
    module,
    args: args("2.1.9"),
    before: { file: { type: "directory", mode: 0o755 } },
    expect: { failure: /is a directory, not a file/ },
  },
  refused(
    "the kernel's name of a snapshotter",
    "1.7.24",
    { snapshotter: "overlay", platform: "linux/amd64" },
    /no snapshotter "overlay"/,
  ),
  refused(
    "a snapshotter of later versions",
    "1.7.24",
    { snapshotter: "erofs", platform: "linux/amd64" },
    /no snapshotter "erofs"/,
  ),
  refused(
    "a snapshotter of earlier versions",
    "2.1.9",
    { snapshotter: "aufs", platform: "linux/amd64" },
    /no snapshotter "aufs"/,
  ),
  {
    name: "a snapshotter that is described as a proxy plugin",
    module,
    args: args("2.1.9", {
      snapshotter: "stargz",
      platform: "linux/amd64",
      extra: { proxy_plugins: { stargz: { type: "snapshot", address: "/run/x.sock" } } },
    }),
    before: { file: null },
    expect: {},
  },
  {
    name: "a snapshotter that an imported file may describe",
    module,
    args: args("2.1.9", {
      snapshotter: "stargz",
      platform: "linux/amd64",
      imports: ["/etc/containerd/conf.d/*.toml"],
    }),
    before: { file: null, imported: [] },
    expect: {},
  },
  refused("a relative opt_path", "2.1.9", { opt_path: "opt" }, /opt_path must be an absolute path/),
  refused(
    "an endpoint that is a pasted link",
    "1.7.24",
    plugins({
      [CRI]: {
        registry: {
          config_path: "",
          mirrors: {
            "docker.io": {
              endpoint: ["[https://registry-1.docker.io](https://registry-1.docker.io/"],
            },
          },
        },
      },
    }),
    /link in Markdown, not a URL: write https:\/\/registry-1\.docker\.io/,
  ),
  refused(
    "an endpoint without a scheme",
    "1.7.24",
    plugins({
      [CRI]: {
        registry: { config_path: "", mirrors: { x: { endpoint: ["mirror.example.com"] } } },
      },
    }),
    /is not a URL of a registry: write https:\/\/mirror/,
  ),
  refused(
    "a parameter that extra contradicts",
    "1.7.24",
    { sandbox_image: "a/b:1", ...plugins({ [CRI]: { sandbox_image: "c/d:2" } }) },
    /sandbox_image is "a\/b:1" by its own setting, and "c\/d:2" in the extra config/,
  ),
  {
    name: "a parameter that extra repeats",
    module,
    args: args("1.7.24", {
      sandbox_image: "a/b:1",
      ...plugins({ [CRI]: { sandbox_image: "a/b:1" } }),
    }),
    before: { file: null },
    expect: {},
  },
  {
    name: "another runc for the runtime",
    module,
    args: args("1.7.24", {
      runc_binary: "/a",
      ...plugins({
        [CRI]: { containerd: { runtimes: { runc: { options: { BinaryName: "/b" } } } } },
      }),
    }),
    before: { file: null },
    expect: {},
  },
  refused("no version", "latest", {}, /"latest" is not a version/),
  refused("a containerd before 1.3", "1.2.13", {}, /older than its config file's version 2/),
  refused(
    "another snapshotter without its platform",
    "1.7.24",
    { snapshotter: "native" },
    /needs "platform"/,
  ),
  refused(
    "short plugin names",
    "1.7.24",
    plugins({ cri: { sandbox_image: "x" } }),
    /plugins\.cri is a name of config version 1: use plugins\."io\.containerd\.grpc\.v1\.cri"/,
  ),
  refused(
    "1.x names in a file for 2.x",
    "2.1.9",
    plugins({ [CRI]: { sandbox_image: "x" } }),
    /sandbox_image has moved/,
  ),
  refused(
    "2.x names in a file for 1.x",
    "1.6.20",
    plugins({ "io.containerd.cri.v1.images": { snapshotter: "x" } }),
    /known from containerd 2\.0 on/,
  ),
  refused(
    "names of config version 4",
    "2.3.4",
    plugins({ "io.containerd.server.v1.grpc": { address: "/x" } }),
    /in version 3 it is the table \[grpc\]/,
  ),
  refused(
    "mirrors beside config_path",
    "1.7.24",
    plugins({ [CRI]: { registry: { mirrors: { "docker.io": { endpoint: ["https://x"] } } } } }),
    /registry\.mirrors and registry\.config_path exclude each other: describe the registry with containerd_registry/,
  ),
  refused(
    "TLS of registries on 2.x",
    "2.0.11",
    {
      registry_config_path: "",
      ...plugins({
        "io.containerd.cri.v1.images": {
          registry: { configs: { "a:1": { tls: { insecure_skip_verify: true } } } },
        },
      }),
    },
    /registry\.configs\."a:1"\.tls is ignored/,
  ),
  refused(
    "removed keys",
    "2.0.11",
    plugins({
      "io.containerd.cri.v1.runtime": {
        containerd: {
          untrusted_workload_runtime: {},
          runtimes: { old: { runtime_type: "io.containerd.runc.v1" } },
        },
      },
    }),
    /runtimes\.old\.runtime_type: io\.containerd\.runc\.v1 is gone[^]*untrusted_workload_runtime is gone/,
  ),
  refused(
    "misspelt runtime options",
    "1.7.24",
    plugins({
      [CRI]: { containerd: { runtimes: { runc: { options: { systemdCgroup: true } } } } },
    }),
    /runtimes\.runc\.options has no systemdCgroup: did you mean "SystemdCgroup"/,
  ),
  refused(
    "a default runtime that nobody describes",
    "1.7.24",
    plugins({ [CRI]: { containerd: { default_runtime_name: "kata" } } }),
    /default_runtime_name is "kata"/,
  ),
  refused(
    "CRI switched off and needed",
    "1.7.24",
    { disabled_plugins: ["cri"] },
    /is needed, and disabled_plugins switches it off/,
  ),
  refused(
    "the snapshotter switched off",
    "1.7.24",
    { disabled_plugins: ["io.containerd.snapshotter.v1.overlayfs"] },
    /snapshotter\.v1\.overlayfs is needed/,
  ),
  refused(
    "bin_dir beside bin_dirs",
    "2.1.9",
    {
      cni_bin_dir: "/opt/cni/bin",
      ...plugins({ "io.containerd.cri.v1.runtime": { cni: { bin_dir: "/x" } } }),
    },
    /bin_dir and cni\.bin_dirs exclude each other/,
  ),
  refused(
    "relative paths",
    "1.7.24",
    { imports: ["conf.d/*.toml"], runc_binary: "runc" },
    /runc must be an absolute path[^]*conf\.d\/\*\.toml must be an absolute path/,
  ),
  refused(
    "root and state in one place",
    "1.7.24",
    { root: "/x", state: "/x" },
    /root and state must be different directories/,
  ),
  refused("another version of the file", "2.1.9", { extra: { version: 2 } }, /version must be 3/),
  refused(
    "null in extra",
    "2.1.9",
    { extra: { debug: { level: null } } },
    /extra\.debug\.level is null/,
  ),
  refused("extra that is no mapping", "2.1.9", { extra: ["x"] }, /extra is not a mapping/),
];

/** Nobody describes registries, unless a case says so. */
export const cases: Case[] = table.map((one) => ({
  ...one,
  before: { registries: [], ...one.before },
}));
