import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "./cache.ts";
import { must, until } from "./command.ts";
import { ensurePackages } from "./packages.ts";

/** Debian's docker-registry on an address of the lab: the same images over plain HTTP, behind a login, over TLS, and over TLS for those alone who show a certificate. */
export interface Registry {
  plain: string;
  login: string;
  tls: string;
  client: string;
  /** Who may log in. */
  user: string;
  password: string;
  /** The certificate of the CA that signed those of `tls` and `client`, and the one that `client` wants to be shown. */
  ca: string;
  clientCert: string;
  clientKey: string;
  close(): Promise<void>;
}

/** Perl's crypt of the password, as docker-registry reads it. */
const HASH = "$2b$05$abcdefghijklmnopqrstuuDM.KJwaIBUdFNSI0sjlLSPixyAOKFFm";

// Unpacks the program, once for all runs.
async function program(): Promise<string> {
  await ensurePackages();
  const folder = await once("registry-1", async (folder) => {
    await must([
      ...["mmdebstrap", "--quiet", "--variant=extract", "--include=docker-registry"],
      ...["bookworm", join(folder, "unpacked")],
    ]);
  });
  return join(folder, "unpacked/usr/bin/docker-registry");
}

// Makes a CA, a certificate of it for the address, and one for clients.
async function certify(folder: string, address: string): Promise<void> {
  const at = (name: string): string => join(folder, name);
  const openssl = (text: string, ...words: string[]): Promise<string> =>
    must(["openssl", ...text.split(" "), ...words]);
  writeFileSync(at("ext"), `subjectAltName=IP:${address}\n`);
  await openssl(
    `req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=lab`,
    ...["-keyout", at("ca.key"), "-out", at("ca.crt")],
  );
  for (const [name, subject] of [
    ["tls", address],
    ["client", "client"],
  ] as const) {
    await openssl(
      `req -newkey rsa:2048 -nodes -subj /CN=${subject}`,
      ...["-keyout", at(`${name}.key`), "-out", at(`${name}.csr`)],
    );
    await openssl(
      `x509 -req -days 30 -CAcreateserial`,
      ...["-in", at(`${name}.csr`), "-CA", at("ca.crt"), "-CAkey", at("ca.key")],
      ...["-extfile", at("ext"), "-out", at(`${name}.crt`)],
    );
  }
}

// Starts four of them over one store, on free ports.
export async function startRegistry(address: string): Promise<Registry> {
  const binary = await program();
  const folder = mkdtempSync(join(tmpdir(), "hullwright-registry-"));
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "htpasswd"), `me:${HASH}\n`);
  await certify(folder, address);
  const children: ChildProcess[] = [];
  // Starts one, and answers where it listens.
  const serve = async (name: string, http: string, more: string): Promise<string> => {
    const file = join(folder, `${name}.yml`);
    const store = JSON.stringify(join(folder, "data"));
    writeFileSync(
      file,
      `version: 0.1\nlog: {level: info}\nstorage: {filesystem: {rootdirectory: ${store}}}\nhttp: {addr: "${address}:0"${http}}\n${more}`,
    );
    const child = spawn(binary, ["serve", file], { stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
    const listening = /listening on [^ "]*?(\d+)[",]/;
    const port = await until(`the registry ${name}`, () => listening.exec(said)?.[1], 20_000);
    return `${address}:${port}`;
  };
  const pem = (name: string): string => JSON.stringify(join(folder, name));
  const certified = `certificate: ${pem("tls.crt")}, key: ${pem("tls.key")}`;
  const [plain, login, tls, client] = await Promise.all([
    serve("plain", "", ""),
    serve("login", "", `auth: {htpasswd: {realm: lab, path: ${pem("htpasswd")}}}\n`),
    serve("tls", `, tls: {${certified}}`, ""),
    serve("client", `, tls: {${certified}, clientcas: [${pem("ca.crt")}]}`, ""),
  ]);
  const text = (name: string): string => readFileSync(join(folder, name), "utf8");
  return {
    ...{ plain, login, tls, client, user: "me", password: "s3cret word" },
    ...{ ca: text("ca.crt"), clientCert: text("client.crt"), clientKey: text("client.key") },
    async close() {
      await Promise.all(
        children.map(async (child) => {
          const ended = new Promise((resolve) => child.once("exit", resolve));
          child.kill();
          await ended;
        }),
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
