// Runs a program that needs real hosts, on a machine where nothing is installed yet: `node test/start.mjs test/demo/main.ts`.
import { bin, installDebianPackages, installNpmPackages, must } from "./setup.mjs";

const [program, ...words] = process.argv.slice(2);

if (process.platform !== "linux" || process.getuid?.() !== 0) {
  process.stderr.write("this starts real hosts, for which it needs root on Linux\n");
  process.exitCode = 1;
} else {
  installNpmPackages();
  // what hosts are made with, the lab installs itself
  if (program.includes("bench")) installDebianPackages(["ansible-core", "ansible-mitogen"]);
  if (/conformance|contexts/.test(program)) installDebianPackages(["ansible-core"]);
  must(process.execPath, ["scripts/build.mjs"]);
  process.exitCode = bin(["..", "test", "ts.mjs"], [program, ...words]);
}
