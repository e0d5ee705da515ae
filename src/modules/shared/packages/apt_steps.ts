import type { Simulated } from "../../../probes/packages/apt.ts";
import { lines, sh, type Script } from "../../../script/sh.ts";
import type { Step } from "../../contract/module.ts";
import { FETCH_FUNCTIONS, fetchTo } from "../download/download.ts";
import type { Choice } from "./choose.ts";
import { sha256Hex } from "../../../sha256.ts";

/** How apt-get is called. */
export interface AptOptions {
  recommends?: boolean | undefined;
  release?: string | undefined;
  purge?: boolean;
  autoremove?: boolean;
  onlyUpgrade?: boolean;
  allowDowngrade?: boolean;
  allowUnauthenticated?: boolean;
  allowHeld?: boolean;
  /** Options of dpkg, with commas between. */
  dpkg: string;
  /** Seconds to wait for another program that holds dpkg's lock. */
  lockTimeout: number;
}

// Brings the lists of packages up to date; what a mirror refuses is tried again, and told once. If
// it stays so, `onFailure` is run. Where nothing was new, apt leaves their time as it was.
export function updateLists(retries: number, maxDelay: number, onFailure: Script = sh`:`): Step {
  return {
    run: sh`hw_i=0; { until hw_e=$(apt-get -q -o APT::Update::Error-Mode=any update 2>&1 >&3); do
  hw_i=$((hw_i + 1)); [ "$hw_i" -le ${retries} ] || { printf 'Failed to update apt cache: %s\\n' "$hw_e" >&2; ${onFailure}; exit 1; }
  hw_d=$((hw_i * 2)); [ "$hw_d" -le ${maxDelay} ] || hw_d=${maxDelay}; sleep "$hw_d"
done; } 3>&1
[ -z "$hw_e" ] || printf '%s\\n' "$hw_e" >&2
touch -c /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp`,
  };
}

// Installs and removes. The undo takes away again all packages that came along.
export function aptSteps(
  { install, remove }: Choice,
  options: AptOptions,
  files: readonly string[] = [],
): Step[] {
  const steps: Step[] = [];
  const wanted = [...install.map((one) => one.text), ...files];
  if (wanted.length > 0) {
    const note = `packages-${sha256Hex(wanted.join(" ")).slice(0, 12)}`;
    steps.push({
      run: lines([
        sh`${LIST} > "$HW_ENTRY_DIR/"${note} || exit 1`,
        saidPlainly(call(options, ["install", ...installWords(options)], wanted), note),
      ]),
      undo: sh`${LIST} | comm -13 "$U/"${note} - | DEBIAN_FRONTEND=noninteractive xargs -r apt-get -q -y purge`,
    });
  }
  if (remove.length > 0) {
    const back = remove.map((one) => one.name);
    steps.push({
      run: call(
        options,
        [options.purge ? "purge" : "remove", ...(options.autoremove ? ["--auto-remove"] : [])],
        back,
      ),
      undo: call(options, ["install"], back),
    });
  }
  return steps;
}

// A call whose complaint about a package that is not there is told in Ansible's words.
function saidPlainly(run: Script, note: string): Script {
  const said = sh`"$HW_ENTRY_DIR/"${note}.err`;
  return sh`hw_c=0; ${run} 2>${said} || hw_c=$?
[ "$hw_c" = 0 ] || { hw_m=$(sed -n ${MISSING} ${said} | head -n 1); [ -z "$hw_m" ] || { printf '%s\\n' "$hw_m" >&2; exit 1; }; }
cat ${said} >&2; rm -f ${said}; (exit "$hw_c")`;
}

/** What apt-get says of packages that are not there, in Ansible's words. */
const MISSING = [
  String.raw`s/^E: Unable to locate package \(.*\)$/No package matching '\1' is available/p`,
  String.raw`s/^E: Version '\(.*\)' for '\(.*\)' was not found$/no available installation candidate for \2=\1/p`,
].join(";");

