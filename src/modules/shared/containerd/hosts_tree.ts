import { TaskFailure } from "../../../errors.ts";
import { at, newTable, put, toToml, type Toml, type TomlTable } from "../../../toml/value.ts";
import { atLeast, readVersion } from "./version.ts";

/** One place where a registry's images are asked for. */
export interface RegistryHost {
  url: string;
  capabilities: string[];
  skip_verify?: boolean;
  ca?: string[];
  client?: unknown;
  override_path?: boolean;
  header?: unknown;
  dial_timeout?: string;
}

/** The part of a registry's description that belongs in its hosts.toml. */
export interface Registry {
  name: string;
  server?: string;
  hosts: RegistryHost[];
  version?: string;
}

// The whole hosts.toml. There is always a host table with capabilities: 1.6 and 1.7 refuse a file
// without one, and 2.x passes over a host whose table is empty.
export function hostsTree(registry: Registry): TomlTable {
  if (registry.version !== undefined && !atLeast(readVersion(registry.version), 1, 5))
    throw new TaskFailure(
      `containerd ${registry.version} does not read hosts.toml`,
      "use containerd 1.5 or newer, or describe mirrors in its config",
    );
  const tree = newTable();
  const server =
    registry.server === undefined ? ownUrl(registry.name) : readUrl(registry.server, "server");
  put(tree, ["server"], server);
  const hosts =
    registry.hosts.length > 0 || server === undefined
      ? registry.hosts
      : [{ url: server, capabilities: ["pull", "resolve", "push"] }];
  if (hosts.length === 0)
    throw new TaskFailure("_default needs hosts: it has no registry of its own to ask");
  for (const host of hosts) {
    const url = readUrl(host.url, "url");
    if (at(tree, "host", url) !== undefined)
      throw new TaskFailure(
        `hosts has ${url} twice`,
        "containerd ignores a file that has a table twice",
      );
    put(tree, ["host", url], hostTable(host, url, registry.version));
  }
  return tree;
}

// Where a registry is that says nothing else; docker.io's images are at another name.
function ownUrl(name: string): string | undefined {
  if (name === "_default") return undefined;
  return name === "docker.io" ? "https://registry-1.docker.io" : `https://${name}`;
}

// A URL as hosts.toml has it: no slash at the end, no blanks, and no mark-up
// that came with a copied page.
export function readUrl(text: string, where: string): string {
  const pasted = /^\[(.*?)\]\((.*?)\)?$/.exec(text.trim());
  if (pasted)
    throw new TaskFailure(
      `${where} "${text}" is a link in Markdown, not a URL`,
      `write ${pasted[1]!.replace(/\/+$/, "")}`,
    );
  const url = text.trim().replace(/\/+$/, "");
  if (
    !/^https?:\/\/[^\s/?#"'<>()[\]]+(:\d+)?(\/[^\s"'?#<>]*)?$|^https?:\/\/\[[0-9a-f:]+\](:\d+)?(\/\S*)?$/i.test(
      url,
    )
  ) {
    throw new TaskFailure(
      `${where} "${text}" is not a URL of a registry`,
      /^\w+:\/\//.test(url) ? "it starts with http:// or https://" : `write https://${url}`,
    );
  }
  if (url.includes("@"))
    throw new TaskFailure(
      `${where} has a login in it, which containerd does not use`,
      "send it as a header: header: {Authorization: Basic ...}, from the vault",
    );
  refusePort(url.replace(/^(https?:\/\/[^/]*).*$/i, "$1"), `${where} "${text}"`);
  return url;
}

// Refuses a port that no host has.
export function refusePort(host: string, what: string): void {
  const port = /:(\d+)$/.exec(host)?.[1];
  if (port === undefined || (Number(port) > 0 && Number(port) <= 65535)) return;
  throw new TaskFailure(`${what} has the port ${port}`, "ports go from 1 to 65535");
}

// One host's table.
function hostTable(host: RegistryHost, url: string, version: string | undefined): TomlTable {
  const table = newTable();
  if (host.capabilities.length === 0)
    throw new TaskFailure(
      `${url} has no capabilities`,
      "pull and resolve are needed to pull images",
    );
  if (
    host.capabilities.includes("referrers") &&
    !(version !== undefined && atLeast(readVersion(version), 2, 2))
  ) {
    throw new TaskFailure(
      "the capability referrers is known from containerd 2.2 on, and older versions then ignore the whole file",
      "name containerd's version in `version`, or leave it out",
    );
  }
  if (/^http:/i.test(url) && (host.skip_verify || host.ca || host.client !== undefined)) {
    throw new TaskFailure(
      `${url} is plain HTTP, and has no certificates to verify`,
      "leave skip_verify, ca and client out (with one of them, containerd tries HTTPS first), or write https://",
    );
  }
  for (const file of host.ca ?? []) refuseNoFile(file, "ca", "ca.crt");
  refusePath(host, url);
  if (host.dial_timeout !== undefined && version !== undefined && !knowsDialTimeout(version)) {
    throw new TaskFailure(
      `dial_timeout is known from containerd 2.0.7 and 2.1 on, and ${version} ignores it`,
      "leave it out, or use a newer containerd",
    );
  }
  if (host.dial_timeout !== undefined && !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(host.dial_timeout))
    throw new TaskFailure(`dial_timeout "${host.dial_timeout}" is not a time`, "write it as 1s");
  put(table, ["capabilities"], host.capabilities);
  put(table, ["skip_verify"], host.skip_verify);
  put(table, ["ca"], host.ca);
  put(table, ["client"], clientOf(host.client));
  put(table, ["override_path"], host.override_path);
  put(table, ["dial_timeout"], host.dial_timeout);
  put(table, ["header"], headerOf(host.header));
  return table;
}

