// `npm run demo`: one real host on this machine, fitted out. `npm run demo -- --down` removes it.
import { bin, installDebianPackages, installNpmPackages, must } from "./setup.mjs";

if (process.platform !== "linux" || process.getuid?.() !== 0) {
  process.stderr.write("the demo starts a real host, for which it needs root on Linux\n");
  process.exitCode = 1;
} else {
  installNpmPackages();
  installDebianPackages(["mmdebstrap", "systemd-container", "iproute2", "kmod", "e2fsprogs", "openssh-client", "ca-certificates"]);
  must(process.execPath, ["node_modules/rolldown/bin/cli.mjs", "-c"], { stdio: ["ignore", "ignore", "inherit"] });
  process.exitCode = bin(["..", "test", "ts.mjs"], ["test/demo/main.ts", ...process.argv.slice(2)]);
}
