import { lines, sh, type Script } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";

/** Which program installs packages on a host; "": none that we know. */
export type PackageProgram = "apt" | "dnf" | "yum" | "";

/**
 * What is known of one package, asked for as a user names it: foo, foo:arm64, or for rpm foo-1.2.
 */
export type PackageState = {
  by: PackageProgram;
  installed: boolean;
  /** As dpkg or rpm writes it; null where it is not installed, or not known before apply. */
  version: string | null;
  /** Another package, which provides this one. */
  provider?: string;
  /** Removed, but its configuration is still there. */
  leftovers: boolean;
};

/**
 * One dpkg-query or one rpm for all names, and a second one if a name may be
 * provided by another package.
 */
export const packageKind: ProbeKind<{ name: string }, PackageState> = {
  name: "package",
  subject: (arg) => arg.name,
  script: (args) => lines([{ sh: FUNCTIONS }, sh`hw_packages ${args.map((arg) => arg.name)}`]),
  parse: parsePackages,
  look: {
    script: (arg) => lines([{ sh: FUNCTIONS }, sh`hw_package ${arg.name}`]),
    words: ({ installed, version, provider }) =>
      installed ? ["installed", provider === undefined ? version : null] : ["absent"],
  },
};

// Asks whether a package is installed.
export function askPackage(name: string): Probe<PackageState> {
  return ask(packageKind, { name });
}

/**
 * The version that an installation would bring; null: none is known, or for rpm none that is newer.
 */
export interface CandidateArg {
  name: string;
  /** The release that apt shall prefer. */
  release?: string;
}

/**
 * One `apt-cache policy` for each preferred release, or one `dnf check-update` on
 * what the host has cached.
 */
export const candidate: ProbeKind<CandidateArg, string | null> = {
  name: "candidate",
  subject: (arg) => `${arg.release ?? ""} ${arg.name}`,
  script: candidatesScript,
  parse: parseCandidates,
};

// Asks for the newest version that the host knows of.
export function askCandidate(arg: CandidateArg): Probe<string | null> {
  return ask(candidate, arg);
}

const QUERY = "${db:Status-Status}\\t${Package}\\t${Architecture}\\t${Version}\\n";
const PROVIDES = "${db:Status-Status}\\t${Package}\\t${Version}\\t${Provides}\\n";
const RPM = "%{NAME}\\t%{ARCH}\\t%{VERSION}-%{RELEASE}\\t%{EPOCHNUM}\\n";

const FUNCTIONS = `hw_by() {
  hw_b=; if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then hw_b=apt
  elif command -v rpm >/dev/null; then hw_b=yum; command -v dnf >/dev/null && hw_b=dnf; fi
}
hw_packages() {
  hw_by; echo "$hw_b"; [ -n "$hw_b" ] || return 0
  if [ "$hw_b" = apt ]; then hw_l=$(dpkg-query -W -f '${QUERY}' "$@" 2>/dev/null); else hw_l=$(rpm -q --qf '${RPM}' "$@" 2>/dev/null); fi
  printf '%s\\n' "$hw_l"; hw_n=$#
  for hw_p; do
    if [ "$hw_b" = apt ]; then case "
$hw_l" in *"
installed	@{hw_p%%:*}	"*) continue ;; esac; set -- "$@" -e "@{hw_p%%:*}"
    else case $hw_l in *"package $hw_p is not installed"*) printf 'provides %s\\n' "$hw_p"; rpm -q --qf '${RPM}' --whatprovides "$hw_p" 2>/dev/null ;; esac; fi
  done
  shift "$hw_n"; [ $# = 0 ] || hw_l=$(dpkg-query -W -f '${PROVIDES}' 2>/dev/null | grep -F "$@")
  [ $# = 0 ] || [ -z "$hw_l" ] || { hw_real "$@"; echo provides; printf '%s\\n' "$hw_l"; }
}
hw_real() {
  # shellcheck disable=SC2046 # names of packages are words
  LC_ALL=C apt-cache policy $(printf '%s\\n' "$@" | grep -v '^-e$') 2>/dev/null | while IFS= read -r hw_x; do
    case $hw_x in [!\\ ]*:) hw_p=@{hw_x%:} ;; *"Candidate: (none)") ;; *Candidate:*) printf 'real\\t%s\\n' "$hw_p" ;; esac
  done
}
hw_package() {
  hw_packages "$1" | {
    hw_w=absent; hw_s=; hw_r=; read -r hw_b
    while IFS='	' read -r hw_a hw_x hw_y hw_z; do
      case $hw_a in
        provides*) hw_s=1 ;;
        real) hw_r=1 ;;
        installed) if [ -z "$hw_s" ]; then hw_w="installed $hw_z"; break; fi; [ -z "$hw_r" ] || continue; case ", $hw_z," in *", $1,"*|*", $1 ("*) hw_w="installed $hw_y"; break ;; esac ;;
        *) [ "$hw_b" = apt ] || [ -z "$hw_z" ] || { hw_w="installed $hw_y"; break; } ;;
      esac
    done
    echo "$hw_w"
  }
}`.replaceAll("@{", "${");

