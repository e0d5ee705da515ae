import type { Json } from "../../../value.ts";
import { readAssignments, type Answer, type Facts } from "./answer.ts";

// What is installed beside the system itself: Python, the tool lsb_release, the keys of sshd.
export function softwareFacts(answer: Answer): Facts {
  const machine =
    answer.files.get("/proc/sys/kernel/arch")?.trim() || (answer.words.get("machine") ?? "");
  const bits = /64|s390x|alpha/.test(machine) ? "64" : "32";
  return {
    ...pythonFacts(answer.words.get("python") ?? ""),
    lsb: lsb(answer),
    ...hostKeys(answer.files),
    userspace_bits: bits,
    userspace_architecture: machine,
  };
}

// The host's own Python, which modules of Ansible would run with; a host
// without one has no such fact.
function pythonFacts(said: string): Facts {
  const [, major, minor, micro] = /^Python (\d+)\.(\d+)\.(\d+)/.exec(said)?.map(Number) ?? [];
  if (micro === undefined) return {};
  const numbers = { major: major!, minor: minor!, micro, releaselevel: "final", serial: 0 };
  return {
    python_version: `${major}.${minor}.${micro}`,
    python: {
      version: numbers,
      version_info: Object.values(numbers),
      executable: "/usr/bin/python3",
      has_sslcontext: true,
      type: "cpython",
    },
  };
}

// What lsb_release would print; without that tool, what its file says.
function lsb({ exists, files }: Answer): Json {
  const release = readAssignments(
    files.get("/etc/os-release") ?? files.get("/usr/lib/os-release") ?? "",
  );
  const file = readAssignments(files.get("/etc/lsb-release") ?? "");
  if (!exists.has("/usr/bin/lsb_release") && file.size === 0) return {};
  const name = release.get("NAME")?.split(" ")[0];
  const version = file.get("DISTRIB_RELEASE") ?? release.get("VERSION_ID");
  const facts = {
    id: file.get("DISTRIB_ID") ?? name,
    description: file.get("DISTRIB_DESCRIPTION") ?? release.get("PRETTY_NAME"),
    release: version,
    codename: file.get("DISTRIB_CODENAME") ?? release.get("VERSION_CODENAME"),
    major_release: version?.split(".")[0],
  };
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

// The public keys by which sshd shows who it is.
function hostKeys(files: ReadonlyMap<string, string>): Facts {
  const facts: Facts = {};
  for (const [path, text] of files) {
    const kind = /^\/etc\/ssh\/ssh_host_(\w+)_key\.pub$/.exec(path)?.[1];
    const [type, key] = text.trim().split(/\s+/);
    if (kind === undefined || type === undefined || key === undefined) continue;
    facts[`ssh_host_key_${kind}_public`] = key;
    facts[`ssh_host_key_${kind}_public_keytype`] = type;
  }
  return facts;
}
