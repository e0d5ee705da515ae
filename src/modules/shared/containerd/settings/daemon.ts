import { flag, group, mapping, tables, text, texts, whole, type ConfigSetting } from "./setting.ts";

const SIZE = { form: "size" } as const;
const PATH = { form: "absolute path" } as const;
const ID = { form: "natural number" } as const;
const owner = (what: string) => ({
  uid: whole(`The numeric owner of ${what}.`, ID),
  gid: whole(`The numeric group of ${what}: its members may use it.`, ID),
});

/** The settings above the plugins: those of the daemon itself. */
export const DAEMON = {
  temp: text("Where temporary files are written.", { ...PATH, from: "1.5" }),
  cgroup_path: text("The cgroup that the daemon moves itself into.", {
    ...PATH,
    at: { 2: ["cgroup", "path"], 3: ["cgroup", "path"] },
  }),
  grpc: group("The daemon's socket, and its limits.", {
    ...owner("the socket"),
    tcp_address: text("An address to listen on besides the socket.", { form: "address" }),
    tcp_tls_ca: text("The CA whose clients may connect.", { ...PATH, from: "1.6" }),
    tcp_tls_cert: text("The certificate for tcp_address.", PATH),
    tcp_tls_key: text("The key of that certificate.", PATH),
    max_recv_message_size: whole("The largest message that is received, in bytes.", SIZE),
    max_send_message_size: whole("The largest message that is sent, in bytes.", SIZE),
  }),
  ttrpc: group("The socket of the shims.", {
    address: text("The socket; by default the daemon's own with .ttrpc appended.", PATH),
    ...owner("the socket"),
  }),
  debug: group("The log, and the socket for debugging.", {
    address: text("The socket for debugging.", PATH),
    ...owner("the socket"),
    level: text("How much is logged.", {
      choices: ["trace", "debug", "info", "warn", "error", "fatal", "panic", ""],
    }),
    format: text("How it is logged.", { choices: ["text", "json", ""], from: "1.5" }),
  }),
  metrics: group("Metrics for Prometheus.", {
    address: text("Where they are served, such as 127.0.0.1:1338.", { form: "address" }),
    grpc_histogram: flag("Adds histograms of the time that calls take."),
  }),
  proxy_plugins: tables("Plugins that are programs of their own, such as stargz's snapshotter.", {
    name: text("The plugin's name.", { required: true }),
    type: text("What it does.", {
      required: true,
      choices: ["snapshot", "content", "diff", "sandbox"],
    }),
    address: text("Its socket.", { required: true, ...PATH }),
    platform: text("The os/arch that it works for.", { form: "platform", from: "1.7" }),
    exports: mapping("What it publishes about itself, such as {root: /var/lib/...}.", {
      values: "text",
      from: "1.7",
    }),
    capabilities: texts("What it can do.", { from: "1.7" }),
  }),
  stream_processors: tables("Programs that layers are piped through, to decrypt them.", {
    name: text("The processor's name.", { required: true }),
    accepts: texts("The media types that it reads.", { required: true }),
    returns: text("The media type that it writes.", { required: true }),
    path: text("The program.", { required: true }),
    args: texts("Its arguments."),
    env: texts("Its environment.", { form: "environment" }),
  }),
  timeouts: mapping("Timeouts by their names, such as {io.containerd.timeout.shim.load: 10s}.", {
    values: "text",
    form: "duration",
  }),
} as const satisfies { [name: string]: ConfigSetting };
