import MODULE_FUNCTIONS from "./kernel_module.sh?raw";
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

/**
 * What the kernel has: mostly found by the shell itself; processes are only needed for what
 * /sys/module does not show.
 */
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
