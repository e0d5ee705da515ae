import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { KeyRing } from "./keys.ts";

const CLIENT =
  'const s=require("net").connect(process.argv[1]);s.on("error",()=>process.exit(1));s.on("close",()=>process.exit(process.exitCode??1));s.on("data",(d)=>{process.exitCode=0;process.stdout.write(d)});s.write(process.env.HULLWRIGHT_ASKPASS+"\\n"+process.argv[2]+"\\0")';

/**
 * Answers ssh's questions (SSH_ASKPASS): a program of our own, which asks us over a socket that
 * only this user can access. No secret is in an argument, the environment or a file; the
 * environment only distinguishes hosts.
 */
export class Askpass {
  readonly #directory: string;
  readonly #keys: KeyRing;
  readonly #passwords = new Map<string, string | undefined>();
  #server: Server | undefined;

  constructor(directory: string, keys: KeyRing) {
    this.#directory = directory;
    this.#keys = keys;
  }

  /** The environment for ssh to a host with this password. */
  async environment(password: string | undefined): Promise<NodeJS.ProcessEnv> {
    await this.#listen();
    const ticket = randomBytes(16).toString("hex");
    this.#passwords.set(ticket, password);
    return {
      ...process.env,
      SSH_ASKPASS: join(this.#directory, "askpass"),
      SSH_ASKPASS_REQUIRE: "force",
      DISPLAY: process.env["DISPLAY"] ?? ":",
      HULLWRIGHT_ASKPASS: ticket,
    };
  }

  close(): void {
    this.#server?.close();
  }

  async #listen(): Promise<void> {
    if (this.#server) return;
    const socket = join(this.#directory, "askpass.sock");
    const script = `#!/bin/sh\nexec '${process.execPath.replaceAll("'", "'\\''")}' -e '${CLIENT}' '${socket}' "$1"\n`;
    writeFileSync(join(this.#directory, "askpass"), script, { mode: 0o700 });
    const server = createServer((client) => this.#serve(client));
    this.#server = server;
    server.unref();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
  }

  #serve(client: Socket): void {
    let heard = "";
    client.on("error", () => undefined);
    client.on("data", (bytes) => {
      heard += bytes.toString("utf8");
      if (!heard.endsWith("\0")) return;
      const [ticket = "", prompt = ""] = heard.slice(0, -1).split("\n");
      void this.#answer(ticket, prompt).then((answer) =>
        client.end(answer === undefined ? "" : `${answer}\n`),
      );
    });
  }

  // The password of the host, the passphrase of a key, or nothing: nobody confirms
  // anything on the user's behalf.
  async #answer(ticket: string, prompt: string): Promise<string | undefined> {
    const file = /passphrase for (?:key )?'?(.*?)'?:? *$/i.exec(prompt)?.[1];
    if (file !== undefined) return this.#keys.passphrase(prompt);
    return /assword/.test(prompt) ? this.#passwords.get(ticket) : undefined;
  }
}
