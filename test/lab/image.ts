import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "./cache.ts";
import { must } from "./command.ts";
import { ensurePackages } from "./packages.ts";
import { architecture, sameEveryTime } from "./releases.ts";

/** The name under which the smoke image is imported. */
export const smokeName = "example.com/smoke/hello:1";

const applets = ["sh", "echo", "sleep", "cat", "id", "true", "httpd", "wget"];

// Packs a folder as a tar that is the same every time.
async function tar(folder: string, file: string): Promise<void> {
  await must(["tar", ...sameEveryTime, "-C", folder, "-cf", file, "."]);
}

// Builds an image archive with one static program in it; returns the archive's path, ready for `ctr images import`.
export async function smokeImage(): Promise<string> {
  await ensurePackages();
  const folder = await once("image-2", async (folder) => {
    const [layer, archive] = [join(folder, "layer"), join(folder, "archive")];
    for (const path of [join(layer, "bin"), join(layer, "tmp"), archive])
      mkdirSync(path, { recursive: true });
    // unpacked and not installed: on the outer machine it may be in the way of another busybox
    await must([
      "mmdebstrap",
      "--quiet",
      "--variant=extract",
      "--include=busybox-static",
      "bookworm",
      join(folder, "unpacked"),
    ]);
    copyFileSync(join(folder, "unpacked/bin/busybox"), join(layer, "bin/busybox"));
    rmSync(join(folder, "unpacked"), { recursive: true });
    for (const name of applets) symlinkSync("busybox", join(layer, "bin", name));
    await tar(layer, join(archive, "layer.tar"));
    describeImage(archive);
    await must([
      "tar",
      "-C",
      archive,
      "-cf",
      join(folder, "smoke.tar"),
      "manifest.json",
      "config.json",
      "layer.tar",
    ]);
  });
  return join(folder, "smoke.tar");
}

// Writes the two files of JSON that make a layer an image.
function describeImage(archive: string): void {
  const diff = createHash("sha256")
    .update(readFileSync(join(archive, "layer.tar")))
    .digest("hex");
  const config = {
    architecture,
    os: "linux",
    created: "2024-01-01T00:00:00Z",
    config: { Env: ["PATH=/bin"], Cmd: ["/bin/echo", "hello"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${diff}`] },
    history: [{ created: "2024-01-01T00:00:00Z", created_by: "lab" }],
  };
  writeFileSync(join(archive, "config.json"), JSON.stringify(config));
  writeFileSync(
    join(archive, "manifest.json"),
    JSON.stringify([{ Config: "config.json", RepoTags: [smokeName], Layers: ["layer.tar"] }]),
  );
}
