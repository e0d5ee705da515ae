// Writes src/modules/shared/containerd/config_defaults/ from what `containerd config default` of each packed release says.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { must } from "./command.ts";
import { releases } from "./releases.ts";

const FOLDER = "src/modules/shared/containerd/config_defaults";

const packed = await releases();
for (const { version, path } of packed.containerd) {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-defaults-"));
  await must(["tar", "-xzf", join(packed.dir, path), "-C", folder]);
  const text = await must([join(folder, "bin/containerd"), "config", "default"]);
  rmSync(folder, { recursive: true });
  const lines = text
    .split("\n")
    // Debian's builds look for CNI's plugins where Debian has them
    .map((line) =>
      line.trim().replace("'/usr/lib/cni', ", "").replaceAll("/usr/lib/cni", "/opt/cni/bin"),
    )
    .filter((line) => line !== "" && !line.startsWith("#"));
  const [major = "", minor = ""] = version.split(".");
  const file = join(FOLDER, `v${major}_${minor}.ts`);
  const source = `/** What \`containerd config default\` of ${version} says. Written by \`npm run config-defaults\`. */
export const V${major}_${minor} = String.raw\`\n${lines.join("\n")}\n\`;\n`;
  writeFileSync(file, await format(source, { ...(await resolveConfig(file)), filepath: file }));
  process.stdout.write(`${file}\n`);
}
