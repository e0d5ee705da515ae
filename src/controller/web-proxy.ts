import { BlockList, isIP } from "node:net";

/** The proxy for a URL, with its login as a header. */
export interface Proxy {
  host: string;
  port: number;
  /** The value of Proxy-Authorization. */
  login?: string;
}

// The proxy that the environment names for a URL, as curl and Ansible read it; undefined:
// the server itself is asked.
export function proxyFor(target: URL, env: NodeJS.ProcessEnv = process.env): Proxy | undefined {
  const scheme = target.protocol.replace(":", "");
  const named = variable(env, `${scheme}_proxy`) ?? variable(env, "all_proxy");
  if (named === undefined || isExcepted(target, variable(env, "no_proxy") ?? "")) return undefined;
  const url = new URL(/^\w+:\/\//.test(named) ? named : `http://${named}`);
  const login = url.username === "" ? {} : { login: basic(url) };
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port) || 80, ...login };
}

// The login in a URL as a header's value.
export function basic({ username, password }: URL): string {
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}`;
}

function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name] || env[name.toUpperCase()] || undefined;
}

// Whether no_proxy names a host: itself, a domain above it, its network, or all
// ("*"); a port narrows it.
function isExcepted(target: URL, list: string): boolean {
  const host = target.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = target.port || (target.protocol === "https:" ? "443" : "80");
  return list
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === "*") return true;
      if (entry.includes("/")) return isWithin(host, entry);
      if (isIP(entry) === 6) return host === entry.toLowerCase();
      const [, name = "", only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      const domain = name.toLowerCase().replace(/^\*?\./, "");
      return (
        (only === undefined || only === port) && (host === domain || host.endsWith(`.${domain}`))
      );
    });
}

function isWithin(host: string, network: string): boolean {
  const [address = "", bits = ""] = network.split("/");
  const kind = isIP(address);
  if (
    isIP(host) !== kind ||
    kind === 0 ||
    !/^\d+$/.test(bits) ||
    Number(bits) > (kind === 4 ? 32 : 128)
  )
    return false;
  const list = new BlockList();
  const family = kind === 4 ? "ipv4" : "ipv6";
  list.addSubnet(address, Number(bits), family);
  return list.check(host, family);
}
