import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pullByCri } from "../lab/cri.ts";
import { smokeImage, smokeName } from "../lab/image.ts";
import { notDrawn } from "../sample.ts";
import { changesOf, skipped as missing } from "./cli.ts";
import { runDaemons, unpackDaemons } from "./daemons.ts";
import { RegistryLab, SERIES } from "./registry-lab.ts";
import { KINDS, OLD_REGISTRIES, WAYS, type RegistryKind } from "./registry-ways.ts";

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
    let lab: RegistryLab;

    beforeAll(async () => {
      let versions: string[];
      [lab, versions] = await RegistryLab.start(async (host) => unpackDaemons(host, SERIES));
      const { host, registry } = lab;
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
      lab.daemons = await runDaemons(host, SERIES);
      await settle(
        [
          `ctr_image: {name: "${smokeName}", src: "${await smokeImage()}"}`,
          `ctr_image_push: {name: "${smokeName}", to: "PLAIN/course/nginx:alpine", plain_http: true}`,
        ],
        "2.1",
      );
    }, 300_000);
    afterAll(async () => lab?.stop());

    // The config of a daemon, as Hullwright writes it.
    function config(series: string, version: string): string {
      const own = `/opt/c${series}`;
      const registries =
        series === "1.4"
          ? `registry_config_path: "", extra: ${OLD_REGISTRIES.replaceAll("\n", "")}`
          : "registry_config_path: /root/certs.d";
      return `containerd_config: {version: ${version}, path: ${own}/config.toml, binary: ${own}/bin/containerd, root: /var/lib/containerd/${series}, state: /run/c${series}, grpc_address: /run/c${series}/c.sock, opt_path: ${own}, ${registries}}`;
    }

    // Applies tasks, with the ctr of a series; they change what they should, and then nothing.
    async function settle(tasks: readonly string[], series?: string): Promise<void> {
      const daemon = series === undefined ? undefined : lab.daemon(series);
      const defaults = ["ctr_image", "ctr_image_push"].map(
        (name) => `    ${name}: {address: ${String(daemon?.address)}, ctr: ${String(daemon?.ctr)}}`,
      );
      const play = lab.desk.file(
        "play.yml",
        `- hosts: all\n  gather_facts: false\n${daemon ? `  module_defaults:\n${defaults.join("\n")}\n` : ""}  tasks:\n${tasks.map((task) => `    - ${lab.filled(task)}\n`).join("")}`,
      );
      const applied = await lab.desk.json(["apply", play, "-i", lab.inventory, "-y"]);
      expect(applied.code, JSON.stringify(applied)).toBe(0);
      expect(changesOf(applied, "h01")).toHaveLength(tasks.length);
      const again = await lab.desk.json(["plan", play, "-i", lab.inventory]);
      expect(changesOf(again, "h01")).toEqual([]);
    }

    // Pulls by a shell's line on the host, or over the daemon's socket.
    async function pull(series: string, way: string, kind: RegistryKind): Promise<void> {
      const { address, ctr } = lab.daemon(series);
      const image = lab.filled(kind.image);
      if (way === "CRI") {
        const api = series === "1.4" ? "v1alpha2" : "v1";
        const login = { user: lab.registry.user, password: lab.registry.password };
        await pullByCri(lab.host.seen(address), api, image, kind.login ? login : undefined);
        return;
      }
      const flags = way === "ctr" ? kind.flags! : "--hosts-dir /root/certs.d";
      const login = way !== "ctr" && kind.login ? "--user 'me:s3cret word'" : "";
      // from 2.0 on the daemon pulls, which takes no certificates as flags
      const local = series.startsWith("2") && flags.includes("--tls") ? "--local" : "";
      await lab.host.must(
        `${ctr} -a ${address} -n ${way === "ctr" ? "flags" : "dir"} images pull ${local} ${flags} ${login} ${image}`,
      );
    }

    test.each(CELLS)("$name", async ({ series, way, kind }) => {
      await pull(series, way, kind);
      const { address, ctr } = lab.daemon(series);
      const space = { ctr: "flags", "ctr --hosts-dir": "dir", CRI: "k8s.io" }[way];
      const listed = await lab.host.must(`${ctr} -a ${address} -n ${space} images ls -q`);
      expect(listed.split("\n")).toContain(lab.filled(kind.image));
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
      const { address, ctr } = lab.daemon(series);
      const { code, stdout, stderr } = await lab.host.run(
        `${ctr} -a ${address} images pull ${series.startsWith("2") ? "--local" : ""} --tlscacert /root/ca.crt ${lab.filled("CLIENT/course/nginx:alpine")}`,
      );
      expect([code, stdout + stderr]).toEqual([1, expect.stringMatching(/certificate/)]);
      await expect(
        pullByCri(
          lab.host.seen(address),
          series === "1.4" ? "v1alpha2" : "v1",
          lab.filled("LOGIN/course/nginx:alpine"),
        ),
      ).rejects.toThrow(/authoriz|basic auth/);
    });
  },
);