// containerd appends /v2 to a path, and few registries answer there.
function refusePath({ override_path }: RegistryHost, url: string): void {
  const [, base, path] = /^(https?:\/\/[^/]+)(\/.*)$/i.exec(url) ?? [];
  if (path === undefined && override_path === true)
    throw new TaskFailure(
      `${url} has override_path, but no path: containerd would ask ${url}/NAME/manifests/..., where no registry answers`,
      `leave override_path out, or write the path: ${url}/v2`,
    );
  if (path === undefined || override_path !== undefined || path.endsWith("/v2")) return;
  const inside = path.startsWith("/v2/") ? path : `/v2${path}`;
  throw new TaskFailure(
    `${url} has a path: containerd would ask ${url}/v2/..., where hardly any registry answers`,
    `write url: ${base!}${inside} with override_path: true, or set override_path: false if it does answer there`,
  );
}

function knowsDialTimeout(version: string): boolean {
  const { major, minor } = readVersion(version);
  const patch = Number(/^v?\d+\.\d+\.(\d+)/.exec(version)?.[1] ?? 0);
  return major > 2 || (major === 2 && (minor >= 1 || patch >= 7));
}

// Refuses a number or truth value where a file is meant: it would be looked for beside
// hosts.toml, and not be there.
function refuseNoFile(file: string, where: string, example: string): void {
  if (file.trim() !== "" && !/^(-?[\d.]+|true|false|yes|no|null|none)$/i.test(file.trim())) return;
  throw new TaskFailure(
    `${where} ${JSON.stringify(file)} is not the path of a certificate`,
    `write ${where}: [/etc/containerd/${example}], or a path from the directory of hosts.toml on`,
  );
}

// Client certificates as containerd takes them. Where one is of another type, it drops the
// whole file without a word.
function clientOf(client: unknown): Toml | undefined {
  if (client === undefined) return undefined;
  const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
  const isPair = (value: unknown): boolean =>
    Array.isArray(value) && value.length === 2 && value.every(isText);
  const files = Array.isArray(client) ? (client as unknown[]) : [client];
  if (files.length === 0 || !(files.every(isText) || files.every(isPair)))
    throw new TaskFailure(
      "client is neither a file, nor a list of files, nor a list of [certificate, key]",
      "write client: [[/path/client.cert, /path/client.key]]; otherwise containerd ignores the whole file",
    );
  refuseLoneKey(files);
  return fromPlaybook(client, "client");
}

// A key needs its certificate: as one of a flat list it would be taken for both.
function refuseLoneKey(files: readonly unknown[]): void {
  const key = files.find((file) => typeof file === "string" && file.endsWith(".key"));
  if (key !== undefined)
    throw new TaskFailure(
      `client has ${String(key)} by itself: each file of a flat list must contain certificate and key`,
      "put both into a list of their own: client: [[/path/client.cert, /path/client.key]]",
    );
}

// Headers as containerd takes them: text, or a list of texts.
function headerOf(header: unknown): Toml | undefined {
  if (header === undefined) return undefined;
  for (const [name, value] of Object.entries(header as object)) {
    const texts: unknown[] = Array.isArray(value) ? value : [value];
    refuseHeader(name, texts);
    if (texts.every((text) => typeof text === "string")) continue;
    throw new TaskFailure(
      `header ${name} is neither text nor a list of texts`,
      `put it in quotes: ${name}: "..."; otherwise containerd ignores the whole file`,
    );
  }
  return fromPlaybook(header, "header");
}

// Refuses what HTTP cannot carry: containerd would find out at each pull. A value may be a
// secret, and is not shown.
function refuseHeader(name: string, texts: readonly unknown[]): void {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name))
    throw new TaskFailure(
      `header ${JSON.stringify(name)} is not the name of a header`,
      "such a name consists of letters, digits and hyphens, as in X-Api-Key",
    );

  if (texts.some((text) => typeof text === "string" && /[\0-\x08\n-\x1f\x7f]/.test(text)))
    throw new TaskFailure(
      `header ${name} has a line break or another control character in its value`,
      "of a file or a command's output, take it without the end of its line: {{ ... | trim }}",
    );
}

function fromPlaybook(value: unknown, where: string): Toml {
  try {
    return toToml(value, where);
  } catch (error) {
    throw error instanceof TypeError ? new TaskFailure(error.message) : error;
  }
}
