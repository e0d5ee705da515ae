import { defined } from "../../../defined.ts";
import { parseToml } from "../../../toml/parse.ts";
import { stringifyToml } from "../../../toml/stringify.ts";
import { at, isTable, type TomlTable } from "../../../toml/value.ts";
import { OUR_TITLE, type RegistryDirectory } from "../../../probes/containerd/registries.ts";
import { CRI, CRI_IMAGES } from "./plugin_names.ts";
import { hostsTree, type RegistryHost } from "./hosts_tree.ts";
import { attempt } from "../../../instead-of.ts";

/** A hosts.toml that replaces mirrors in a foreign config.toml. */
export interface TakenMirror {
  name: string;
  text: string;
  urls: string[];
  /** It contains a login, so only root may read it. */
  hasLogin: boolean;
}

// Turns the mirrors of a foreign file into hosts.toml, except for registries that have one, or
// are described in the task.
export function takenMirrors(
  text: string | undefined,
  path: string,
  there: readonly RegistryDirectory[],
  described: readonly string[],
): TakenMirror[] {
  if (text === undefined || text.startsWith(`# ${OUR_TITLE}`)) return [];
  const registry = registryOf(text);
  if (registry === undefined) return [];
  return namesOf(registry).flatMap((name) => {
    const known = there.find((one) => one.name === name)?.file ?? null;
    const endpoints = at(registry, "mirrors", name, "endpoint");
    if (known !== null || described.includes(name)) return [];
    const urls = Array.isArray(endpoints) ? endpoints.map(String) : [`https://${name}`];
    const hosts = urls.flatMap((endpoint) => hostOf(endpoint, registry));
    if (hosts.length === 0) return [];
    const tree = hostsTree({ name: name === "*" ? "_default" : name, hosts });
    const title = `# Taken over from the registries in ${path}; it is yours to change.\n`;
    return [
      {
        name: name === "*" ? "_default" : name,
        text: title + stringifyToml(tree),
        urls: hosts.map(({ url, header }) =>
          header === undefined ? url : `${url} (with its login)`,
        ),
        hasLogin: hosts.some(({ header }) => header !== undefined),
      },
    ];
  });
}

// Registries that have mirrors, or else a login or certificates of their own that
// no mirror's endpoint has.
function namesOf(registry: TomlTable): string[] {
  const keys = (name: string): string[] => {
    const table = at(registry, name);
    return isTable(table) ? Object.keys(table) : [];
  };
  const endpoints = keys("mirrors").flatMap((name) => {
    const urls = at(registry, "mirrors", name, "endpoint");
    return Array.isArray(urls) ? urls.map((url) => serverOf(String(url))) : [];
  });
  const others = [...keys("configs"), ...keys("auths").map(serverOf)];
  return [...new Set([...keys("mirrors"), ...others.filter((name) => !endpoints.includes(name))])];
}

// The server of a URL, with its port.
function serverOf(url: string): string {
  return url.replace(/^\w+:\/\//, "").replace(/\/.*$/, "");
}

// The header that sends a login of the old file; one of a token has no header that stays valid.
function loginOf(host: string, registry: TomlTable): string | undefined {
  const auths = at(registry, "auths");
  const auth =
    at(registry, "configs", host, "auth") ??
    at(auths, host) ??
    at(auths, `https://${host}`) ??
    at(auths, `http://${host}`);
  const [user, password, both] = [at(auth, "username"), at(auth, "password"), at(auth, "auth")];
  if (typeof both === "string" && both !== "") return `Basic ${both}`;
  if (typeof user !== "string" || typeof password !== "string") return undefined;
  return `Basic ${base64(`${user}:${password}`)}`;
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function registryOf(text: string): TomlTable | undefined {
  const tree = attempt(() => parseToml(text));
  const found = at(tree, "plugins", CRI, "registry") ?? at(tree, "plugins", CRI_IMAGES, "registry");
  return isTable(found) ? found : undefined;
}

// An endpoint in the form of hosts.toml. The old form used a path as it was, which no registry
// answers: its API is below /v2.
function hostOf(endpoint: string, registry: TomlTable): RegistryHost[] {
  const link = /^\[(\S+)\]\(.*$/.exec(endpoint)?.[1] ?? endpoint;
  if (!URL.canParse(link)) return [];
  const url = new URL(link);
  const path = url.pathname.replace(/\/+$/, "");
  // plain HTTP has no certificates
  const tls = url.protocol === "http:" ? undefined : at(registry, "configs", url.host, "tls");
  const ca = at(tls, "ca_file");
  const [cert, key] = [at(tls, "cert_file"), at(tls, "key_file")];
  const login = loginOf(url.host, registry);
  return [
    {
      url:
        path === "" ? url.origin : `${url.origin}${path.startsWith("/v2") ? path : `/v2${path}`}`,
      capabilities: ["pull", "resolve"],
      ...defined({
        override_path: path === "" ? undefined : true,
        skip_verify: at(tls, "insecure_skip_verify") === true ? true : undefined,
        ca: typeof ca === "string" ? [ca] : undefined,
        client: typeof cert === "string" && typeof key === "string" ? [[cert, key]] : undefined,
        header: login === undefined ? undefined : { Authorization: login },
      }),
    },
  ];
}
