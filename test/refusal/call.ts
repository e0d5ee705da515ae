import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runCommandLine } from "../../src/cli/command-line.ts";
import type { Case } from "./cases.ts";

/** What a call of the command line came to. */
export interface Called {
  code: number;
  stderr: string;
  /** How often a host was reached. */
  reached: number;
}

/** A port of this machine that stands for every host: it counts who comes, and hangs up. */
export interface Door {
  port: number;
  reached: number;
  close(): Promise<void>;
}

// Opens the door.
export async function openDoor(): Promise<Door> {
  const server = createServer((socket) => {
    door.reached++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const door: Door = {
    port: (server.address() as AddressInfo).port,
    reached: 0,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
  return door;
}

// Puts a case's files into a folder of their own, and calls the command line as its user does.
export async function call(
  { files, command }: Pick<Case, "files" | "command">,
  door: Door,
): Promise<Called> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hullwright-refusal-")));
  const hosts = `all:\n  hosts:\n    node1:\n    node2:\n  vars: {ansible_host: 127.0.0.1, ansible_port: ${door.port}, ansible_password: x}\n`;
  for (const [name, text] of new Map([["hosts.yml", hosts], ...files])) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text.replaceAll("@PORT@", String(door.port)));
  }
  const before = door.reached;
  const { code, stderr } = await listen(folder, () =>
    runCommandLine(command.match(/'[^']*'|\S+/g)!.map((word) => word.replace(/^'(.*)'$/, "$1"))),
  );
  rmSync(folder, { recursive: true });
  return {
    code,
    stderr: stderr.replaceAll(`${folder}/`, "").replaceAll(folder, ".").trimEnd(),
    reached: door.reached - before,
  };
}

// Runs something in a folder, with a cache of its own; what it writes to stderr is kept, stdout is dropped.
async function listen(
  folder: string,
  run: () => Promise<number>,
): Promise<{ code: number; stderr: string }> {
  const [out, err, cwd, cache] = [
    process.stdout.write,
    process.stderr.write,
    process.cwd(),
    process.env["XDG_CACHE_HOME"],
  ];
  let stderr = "";
  process.stdout.write = () => true;
  process.stderr.write = (text: string | Uint8Array) => {
    stderr += String(text);
    return true;
  };
  process.chdir(folder);
  process.env["XDG_CACHE_HOME"] = join(folder, "cache");
  try {
    return { code: await run(), stderr };
  } finally {
    process.chdir(cwd);
    Object.assign(process.stdout, { write: out });
    Object.assign(process.stderr, { write: err });
    if (cache === undefined) delete process.env["XDG_CACHE_HOME"];
    else process.env["XDG_CACHE_HOME"] = cache;
  }
}
