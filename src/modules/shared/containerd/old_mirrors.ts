import { defined } from "../../../defined.ts";
import { parseToml } from "../../../toml/parse.ts";
import { stringifyToml } from "../../../toml/stringify.ts";
import { at, isTable, type TomlTable } from "../../../toml/value.ts";
import { OUR_TITLE, type RegistryDirectory } from "../../../probes/containerd/registries.ts";
import { CRI, CRI_IMAGES } from "./plugin_names.ts";
import { hostsTree, type RegistryHost } from "./hosts_tree.ts";

/** A hosts.toml that takes the place of mirrors in a config.toml of others. */
export interface TakenMirror {
  name: string;
  text: string;
  urls: string[];
}

// Turns the mirrors of a file of others into hosts.toml, but for registries that have one, or are described anew.
export function takenMirrors(
  text: string | undefined,
  path: string,
  there: readonly RegistryDirectory[],
  described: readonly string[],
): TakenMirror[] {
  if (text === undefined || text.startsWith(`# ${OUR_TITLE}`)) return [];
  const registry = registryOf(text);
  const mirrors = at(registry, "mirrors");
  if (!isTable(mirrors)) return [];
  return Object.entries(mirrors).flatMap(([name, mirror]) => {
    const known = there.find((one) => one.name === name)?.file ?? null;
    const endpoints = at(mirror, "endpoint");
    if (known !== null || described.includes(name) || !Array.isArray(endpoints)) return [];
    const hosts = endpoints.map(String).flatMap((endpoint) => hostOf(endpoint, registry!));
    if (hosts.length === 0) return [];
    const tree = hostsTree({ name: name === "*" ? "_default" : name, hosts });
    const title = `# Taken over from the mirrors in ${path}; it is yours to change.\n`;
    return [
      {
        name: name === "*" ? "_default" : name,
        text: title + stringifyToml(tree),
        urls: hosts.map(({ url }) => url),
      },
    ];
  });
}

function registryOf(text: string): TomlTable | undefined {
  try {
    const tree = parseToml(text);
    const found =
      at(tree, "plugins", CRI, "registry") ?? at(tree, "plugins", CRI_IMAGES, "registry");
    return isTable(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

// An endpoint as hosts.toml has it. A path was used as it stood, which no registry answers: its API is below /v2.
function hostOf(endpoint: string, registry: TomlTable): RegistryHost[] {
  const link = /^\[(\S+)\]\(.*$/.exec(endpoint)?.[1] ?? endpoint;
  if (!URL.canParse(link)) return [];
  const url = new URL(link);
  const path = url.pathname.replace(/\/+$/, "");
  const tls = at(registry, "configs", url.host, "tls");
  const ca = at(tls, "ca_file");
  return [
    {
      url:
        path === "" ? url.origin : `${url.origin}${path.startsWith("/v2") ? path : `/v2${path}`}`,
      capabilities: ["pull", "resolve"],
      ...defined({
        override_path: path === "" ? undefined : true,
        skip_verify: at(tls, "insecure_skip_verify") === true ? true : undefined,
        ca: typeof ca === "string" ? [ca] : undefined,
      }),
    },
  ];
}
