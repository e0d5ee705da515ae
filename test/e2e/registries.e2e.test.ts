import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pullByCri } from "../lab/cri.ts";
import type { LabHost } from "../lab/host.ts";
import { smokeImage, smokeName } from "../lab/image.ts";
import { startLab, type Lab } from "../lab/lab.ts";
import { startRegistry, type Registry } from "../lab/registry.ts";
import { notDrawn } from "../sample.ts";
import { changesOf, Desk, skipped as missing } from "./cli.ts";
import { runDaemons, unpackDaemons, type Daemon } from "./daemons.ts";
import { KINDS, OLD_REGISTRIES, WAYS, type RegistryKind } from "./registry-ways.ts";

const SERIES = ["1.4", "1.6", "1.7", "2.1"];
const CELLS = SERIES.flatMap((series) =>
  WAYS.flatMap(({ way, not }) =>
    KINDS.filter((kind) => not(series, kind) === undefined).map((kind) => ({
      ...{ series, way, kind, name: `${series}: ${kind.kind}, by ${way}` },
    })),
  ),
);

const skipped = missing ?? notDrawn(0);

describe.skipIf(skipped !== undefined)(
  `pulls from real registries${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let lab: Lab;
    let host: LabHost;
    let registry: Registry;
    let daemons: Daemon[];
    let desk: Desk;
    let inventory: string;

    beforeAll(async () => {
      lab = await startLab({ hosts: 1 });
      host = lab.hosts[0]!;
      desk = new Desk();
      inventory = desk.file("inventory.yml", lab.inventory());
      const [started, versions] = await Promise.all([
        startRegistry(lab.address),
        unpackDaemons(host, SERIES),
      ]);
      registry = started;
      for (const [file, text] of [
        ["ca.crt", registry.ca],
        ["client.crt", registry.clientCert],
        ["client.key", registry.clientKey],
      ] as const)
        await host.must(`cat > /root/${file}`, text);
      await settle([
        ...SERIES.map((series, index) => config(series, versions[index]!)),
        ...KINDS.map(
          ({ described }) =>
            `containerd_registry: ${described.replace("{", "{version: 1.6.20, config_path: /root/certs.d, ")}`,
        ),
      ]);
      daemons = await runDaemons(host, SERIES);
      await settle(
        [
          `ctr_image: {name: "${smokeName}", src: "${await smokeImage()}"}`,
          `ctr_image_push: {name: "${smokeName}", to: "PLAIN/course/nginx:alpine", plain_http: true}`,
        ],
        "2.1",
      );
    }, 300_000);
    afterAll(async () => {
      await registry?.close();
      await lab?.stop();
    });

    // The config of a daemon, as Hullwright writes it.
    function config(series: string, version: string): string {
      const own = `/opt/c${series}`;
      const registries =
        series === "1.4"
          ? `registry_config_path: "", extra: ${OLD_REGISTRIES.replaceAll("\n", "")}`
          : "registry_config_path: /root/certs.d";
      return `containerd_config: {version: ${version}, path: ${own}/config.toml, binary: ${own}/bin/containerd, root: /var/lib/containerd/${series}, state: /run/c${series}, grpc_address: /run/c${series}/c.sock, opt_path: ${own}, ${registries}}`;
    }

    // The words in capitals.
    function filled(text: string): string {
      return text.replaceAll(
        /\b(PLAIN|LOGIN|TLS|CLIENT)\b/g,
        (word) => registry[word.toLowerCase() as "plain"],
      );
    }

    // Applies tasks, with the ctr of a series; they change what they should, and then nothing.
    async function settle(tasks: readonly string[], series?: string): Promise<void> {
      const daemon = daemons?.find((one) => one.series === series);
      const defaults = ["ctr_image", "ctr_image_push"].map(
        (name) => `    ${name}: {address: ${String(daemon?.address)}, ctr: ${String(daemon?.ctr)}}`,
      );
      const play = desk.file(
        "play.yml",
        `- hosts: all\n  gather_facts: false\n${daemon ? `  module_defaults:\n${defaults.join("\n")}\n` : ""}  tasks:\n${tasks.map((task) => `    - ${filled(task)}\n`).join("")}`,
      );
      const applied = await desk.json(["apply", play, "-i", inventory, "-y"]);
      expect(applied.code, JSON.stringify(applied)).toBe(0);
      expect(changesOf(applied, "h01")).toHaveLength(tasks.length);
      const again = await desk.json(["plan", play, "-i", inventory]);
      expect(changesOf(again, "h01")).toEqual([]);
    }

    // Pulls by a shell's line on the host, or over the daemon's socket.
    async function pull(series: string, way: string, kind: RegistryKind): Promise<void> {
      const { address, ctr } = daemons.find((one) => one.series === series)!;
      const image = filled(kind.image);
      if (way === "CRI") {
        const api = series === "1.4" ? "v1alpha2" : "v1";
        const login = { user: registry.user, password: registry.password };
        await pullByCri(host.seen(address), api, image, kind.login ? login : undefined);
        return;
      }
      const flags = way === "ctr" ? kind.flags! : "--hosts-dir /root/certs.d";
      const login = way !== "ctr" && kind.login ? "--user 'me:s3cret word'" : "";
      // from 2.0 on the daemon pulls, which takes no certificates as flags
      const local = series.startsWith("2") && flags.includes("--tls") ? "--local" : "";
      await host.must(
        `${ctr} -a ${address} -n ${way === "ctr" ? "flags" : "dir"} images pull ${local} ${flags} ${login} ${image}`,
      );
    }

    test.each(CELLS)("$name", async ({ series, way, kind }) => {
      await pull(series, way, kind);
      const { address, ctr } = daemons.find((one) => one.series === series)!;
      const space = { ctr: "flags", "ctr --hosts-dir": "dir", CRI: "k8s.io" }[way];
      const listed = await host.must(`${ctr} -a ${address} -n ${space} images ls -q`);
      expect(listed.split("\n")).toContain(filled(kind.image));
    });

    test.each(SERIES)("%s: each of them by ctr_image", async (series) => {
      const byArguments = KINDS.filter(({ args }) => args !== undefined).map(
        ({ image, args }) => `ctr_image: {name: "${image}", namespace: task, ${args!}}`,
      );
      const byFile = KINDS.map(
        ({ image, login }) =>
          `ctr_image: {name: "${image}", namespace: described, hosts_dir: /root/certs.d${login ? ', user: me, password: "s3cret word"' : ""}}`,
      );
      await settle([...byArguments, ...(series === "1.4" ? [] : byFile)], series);
    });

    test.each(SERIES)("%s: who shows no certificate is turned away", async (series) => {
      const { address, ctr } = daemons.find((one) => one.series === series)!;
      const { code, stdout, stderr } = await host.run(
        `${ctr} -a ${address} images pull ${series.startsWith("2") ? "--local" : ""} --tlscacert /root/ca.crt ${filled("CLIENT/course/nginx:alpine")}`,
      );
      expect([code, stdout + stderr]).toEqual([1, expect.stringMatching(/certificate/)]);
      await expect(
        pullByCri(
          host.seen(address),
          series === "1.4" ? "v1alpha2" : "v1",
          filled("LOGIN/course/nginx:alpine"),
        ),
      ).rejects.toThrow(/authoriz|basic auth/);
    });
  },
);
