import { CTR_LINES } from "../e2e/ctr-lines.ts";

/** What the notes say besides their lines of ctr, what does it here, and which test shows it. */
const OTHERS: readonly [line: string, here: string, test: string][] = [
  ['`registry.mirrors."docker.io"` with an endpoint', "`containerd_registries`: `{name: docker.io, hosts: [{url: ...}]}`, a `hosts.toml`", "test/e2e/modules/containerd.e2e.test.ts"],
  ["a mirror with a path (`https://registry.aliyuncs.com/k8sxio`)", "`{url: https://registry.aliyuncs.com/v2/k8sxio, override_path: true}`; without that it is refused", "test/modules/containerd/containerd_registry.cases.ts"],
  ["a registry on plain HTTP (`172.1.1.16:8083`)", "`{name: \"172.1.1.16:8083\", server: \"http://172.1.1.16:8083\"}`; for ctr, `plain_http: true`", "test/e2e/ctr.e2e.test.ts"],
  ["`insecure_skip_verify = true`", "`skip_verify: true` of a host in `containerd_registries`; it concerns TLS, not plain HTTP", "test/modules/containerd/containerd_registry.cases.ts"],
  ["an endpoint that is a pasted Markdown link", "refused, with the URL as it must be written", "test/modules/containerd/containerd_config.cases.ts"],
  ["`sandbox_image = ...`", "`containerd_sandbox_image`", "test/modules/containerd/containerd_config.cases.ts"],
  ['`[plugins."io.containerd.internal.v1.opt"] path`', "`containerd_opt_path`", "test/modules/containerd/containerd_config.cases.ts"],
  ["a file without a `version` line", "never written: every file begins with the version that its containerd reads", "test/modules/containerd/containerd_config.cases.ts"],
  ["`root`, `state`", "`containerd_root`, `containerd_state`; moving them under running containers is refused", "test/e2e/preflight.e2e.test.ts"],
  ["`snapshotter = \"overlayfs\"`", "`containerd_snapshotter`", "test/e2e/modules/containerd.e2e.test.ts"],
  ["`/etc/crictl.yaml`", "written by `containerd.yml`; crictl reads it, ctr does not", "test/e2e/main-job.e2e.test.ts"],
  ["the unit, `systemctl start containerd`", "written by `containerd.yml`, and started", "test/e2e/main-job.e2e.test.ts"],
  ["runc into the PATH, with links", "`/usr/local/sbin/runc`, linked from `/usr/bin` and `/usr/local/bin`", "test/e2e/main-job.e2e.test.ts"],
];

/** The notes' three pitfalls. */
const PITFALLS: readonly [pitfall: string, here: string, test: string][] = [
  ["A data root without types of directory entries (xfs with ftype=0): no overlayfs", "`containerd_preflight` finds it while planning, and says what can be done instead", "test/e2e/preflight.e2e.test.ts"],
  ["`http: server gave HTTP response to HTTPS client`: ctr reads nothing of what is set for CRI", "`plain_http: true`, or `hosts_dir: /etc/containerd/certs.d`", "test/e2e/ctr.e2e.test.ts"],
  ['`exec: "runc": executable file not found in $PATH`: the PATH is that of the daemon', "links in both directories of any PATH; `containerd_ready` looks with the PATH of the daemon that runs", "test/e2e/containerd-unit.e2e.test.ts"],
];

// A cell of a table: what would end it is written out.
const cell = (text: string): string => text.replaceAll("|", "\\|");

// The page that shows for each line of the notes what does the same, and which test proves it.
export function notesPage(): string {
  const lines = CTR_LINES.map(({ lines, task, not }) => {
    const where = not ? Object.entries(not).map(([version, why]) => ` Not on ${version}: ${why}.`).join("") : "";
    return `| ${lines.map((line) => `\`${cell(line)}\``).join("<br>")} | \`${cell(task.replaceAll("SPACE", "test").replace("PLAIN", "172.1.1.16:8083").replace("LOGIN", "harbor.k8s.local"))}\`${where} |`;
  });
  return [
    "# From notes about ctr to tasks",
    "",
    "Written by `npm run docs`. What administrators note down as lines of `ctr` is a state here: a task that is so already changes nothing. Each of",
    "these is run on containerd 1.4, 1.6, 1.7 and 2.1 by `test/e2e/ctr.e2e.test.ts`, and run again, which must find nothing to do.",
    "",
    "## Lines of ctr",
    "",
    "| ctr | here |",
    "|---|---|",
    ...lines,
    "",
    "From 2.0 on `ctr images pull` goes through the daemon's transfer service, which takes no certificates; where `ca` or `client_cert` is given, ctr is",
    "told to do it by itself. A password is given to ctr on a terminal of its own (util-linux's `script`), never as an argument.",
    "",
    "## Files",
    "",
    "| the notes | here | shown by |",
    "|---|---|---|",
    ...OTHERS.map((row) => `| ${row.map(cell).join(" | ")} |`),
    "",
    "## Pitfalls",
    "",
    "| the notes | here | shown by |",
    "|---|---|---|",
    ...PITFALLS.map((row) => `| ${row.map(cell).join(" | ")} |`),
    "",
  ].join("\n");
}