function parsePackages(output: string, args: readonly { name: string }[]): PackageState[] {
  const by = (/^(apt|dnf|yum|)$/m.exec(output)?.[1] ?? "") as PackageProgram;
  const [own = "", ...provided] = output.slice(output.indexOf("\n") + 1).split(/^provides ?/m);
  const find = by === "apt" ? findDpkg : findRpm;
  return args.map(({ name }) => ({
    by,
    ...(find(name, own, provided) ?? { installed: false, version: null, leftovers: false }),
  }));
}

type Found = Omit<PackageState, "by"> | undefined;

// dpkg's own record of the package, else an installed one that provides it, where apt knows no
// package of that very name.
function findDpkg(name: string, records: string, [provided = ""]: readonly string[]): Found {
  const rows = records
    .split("\n")
    .map((line) => line.split("\t"))
    .filter(([, found, architecture]) => found === name || `${found}:${architecture}` === name);
  const installed = rows.find(([status]) => status === "installed");
  if (installed) return { installed: true, version: installed[3]!, leftovers: false };
  const isReal = records.split("\n").includes(`real\t${name.split(":")[0]}`);
  const provider = isReal
    ? undefined
    : provided
        .split("\n")
        .map((line) => line.split("\t"))
        .find(
          ([status, , , names = ""]) =>
            status === "installed" && names.split(", ").some((one) => one.split(" ")[0] === name),
        );
  if (provider)
    return { installed: true, version: provider[2]!, provider: provider[1]!, leftovers: false };
  return {
    installed: false,
    version: null,
    leftovers: rows.some(([status]) => status === "config-files"),
  };
}

// rpm accepts names with a version and an architecture appended; it answers with the plain name.
function findRpm(name: string, records: string, provided: readonly string[]): Found {
  const rows = (text: string): string[][] =>
    text
      .split("\n")
      .map((line) => line.split("\t"))
      .filter((fields) => fields.length === 4);
  const fits = ([found, arch, version]: string[]): boolean => {
    const plain = [found!, `${found}-${version!.replace(/-[^-]*$/, "")}`, `${found}-${version}`];
    return plain.includes(name) || plain.some((one) => `${one}.${arch}` === name);
  };
  const installed = rows(records).findLast(fits);
  if (installed) return { installed: true, version: installed[2]!, leftovers: false };
  const provider = provided.filter((part) => part.startsWith(`${name}\n`)).flatMap(rows)[0];
  return (
    provider && { installed: true, version: provider[2]!, provider: provider[0]!, leftovers: false }
  );
}

function candidatesScript(args: readonly CandidateArg[]): Script {
  const releases = [...new Set(args.map((arg) => arg.release))];
  const policies = releases.map((release) => {
    const names = args.filter((arg) => arg.release === release).map((arg) => arg.name);
    return sh`printf 'release %s\n' ${release ?? ""}; LC_ALL=C apt-cache policy ${release === undefined ? [] : ["-o", `APT::Default-Release=${release}`]} ${names}`;
  });
  return lines([
    { sh: FUNCTIONS },
    sh`hw_by; echo "$hw_b"; if [ "$hw_b" = apt ]; then ${lines(policies)}
elif [ -n "$hw_b" ]; then "$hw_b" -C -q check-update ${args.map((arg) => arg.name)}; fi`,
  ]);
}

// Reads "NAME:\n  Installed: V\n  Candidate: V" of apt, or "NAME.ARCH VERSION REPO" of dnf.
function parseCandidates(output: string, args: readonly CandidateArg[]): (string | null)[] {
  if (!/^apt$/m.test(output)) {
    return args.map(
      ({ name }) =>
        output
          .split("\n")
          .map((line) => line.split(/\s+/))
          .find(([found = ""]) => found.replace(/\.[^.]*$/, "") === name)?.[1]
          ?.replace(/^\d+:/, "") ?? null,
    );
  }
  const parts = output.split(/^release /m).slice(1);
  return args.map(({ name, release = "" }) => {
    const part = parts.find((text) => text.startsWith(`${release}\n`)) ?? "";
    const version = part
      .split(/^(?=\S+:$)/m)
      .find((block) => block.startsWith(`${name}:\n`))
      ?.match(/^ {2}Candidate: (.*)$/m)?.[1];
    return version === undefined || version === "(none)" ? null : version;
  });
}
