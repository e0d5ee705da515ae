// What stands before everything else on a fresh machine. Plain JavaScript, as nothing is installed yet.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's top folder. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

// Debian's packages that the tests run: hosts of the lab, real servers, shells, and the peers that are asked for comparison.
export const DEBIAN_PACKAGES = [
  "mmdebstrap",
  "systemd-container",
  "iproute2",
  "kmod",
  "e2fsprogs",
  "xfsprogs",
  "btrfs-progs",
  "util-linux",
  "procps",
  "ca-certificates",
  "openssh-client",
  "openssh-server",
  "sudo",
  "busybox",
  "tcsh",
  "fish",
  "shellcheck",
  "shfmt",
  "tmux",
  "less",
  "bzip2",
  "xz-utils",
  "zstd",
  "python3-jinja2",
  "python3-yaml",
  "python3-jsonschema",
  "ansible-core",
];

// Runs a command in the repository; it shares our terminal. Ends this process with its code where it fails.
export function must(command, args, options = {}) {
  const code = run(command, args, options);
  if (code === 0) return;
  process.stderr.write(`${[command, ...args].join(" ")}: exit ${code}\n`);
  process.exit(code);
}

// Runs a command in the repository and answers its exit code.
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    ...options,
  });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  return status ?? 1;
}

// Runs a program that an npm package brought.
export function bin(name, args, options) {
  return run(process.execPath, [join(ROOT, "node_modules", ...name)].concat(args), options);
}

// Runs a program that an npm package brought beside others, and answers its exit code and all that it printed.
export function binApart(name, args) {
  const child = spawn(process.execPath, [join(ROOT, "node_modules", ...name), ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => output.push(data));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code: code ?? 1, output: Buffer.concat(output).toString() }),
    );
  });
}

// Installs the npm packages, unless those of the lock file are there already.
export function installNpmPackages() {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < 20) throw new Error(`Node 20 or newer is needed, this is ${process.version}`);
  if (npmIsStale()) must("npm", ["ci", "--no-audit", "--no-fund"]);
}

// Tells whether a package of the lock file is not there in its version. Optional ones may be missing.
function npmIsStale() {
  const installed = readPackages("node_modules/.package-lock.json");
  return Object.entries(readPackages("package-lock.json") ?? {}).some(
    ([path, { version, optional }]) =>
      path !== "" && !optional && installed?.[path]?.version !== version,
  );
}

function readPackages(lock) {
  const file = join(ROOT, lock);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : undefined;
}

// Installs Debian packages that are missing, as root on Debian; elsewhere the tests that want them are skipped.
export function installDebianPackages(names = DEBIAN_PACKAGES) {
  const listed = spawnSync(
    "dpkg-query",
    ["-W", "-f", "${Package} ${db:Status-Status}\n", ...names],
    { encoding: "utf8" },
  );
  if (listed.error) return;
  const missing = names.filter((name) => !listed.stdout.split("\n").includes(`${name} installed`));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    process.stderr.write(
      `not root, so these are not installed, and some tests are skipped: ${missing.join(" ")}\n`,
    );
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  must("apt-get", ["update", "-qq"], { env });
  must("apt-get", ["install", "-qqy", "--no-install-recommends", ...missing], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
}