// Downloads a package's file, installs it unless that version is there, and notes what it was. The
// undo is that of packages by their names.
export function fetchedStep(url: string, note: string, options: AptOptions): Step {
  const file = sh`"$HW_ENTRY_DIR/fetched.deb"`;
  const request = { url, timeout: 10, validateCerts: true, useProxy: true };
  const list = `packages-${note}`;
  return {
    run: lines([
      { sh: FETCH_FUNCTIONS },
      sh`${fetchTo(request, file)} || exit 1`,
      sh`hw_w=$(dpkg-deb -W --showformat='${{ sh: "${Package} ${Version}" }}' ${file}) || exit 1`,
      sh`${LIST} > "$HW_ENTRY_DIR/"${list} || exit 1`,
      sh`if [ "$(dpkg-query -W -f '${{ sh: "${db:Status-Status} ${Version}" }}' "${{ sh: "${hw_w%% *}" }}" 2>/dev/null)" != "installed ${{ sh: "${hw_w#* }" }}" ]; then
  ${call(options, ["install", ...installWords(options)], [])} ${file} || exit 1
fi`,
      sh`hw_record ${note} '{"name":"'"${{ sh: "${hw_w%% *}" }}"'","version":"'"${{ sh: "${hw_w#* }" }}"'"}'; rm -f ${file}`,
    ]),
    undo: sh`${LIST} | comm -13 "$U/"${list} - | DEBIAN_FRONTEND=noninteractive xargs -r apt-get -q -y purge`,
  };
}

/** What may be asked of all packages. */
interface WholeArgs {
  upgrade: string;
  autoclean: boolean;
  autoremove: boolean;
  purge: boolean;
  update_cache?: boolean;
  cache_valid_time: number;
  name?: unknown;
  deb?: unknown;
}

// apt-get's words for `upgrade`, `autoclean` and `autoremove`; undefined: none is requested, or it
// is done together with packages. As in Ansible, autoclean is done only by itself.
export function wholeVerb(args: WholeArgs): string | undefined {
  const { upgrade, autoclean, autoremove, purge } = args;
  if (upgrade !== "no")
    return upgrade === "dist" || upgrade === "full" ? "dist-upgrade" : "upgrade --with-new-pkgs";
  if (args.name !== undefined || args.deb !== undefined) return undefined;
  const updates = args.update_cache ?? args.cache_valid_time > 0;
  if (autoclean && !updates) return "autoclean";
  return autoremove ? `autoremove${purge ? " --purge" : ""}` : undefined;
}

// Upgrades all packages, or removes what nothing needs any more; what was removed can be had again.
export function wholeStep(verb: string, options: AptOptions, packages: readonly Simulated[]): Step {
  const run = call(
    options,
    [...verb.split(" "), ...(verb.startsWith("auto") ? [] : installWords(options))],
    [],
  );
  return verb.startsWith("autoremove")
    ? {
        run,
        undo: call(
          options,
          ["install"],
          packages.map((one) => one.name),
        ),
      }
    : { run };
}

function installWords(options: AptOptions): string[] {
  const { recommends, release } = options;
  return [
    ...(recommends === undefined
      ? []
      : [recommends ? "--install-recommends" : "--no-install-recommends"]),
    ...(release === undefined ? [] : ["-t", release]),
    ...(options.autoremove ? ["--auto-remove"] : []),
    ...(options.onlyUpgrade ? ["--only-upgrade"] : []),
    ...(options.allowDowngrade ? ["--allow-downgrades"] : []),
    ...(options.allowUnauthenticated ? ["--allow-unauthenticated"] : []),
    ...(options.allowHeld ? ["--allow-change-held-packages"] : []),
  ];
}

// One call that asks no questions.
function call(
  { dpkg, lockTimeout }: AptOptions,
  verb: readonly string[],
  names: readonly string[],
): Script {
  const settings = [
    `DPkg::Lock::Timeout=${lockTimeout}`,
    ...dpkg
      .split(",")
      .filter(Boolean)
      .map((option) => `Dpkg::Options::=--${option.trim()}`),
  ];
  return sh`DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none apt-get -q -y ${[...settings.flatMap((setting) => ["-o", setting]), ...verb, ...names]}`;
}

/** The installed packages, so that the undo can tell the new ones. */
const LIST: Script = {
  sh: "dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\\n' | sed -n 's/^ii *//p' | sort",
};
