/** Registries of every kind, and the ways to pull from them. */

/** A registry, and what each way has to say to reach it. Words in capitals stand for addresses and passwords. */
export interface RegistryKind {
  kind: string;
  image: string;
  /** How hosts.toml describes it: the arguments of containerd_registry but the directory. */
  described: string;
  /** What ctr is told without a hosts.toml; none: it cannot be told. */
  flags?: string;
  /** The same as arguments of ctr_image. */
  args?: string;
  /** Who logs in where hosts.toml says nothing of it, as kubelet does by a pull secret. */
  login?: boolean;
}

const CA = "--tlscacert /root/ca.crt";
const CLIENT = "[[/root/client.crt, /root/client.key]]";

export const KINDS: readonly RegistryKind[] = [
  {
    kind: "plain HTTP",
    image: "PLAIN/course/nginx:alpine",
    described: '{name: "PLAIN", hosts: [{url: "http://PLAIN"}]}',
    flags: "--plain-http",
    args: "plain_http: true",
  },
  {
    kind: "TLS with a CA of its own",
    image: "TLS/course/nginx:alpine",
    described: '{name: "TLS", hosts: [{url: "https://TLS", ca: [/root/ca.crt]}]}',
    flags: CA,
    args: "ca: /root/ca.crt",
  },
  {
    kind: "client certificates",
    image: "CLIENT/course/nginx:alpine",
    described: `{name: "CLIENT", hosts: [{url: "https://CLIENT", ca: [/root/ca.crt], client: ${CLIENT}}]}`,
    flags: `${CA} --tlscert /root/client.crt --tlskey /root/client.key`,
    args: "ca: /root/ca.crt, client_cert: /root/client.crt, client_key: /root/client.key",
  },
  {
    kind: "login",
    image: "LOGIN/course/nginx:alpine",
    described: '{name: "LOGIN", hosts: [{url: "http://LOGIN"}]}',
    flags: "--plain-http --user 'me:s3cret word'",
    args: 'plain_http: true, user: me, password: "s3cret word"',
    login: true,
  },
  {
    kind: "login by a header",
    image: "login.example.org/course/nginx:alpine",
    described:
      '{name: login.example.org, hosts: [{url: "http://LOGIN", header: {Authorization: "Basic bWU6czNjcmV0IHdvcmQ="}}]}',
  },
  {
    kind: "mirror of another name",
    image: "docker.io/course/nginx:alpine",
    described: '{name: docker.io, hosts: [{url: "http://PLAIN"}]}',
  },
  {
    kind: "mirror that wants client certificates",
    image: "mirrored.example.org/course/nginx:alpine",
    described: `{name: mirrored.example.org, hosts: [{url: "https://CLIENT", ca: [/root/ca.crt], client: ${CLIENT}}]}`,
  },
];

/** What CRI of containerd 1.4 reads instead of hosts.toml, as `extra` of containerd_config. It has no headers. */
export const OLD_REGISTRIES = `{plugins: {io.containerd.grpc.v1.cri: {registry: {
  mirrors: {"PLAIN": {endpoint: ["http://PLAIN"]}, "LOGIN": {endpoint: ["http://LOGIN"]}, docker.io: {endpoint: ["http://PLAIN"]}, mirrored.example.org: {endpoint: ["https://CLIENT"]}},
  configs: {
    "TLS": {tls: {ca_file: /root/ca.crt}},
    "CLIENT": {tls: {ca_file: /root/ca.crt, cert_file: /root/client.crt, key_file: /root/client.key}}}}}}}`;

/** The ways, and the kinds of registries that a way cannot reach on a version: the reason. */
export const WAYS: readonly {
  way: "ctr" | "ctr --hosts-dir" | "CRI";
  not(series: string, kind: RegistryKind): string | undefined;
}[] = [
  {
    way: "ctr",
    not: (_series, { flags }) => (flags === undefined ? "only hosts.toml can say it" : undefined),
  },
  {
    way: "ctr --hosts-dir",
    not: (series) => (series === "1.4" ? "its ctr reads no hosts.toml" : undefined),
  },
  {
    way: "CRI",
    not: (series, { kind }) =>
      series === "1.4" && kind === "login by a header" ? "its config has no headers" : undefined,
  },
];
