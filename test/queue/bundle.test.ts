import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "tar-stream";
import { describe, expect, test } from "vitest";
import { packDirectory, unpackTo } from "../../src/queue/bundle.ts";

const newDirectory = (): string => mkdtempSync(join(tmpdir(), "bundle-"));

// A project with all that one may hold.
function project(): string {
  const root = newDirectory();
  mkdirSync(join(root, "roles/a/files"), { recursive: true });
  mkdirSync(join(root, "empty"));
  mkdirSync(join(root, ".git"));
  mkdirSync(join(root, "node_modules/x"), { recursive: true });
  writeFileSync(join(root, "site.yml"), "- hosts: all\n");
  writeFileSync(join(root, "roles/a/files/ü.bin"), Buffer.from([0, 255, 10]));
  writeFileSync(join(root, "inventory.sh"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(join(root, ".git/HEAD"), "ref");
  symlinkSync("site.yml", join(root, "link.yml"));
  return root;
}

describe("a bundle", () => {
  test("holds the files, links and modes of a directory, but no history and no packages", async () => {
    const to = newDirectory();
    await unpackTo(to, (await packDirectory(project())).content);
    expect(readFileSync(join(to, "site.yml"), "utf8")).toBe("- hosts: all\n");
    expect([...readFileSync(join(to, "roles/a/files/ü.bin"))]).toEqual([0, 255, 10]);
    expect(statSync(join(to, "inventory.sh")).mode & 0o111).toBe(0o111);
    expect(readlinkSync(join(to, "link.yml"))).toBe("site.yml");
    expect(lstatSync(join(to, "empty")).isDirectory()).toBe(true);
    for (const name of [".git", "node_modules"])
      expect(lstatSync(join(to, name), { throwIfNoEntry: false })).toBeUndefined();
  });

  test("of the same files is the same, whenever they were written", async () => {
    const [one, other] = [project(), project()];
    utimesSync(join(other, "site.yml"), 1, 1);
    expect((await packDirectory(one)).digest).toBe((await packDirectory(other)).digest);
    writeFileSync(join(other, "site.yml"), "- hosts: none\n");
    expect((await packDirectory(one)).digest).not.toBe((await packDirectory(other)).digest);
  });

  test.each(["../outside", "/outside", "a/../../outside"])(
    "that leads outside by %s is refused",
    async (name) => {
      const archive = pack();
      archive.entry({ name }, "x");
      archive.finalize();
      const parts: Buffer[] = [];
      for await (const part of archive) parts.push(part);
      await expect(unpackTo(newDirectory(), Buffer.concat(parts))).rejects.toThrow(/leads outside/);
    },
  );
});
