// `npm run record`: records the main job on three real hosts, as docs/terminal.svg.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startLab } from "../lab/lab.ts";
import { releases } from "../lab/releases.ts";
import { serveReleases } from "../lab/serve.ts";
import { renderSvg, type Scene } from "./svg.ts";

const program = resolve("dist/main.js");
const directory = mkdtempSync(join(tmpdir(), "hullwright-record-"));
const packed = await releases();
const lab = await startLab({ hosts: ["node01", "node02", "node03"] });
const server = await serveReleases(packed.dir, lab.address);
const [containerd, runc] = [packed.containerd.at(-1)!, packed.runc.at(-1)!];

// What a command prints, in colour. It runs beside us, as the releases are served from here.
function capture(words: readonly string[]): Promise<string> {
  const env = { ...process.env, FORCE_COLOR: "1", COLUMNS: "110" };
  return new Promise((done) => {
    execFile(
      process.execPath,
      [program, ...words],
      { cwd: directory, env },
      (_error, stdout, stderr) => {
        done(`${stdout}${stderr}`);
      },
    );
  });
}

// Runs a command in the directory and keeps what it printed. `most`: how many lines are shown.
async function scene(words: readonly string[], most = 34): Promise<Scene> {
  const lines = (await capture(words)).trim().split("\n");
  const shown =
    lines.length > most
      ? [
          ...lines.slice(0, most - 6),
          `\u001b[2m... ${String(lines.length - most + 1)} lines ...\u001b[0m`,
          ...lines.slice(-5),
        ]
      : lines;
  return { command: `hullwright ${words.join(" ")}`, output: shown.join("\n") };
}

try {
  const variables = {
    containerd_version: containerd.version,
    containerd_url: `${server.url}/${containerd.path}`,
    containerd_checksum: `sha256:${containerd.sha256}`,
    runc_version: runc.version,
    runc_url: `${server.url}/${runc.path}`,
    runc_checksum: `sha256:${runc.sha256}`,
  };
  writeFileSync(join(directory, "hosts.yml"), lab.inventory(variables));
  const common = ["containerd.yml", "-i", "hosts.yml"];
  await scene(["apply", ...common, "--yes"]);
  const change = ["-e", "containerd_sandbox_image=registry.example.org/pause:3.10"];
  writeFileSync(
    join(directory, "site.yml"),
    "- hosts: all\n  become: true\n  tasks:\n    - name: greet\n      copy:\n        content: hello\n        dset: /etc/motd\n",
  );
  const scenes = [
    await scene(["plan", ...common, ...change]),
    await scene(["apply", ...common, ...change, "--yes"]),
    await scene(["plan", ...common, ...change]),
  ];
  await lab.hosts[1]!.must(
    "sed -i 's/^TasksMax=.*/TasksMax=100/' /usr/local/lib/systemd/system/containerd.service",
  );
  scenes.push(
    await scene(["plan", ...common, ...change]),
    await scene(["plan", "site.yml", "-i", "hosts.yml"]),
  );
  writeFileSync("docs/terminal.svg", renderSvg(scenes));
  process.stdout.write("docs/terminal.svg is written\n");
} finally {
  await server.close();
  await lab.stop();
  rmSync(directory, { recursive: true });
}
