import { sh } from "../../script/sh.ts";
import { AFTER_EACH_CHANGE, madeOfAll, ask, type Probe, type ProbeKind } from "../probe.ts";

/** A service of systemd, by the keys of Ansible's service_facts. */
export type ServiceFact = { name: string; state: string; status: string; source: "systemd" };

/** An installed package, by the keys of Ansible's package_facts. */
export type PackageFact = {
  name: string;
  version: string;
  arch: string;
  source: "apt" | "rpm";
  category?: string;
  release?: string;
  epoch?: number | null;
};

/**
 * All services that systemd has loaded, and all that it has files of; null: systemd does not run.
 */
export const services: ProbeKind<null, { [name: string]: ServiceFact } | null> = {
  name: "services",
  subject: () => "",
  holds: { unknownBehind: "starts", asked: AFTER_EACH_CHANGE },
  planned: {
    madeOf: madeOfAll("unit"),
  },
  script:
    () => sh`[ -d /run/systemd/system ] && { systemctl list-units --type=service --all --plain --no-legend --no-pager --full
echo --files--; hw_l=$(systemctl list-unit-files --type=service --all --no-legend --no-pager --full); printf '%s\n' "$hw_l"
echo --aliases--; set --; while read -r hw_n hw_s hw_x; do case $hw_s/$hw_n in *@.*) ;; alias/*) set -- "$@" "$hw_n" ;; esac; done <<HW_EOF
$hw_l
HW_EOF
[ $# = 0 ] || systemctl show -pNames -pActiveState -- "$@"; }`,
  parse: (output, args) => args.map(() => parseServices(output)),
};

/** All installed packages, as recorded by dpkg and rpm; null: there is neither. */
export const installed: ProbeKind<null, { [name: string]: PackageFact[] } | null> = {
  name: "installed",
  subject: () => "",
  holds: { unknownBehind: "starts", asked: AFTER_EACH_CHANGE },
  planned: {
    madeOf: madeOfAll("package"),
  },
  script: () => sh`if command -v dpkg-query >/dev/null; then echo apt; dpkg-query -W -f ${DPKG}; fi
if command -v rpm >/dev/null; then echo rpm; rpm -qa --qf ${RPM}; fi`,
  parse: (output, args) => args.map(() => parsePackages(output)),
};

const DPKG = "${db:Status-Status}\\t${Package}\\t${Version}\\t${Architecture}\\t${Section}\\n";
const RPM = "%{NAME}\\t%{VERSION}\\t%{RELEASE}\\t%{EPOCH}\\t%{ARCH}\\n";
/** States of loading or failing that say more than whether it runs. */
const BAD = ["not-found", "masked", "failed"];

// A loaded service has its state; a unit file shows whether it is enabled, unless something worse
// is known. A service that is not loaded is not active, unless it is another name of one that is.
function parseServices(output: string): { [name: string]: ServiceFact } | null {
  const [units, files, aliases = ""] = output.split(/^--(?:files|aliases)--\n/m);
  if (units === undefined || files === undefined) return null;
  const states = new Map(
    aliases
      .split("\n\n")
      .flatMap((block) =>
        (/^Names=(.*)$/m.exec(block)?.[1] ?? "")
          .split(" ")
          .map((name) => [name, /^ActiveState=(.*)$/m.exec(block)?.[1] ?? "inactive"]),
      ),
  );
  const found: { [name: string]: ServiceFact } = {};
  for (const [name = "", load = "", active = "", sub = ""] of rows(units)) {
    const status = BAD.find((word) => [load, active, sub].includes(word)) ?? active;
    found[name] = {
      name,
      state: sub === "running" ? "running" : "stopped",
      status,
      source: "systemd",
    };
  }
  for (const [name = "", status = ""] of rows(files)) {
    const loaded = found[name];
    if (!loaded)
      found[name] = {
        name,
        state: name.includes("@.") ? "unknown" : (states.get(name) ?? "inactive"),
        status,
        source: "systemd",
      };
    else if (!BAD.includes(loaded.status)) found[name] = { ...loaded, status };
  }
  return found;
}

function rows(text: string): string[][] {
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([name = ""]) => name.endsWith(".service"));
}

function parsePackages(output: string): { [name: string]: PackageFact[] } | null {
  if (!/^(apt|rpm)$/m.test(output)) return null;
  const found: { [name: string]: PackageFact[] } = {};
  const add = (fact: PackageFact): void => void (found[fact.name] ??= []).push(fact);
  const [apt = "", rpm = ""] = output.split(/^rpm$/m);
  for (const [status, name, version, arch, category] of fields(apt))
    if (status === "installed")
      add({ name: name!, version: version!, arch: arch!, category: category!, source: "apt" });
  for (const [name, version, release, epoch, arch] of fields(rpm))
    add({
      name: name!,
      version: version!,
      release: release!,
      epoch: epoch === "(none)" ? null : Number(epoch),
      arch: arch!,
      source: "rpm",
    });
  return found;
}

function fields(text: string): string[][] {
  return text
    .split("\n")
    .map((line) => line.split("\t"))
    .filter((row) => row.length === 5);
}

// Asks for all services.
export function askServices(): Probe<{ [name: string]: ServiceFact } | null> {
  return ask(services, null);
}

// Asks for all packages.
export function askInstalled(): Probe<{ [name: string]: PackageFact[] } | null> {
  return ask(installed, null);
}
