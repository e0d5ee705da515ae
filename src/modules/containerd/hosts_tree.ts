import { TaskFailure } from "../../errors.ts";
import { at, newTable, put, toToml, type Toml, type TomlTable } from "../../toml/value.ts";
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

/** What of a registry stands in its hosts.toml. */
export interface Registry {
  name: string;
  server?: string;
  hosts: RegistryHost[];
  version?: string;
}

// The whole hosts.toml. There is always a host table with capabilities: 1.6 and 1.7 refuse a file without one,
// and 2.x passes over a host whose table is empty.
export function hostsTree(registry: Registry): TomlTable {
  if (registry.version !== undefined && !atLeast(readVersion(registry.version), 1, 5)) throw new TaskFailure(`containerd ${registry.version} does not read hosts.toml`, "use containerd 1.5 or newer, or describe mirrors in its config");
  const tree = newTable();
  const server = registry.server === undefined ? ownUrl(registry.name) : readUrl(registry.server, "server");
  put(tree, ["server"], server);
  const hosts = registry.hosts.length > 0 || server === undefined ? registry.hosts : [{ url: server, capabilities: ["pull", "resolve", "push"] }];
  if (hosts.length === 0) throw new TaskFailure("_default needs hosts: it has no registry of its own to ask");
  for (const host of hosts) {
    const url = readUrl(host.url, "url");
    if (at(tree, "host", url) !== undefined) throw new TaskFailure(`hosts has ${url} twice`, "containerd reads a file with a table that stands twice as none at all");
    put(tree, ["host", url], hostTable(host, url, registry.version));
  }
  return tree;
}

// Where a registry is that says nothing else; docker.io's images are at another name.
function ownUrl(name: string): string | undefined {
  if (name === "_default") return undefined;
  return name === "docker.io" ? "https://registry-1.docker.io" : `https://${name}`;
}

// A URL as hosts.toml has it: no slash at the end, no blanks, and no mark-up that came with a copied page.
function readUrl(text: string, where: string): string {
  const pasted = /^\[(.*?)\]\((.*?)\)?$/.exec(text.trim());
  if (pasted) throw new TaskFailure(`${where} "${text}" is a link in Markdown, not a URL`, `write ${pasted[1]!.replace(/\/+$/, "")}`);
  const url = text.trim().replace(/\/+$/, "");
  if (!/^https?:\/\/[^\s/?#"'<>()[\]]+(:\d+)?(\/[^\s"'?#<>]*)?$|^https?:\/\/\[[0-9a-f:]+\](:\d+)?(\/\S*)?$/i.test(url)) {
    throw new TaskFailure(`${where} "${text}" is not a URL of a registry`, /^\w+:\/\//.test(url) ? "it starts with http:// or https://" : `write https://${url}`);
  }
  return url;
}

// One host's table.
function hostTable(host: RegistryHost, url: string, version: string | undefined): TomlTable {
  const table = newTable();
  if (host.capabilities.length === 0) throw new TaskFailure(`${url} has no capabilities`, "pull and resolve are needed to pull images");
  if (host.capabilities.includes("referrers") && !(version !== undefined && atLeast(readVersion(version), 2, 2))) {
    throw new TaskFailure("the capability referrers is known from containerd 2.2 on, and older ones then drop the whole file", "name containerd's version in `version`, or leave it out");
  }
  if (/^http:/i.test(url) && (host.skip_verify || host.ca || host.client !== undefined)) {
    throw new TaskFailure(`${url} is plain HTTP, and has no certificates to verify`, "leave skip_verify, ca and client out (with one of them, containerd tries HTTPS first), or write https://");
  }
  if (host.dial_timeout !== undefined && !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(host.dial_timeout)) throw new TaskFailure(`dial_timeout "${host.dial_timeout}" is not a time`, "write it as 1s");
  put(table, ["capabilities"], host.capabilities);
  put(table, ["skip_verify"], host.skip_verify);
  put(table, ["ca"], host.ca);
  put(table, ["client"], host.client === undefined ? undefined : fromPlaybook(host.client, "client"));
  put(table, ["override_path"], host.override_path);
  put(table, ["dial_timeout"], host.dial_timeout);
  put(table, ["header"], host.header === undefined ? undefined : fromPlaybook(host.header, "header"));
  return table;
}

function fromPlaybook(value: unknown, where: string): Toml {
  try {
    return toToml(value, where);
  } catch (error) {
    throw error instanceof TypeError ? new TaskFailure(error.message) : error;
  }
}
