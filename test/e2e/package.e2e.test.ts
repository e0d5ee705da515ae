import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A user who owns nothing of this; only root can become one. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

const PLAYBOOK = `
- hosts: all
  gather_facts: false
  tasks:
    - copy: { content: "hello\\n", dest: "{{ target }}" }
`;

describe("the package as npm packs it", () => {
  const directory = mkdtempSync(join(tmpdir(), "hullwright-package-"));
  const prefix = join(directory, "prefix");
  const work = join(directory, "work");
  let tarball = "";

  // npm without a network, with a cache and a home of its own: whatever it would fetch makes it fail.
  const npm = (args: string[], cwd: string): string => {
    // whoever runs the tests by npm hands its settings on, such as --silent
    const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
    const env = {
      ...Object.fromEntries(own),
      HOME: directory,
      npm_config_cache: join(directory, "cache"),
      npm_config_update_notifier: "false",
    };
    const { status, stdout, stderr } = spawnSync("npm", args, { cwd, env, encoding: "utf8" });
    expect(status, `npm ${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
    return `${stdout}${stderr}`;
  };
  const run = (
    args: string[],
    as: object = {},
  ): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(join(prefix, "bin", "hullwright"), args, {
      cwd: work,
      env: { PATH: process.env["PATH"], HOME: work },
      encoding: "utf8",
      ...as,
    });

  beforeAll(() => {
    chmodSync(directory, 0o755);
    mkdirSync(work);
    chmodSync(work, 0o777);
    const [packed] = JSON.parse(
      npm(["pack", "--json", "--ignore-scripts", "--pack-destination", directory], process.cwd()),
    ) as { filename: string }[];
    tarball = join(directory, packed!.filename);
    writeFileSync(join(work, "play.yml"), PLAYBOOK);
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  test("installs as one package, without a network, scripts or warnings", () => {
    const said = npm(["install", "-g", "--offline", "--prefix", prefix, tarball], work);
    expect(said).toMatch(/^added 1 package in/m);
    expect(said).not.toMatch(/warn/i);
    expect(readdirSync(join(prefix, "lib", "node_modules", "hullwright"))).not.toContain(
      "node_modules",
    );
  });

  test.each([
    ["its own user", {}],
    ["another user", NOBODY],
  ])("plans and applies from another directory as %s", (who, as) => {
    const target = join(work, who.replaceAll(" ", "-"));
    const words = [
      "play.yml",
      "-i",
      "localhost,",
      "-e",
      "ansible_connection=local",
      "-e",
      `target=${target}`,
    ];
    expect(run(["plan", ...words], as)).toMatchObject({ status: 2, stderr: "" });
    expect(existsSync(target)).toBe(false);
    expect(run(["apply", "--yes", ...words], as)).toMatchObject({ status: 0, stderr: "" });
    expect(existsSync(target)).toBe(true);
    expect(run(["plan", ...words], as)).toMatchObject({ status: 0, stderr: "" });
  });

  test("finds the playbooks that come with it", () => {
    expect(run(["plan", "containerd.yml", "--syntax-check"])).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  test("runs through npx", () => {
    expect(
      npm(
        ["exec", "--offline", "--yes", "--package", tarball, "--", "hullwright", "--version"],
        work,
      ),
    ).toMatch(/^\d+\.\d+\.\d+$/m);
  });
});
