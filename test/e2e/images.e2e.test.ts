import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smokeImage, smokeName } from "../lab/image.ts";
import { startLab, type Lab } from "../lab/lab.ts";
import { changesOf, Desk, skipped } from "./cli.ts";
import { startDaemons, type Daemon } from "./daemons.ts";

const SERIES = ["1.6", "1.7", "2.1"];

describe.skipIf(skipped !== undefined)(
  `images.yml, prune.yml and smoke.yml${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let lab: Lab;
    let desk: Desk;
    let inventory: string;
    let daemons: Daemon[];
    beforeAll(async () => {
      lab = await startLab({ hosts: 1 });
      desk = new Desk();
      inventory = desk.file("inventory.yml", lab.inventory());
      daemons = await startDaemons(lab.hosts[0]!, SERIES);
    }, 300_000);
    afterAll(async () => {
      await lab?.stop();
    });

    // The arguments for one of the daemons; the playbooks take the ctr that containerd.yml puts in place.
    async function use(series: string): Promise<string[]> {
      const { address, ctr } = daemons.find((one) => one.series === series)!;
      await lab.hosts[0]!.must(
        `ln -sfn ${ctr} /usr/local/bin/ctr; ln -sfn ${address} /run/c${series}/containerd.sock`,
      );
      return ["-i", inventory, "-e", `containerd_state=/run/c${series}`];
    }

    test.each(SERIES)("%s", async (series) => {
      const args = await use(series);
      const present = JSON.stringify({
        images_present: [
          { name: smokeName, src: await smokeImage() },
          { name: "a.example/kept:1", from: smokeName },
          { name: "a.example/pinned:1", from: smokeName, pinned: true },
        ],
      });
      const images = ["images.yml", ...args, "-e", present];
      const plan = await desk.json(["plan", ...images]);
      const applied = await desk.json(["apply", ...images, "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(changesOf(applied, "h01")).toEqual(changesOf(plan, "h01"));
      expect(changesOf(applied, "h01")).toHaveLength(3);
      expect((await desk.json(["plan", ...images])).code).toBe(0);

      const smoke = await desk.call([
        ...["apply", "smoke.yml", ...args, "-y", "-v"],
        ...["-e", `smoke_archive=${await smokeImage()}`, "-e", `smoke_image=${smokeName}`],
      ]);
      expect(smoke.code, smoke.stdout + smoke.stderr).toBe(0);
      const { ctr, address } = daemons.find((one) => one.series === series)!;
      const spaces = await lab.hosts[0]!.must(`${ctr} -a ${address} ns ls -q`);
      expect(spaces).not.toContain("hullwright-smoke");

      const prune = ["prune.yml", ...args, "-e", '{"prune_keep": ["a.example/kept"]}'];
      expect(changesOf(await desk.json(["plan", ...prune]), "h01")).toEqual([
        `Remove images that no container uses [${smokeName}]`,
      ]);
      expect((await desk.json(["apply", ...prune, "-y"])).code).toBe(0);
      expect((await desk.json(["plan", ...prune])).code).toBe(0);
      expect(await lab.hosts[0]!.must(`${ctr} -a ${address} i ls -q`)).toBe(
        "a.example/kept:1\na.example/pinned:1\n",
      );
    });
  },
);
