import type { Json } from "../../../value.ts";
import { splitOnce } from "../../../split-once.ts";
import type { Answer, Facts } from "./answer.ts";
import { defined } from "../../../defined.ts";

const INIT_NAMES: { readonly [comm: string]: string } = {
  procd: "openwrt_init",
  "runit-init": "runit",
  svscan: "svc",
  "openrc-init": "openrc",
};

// Kernel, names, init system and security modules: what Ansible calls platform, and
// the small sets beside it.
export function systemFacts(answer: Answer): Facts {
  const text = (path: string): string => answer.files.get(path)?.trim() ?? "";
  const machine = text("/proc/sys/kernel/arch") || (answer.words.get("machine") ?? "");
  const machineId = text("/etc/machine-id");
  return {
    system: text("/proc/sys/kernel/ostype") || "Linux",
    kernel: text("/proc/sys/kernel/osrelease"),
    kernel_version: text("/proc/sys/kernel/version"),
    machine,
    architecture: /^i[3456]86$/.test(machine) ? "i386" : machine,
    ...defined({ machine_id: machineId ? machineId : undefined }),
    ...nameFacts(answer),
    service_mgr: initSystem(answer),
    selinux: selinux(answer),
    apparmor: {
      status: answer.exists.has("/sys/kernel/security/apparmor") ? "enabled" : "disabled",
    },
    fips: text("/proc/sys/crypto/fips_enabled") === "1",
    is_chroot: answer.words.get("chroot") === "yes",
    ...commandLine(text("/proc/cmdline")),
    dns: dns(text("/etc/resolv.conf")),
    loadavg: loadAverage(text("/proc/loadavg")),
    env: environment(answer.files.get("/proc/self/environ") ?? ""),
  };
}

// The host's names; as Python does, the first of its names that has a dot is the full one.
function nameFacts(answer: Answer): Facts {
  const nodename = answer.words.get("host") ?? "";
  const hosts = (answer.files.get("/etc/hosts") ?? "")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").split(/\s+/).filter(Boolean));
  const address = hosts.find(([, ...names]) => names.includes(nodename))?.[0];
  const listed = hosts.find(([first]) => address !== undefined && first === address)?.slice(1);
  const names = listed ?? answer.names.map((line) => line.split(/\s+/)[2] ?? "").filter(Boolean);
  const fqdn = names.find((name) => name.includes(".")) ?? names[0] ?? nodename;
  return { nodename, hostname: nodename.split(".")[0]!, fqdn, domain: splitOnce(fqdn, ".")[1] };
}

// Names what runs as process 1; a name that says nothing gives way to systemd's own mark.
function initSystem(answer: Answer): string {
  const first = answer.files.get("/proc/1/comm")?.trim();
  if (first && first !== "init" && !first.endsWith("sh")) return INIT_NAMES[first] ?? first;
  if (answer.exists.has("/run/systemd/system")) return "systemd";
  return answer.exists.has("/sbin/openrc") ? "openrc" : "service";
}

// SELinux shows itself in its own file system.
function selinux(answer: Answer): Facts {
  const enforcing = answer.files.get("/sys/fs/selinux/enforce")?.trim();
  return enforcing === undefined
    ? { status: "disabled" }
    : { status: "enabled", mode: enforcing === "1" ? "enforcing" : "permissive" };
}

// The kernel's command line; `proc_cmdline` keeps repeated keys as lists.
function commandLine(text: string): Facts {
  const [last, all] = [new Map<string, Json>(), new Map<string, Json>()];
  for (const word of text.match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? []) {
    const [key, value] = word.includes("=") ? splitOnce(word, "=") : [word, true as const];
    const earlier = all.get(key);
    last.set(key, value);
    all.set(
      key,
      earlier === undefined || value === true
        ? value
        : [...(Array.isArray(earlier) ? earlier : [earlier]), value],
    );
  }
  return { cmdline: Object.fromEntries(last), proc_cmdline: Object.fromEntries(all) };
}

// The resolver's servers and search list.
function dns(text: string): Facts {
  const facts: Facts = {};
  for (const [key, ...values] of text.split("\n").map((line) => line.trim().split(/\s+/))) {
    if (key === "nameserver")
      facts["nameservers"] = [...((facts["nameservers"] as string[] | undefined) ?? []), ...values];
    if (key === "search") facts["search"] = values;
    if (key === "domain" && values[0]) facts["domain"] = values[0];
  }
  return facts;
}

// Load over 1, 5 and 15 minutes.
function loadAverage(text: string): Facts {
  const [one, five, fifteen] = text.split(" ").map(Number);
  return { "1m": one ?? 0, "5m": five ?? 0, "15m": fifteen ?? 0 };
}

// The environment of the become user's shell.
function environment(text: string): Facts {
  return Object.fromEntries(
    text
      .split("\0")
      .filter((entry) => entry.includes("="))
      .map((entry) => splitOnce(entry, "=")),
  );
}

// Who the tasks run as, from the user database.
export function userFacts(answer: Answer): Facts {
  const uid = Number(answer.words.get("uid") ?? 0);
  const line = [...(answer.lines.get("/etc/passwd") ?? []), ...answer.names].find(
    (entry) => entry.split(":")[2] === String(uid),
  );
  const [name, , , gid, gecos, dir, shell] = line?.split(":") ?? [];
  const ids = { user_uid: uid, real_user_id: uid, effective_user_id: uid };
  if (name === undefined) return ids;
  const group = Number(gid);
  return {
    ...ids,
    user_id: name,
    user_gid: group,
    real_group_id: group,
    effective_group_id: group,
    user_gecos: gecos ?? "",
    user_dir: dir ?? "",
    user_shell: shell ?? "",
  };
}
