import { lines, sh, type Script } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";

/** `persistent` wants to know too what is loaded at boot, and with which parameters. */
export interface KernelModuleArg {
  name: string;
  persistent: boolean;
}

export interface KernelModuleState {
  kernel: "loaded" | "builtin" | "absent";
  /** Files of /etc/modules-load.d that name the module. */
  boot: string[];
  /** Parameters that files of /etc/modprobe.d set, by file. */
  options: { [file: string]: string[] };
}

/** What the kernel has: mostly told by the shell itself; processes only for what /sys/module does not show. */
export const kernelModule: ProbeKind<KernelModuleArg, KernelModuleState> = {
  name: "kernel_module",
  subject: (arg) => arg.name,
  script: (args) => script(args),
  parse: (output, args) => args.map((arg) => readState(output.split("\n"), arg)),
  look: {
    script: (arg) => lines([{ sh: MODULE_FUNCTIONS }, sh`hw_module ${kernelName(arg.name)}`]),
    words: (state) => (state.kernel === "absent" ? ["absent"] : [null]),
  },
};

// Asks about a kernel module.
export function askKernelModule(name: string, persistent: boolean): Probe<KernelModuleState> {
  return ask(kernelModule, { name, persistent });
}

// The kernel writes dashes as underscores.
export function kernelName(name: string): string {
  return name.replaceAll("-", "_");
}

// A loaded module has an initstate, a built-in one has not. What has neither may be built in without parameters, a file system,
// or another name of a module.
const MODULE_FUNCTIONS = String.raw`
hw_module() {
  if [ -f "/sys/module/$1/initstate" ]; then printf 'loaded\n'; return; fi
  if [ -d "/sys/module/$1" ]; then printf 'builtin\n'; return; fi
  while read -r hw_k hw_v; do [ "@{hw_v:-$hw_k}" != "$1" ] || { printf 'builtin\n'; return; }; done < /proc/filesystems
  read -r hw_r < /proc/sys/kernel/osrelease; hw_p=$1; hw_v=
  while :; do case $hw_p in *_*) hw_v="$hw_v@{hw_p%%_*}[-_]"; hw_p=@{hw_p#*_} ;; *) hw_v=$hw_v$hw_p; break ;; esac; done
  if grep -qs "/$hw_v\.ko" "/lib/modules/$hw_r/modules.builtin"; then printf 'builtin\n'; return; fi
  for hw_k in $(modprobe -R -- "$1" 2>/dev/null); do if [ -d "/sys/module/$hw_k" ]; then printf 'loaded\n'; return; fi; done
  printf 'absent\n'
}`.replaceAll("@{", "${");

function script(args: readonly KernelModuleArg[]): Script {
  const asked = args.map(
    ({ name }) => sh`printf 'module %s ' ${name}; hw_module ${kernelName(name)}`,
  );
  const files = args.some((arg) => arg.persistent)
    ? [sh`grep -Hs '^ *[^ #;]' /etc/modules-load.d/*.conf /etc/modprobe.d/*.conf; :`]
    : [];
  return lines([{ sh: MODULE_FUNCTIONS }, ...asked, ...files]);
}

// Finds a module's own lines among all.
function readState(rows: readonly string[], { name }: KernelModuleArg): KernelModuleState {
  const kernel = rows.find((row) => row.startsWith(`module ${name} `))?.split(" ")[2];
  const own = (text: string | undefined): boolean =>
    text !== undefined && kernelName(text) === kernelName(name);
  const boot: string[] = [];
  const options: { [file: string]: string[] } = {};
  for (const row of rows) {
    const [, file, text] = /^(\/etc\/mod[^:]*):\s*(.*?)\s*(?:[#;].*)?$/.exec(row) ?? [];
    const [first, second, ...rest] = text?.split(/\s+/) ?? [];
    if (file?.startsWith("/etc/modules-load.d/") && own(first) && second === undefined)
      boot.push(file);
    if (file?.startsWith("/etc/modprobe.d/") && first === "options" && own(second))
      options[file] = [...(options[file] ?? []), ...rest];
  }
  return { kernel: kernel === "loaded" || kernel === "builtin" ? kernel : "absent", boot, options };
}
