import { defined } from "../../../defined.ts";
import { TaskFailure } from "../../../errors.ts";
import { plainName, type PipArg } from "../../../probes/packages/pip.ts";
import { splitCommand } from "../../commands/command/split.ts";
import type { ArgsOf, Schema } from "../../contract/schema.ts";

export const schema = {
  description:
    "Installs Python packages with the host's pip, or in a virtual environment. What would be installed is asked with pip's --dry-run, so a plan names the versions.",
  example: `name: A tool in an environment of its own
pip:
  name: [httpie==3.2.1]
  virtualenv: /opt/httpie
  virtualenv_command: python3 -m venv`,
  returns: [
    "cmd: pip's words",
    "name, version, state, requirements, virtualenv: what was asked for",
    "stdout, stdout_lines, stderr, stderr_lines: what pip printed, where it ran",
  ],
  arguments: {
    name: {
      type: "list",
      elements: "str",
      description:
        "Packages, each with versions if wanted: name>=1.0,<2. Also URLs and directories.",
    },
    version: { type: "str", description: "The version of the one package." },
    requirements: { type: "str", description: "A file on the host that lists packages." },
    virtualenv: {
      type: "path",
      description: "A virtual environment, which is made if it is not there.",
    },
    virtualenv_site_packages: {
      type: "bool",
      default: false,
      description: "A new environment sees the host's packages, too.",
    },
    virtualenv_command: {
      type: "path",
      default: "virtualenv",
      asWritten: true,
      description: "The program that makes the environment, with its options.",
    },
    virtualenv_python: { type: "str", description: "The Python of a new environment." },
    state: {
      type: "str",
      choices: ["absent", "latest", "present"],
      foreignChoices: ["forcereinstall"],
      default: "present",
      description: "Whether the packages are to be there; latest: at their newest version.",
    },
    extra_args: { type: "str", description: "More options of pip." },
    editable: {
      type: "bool",
      default: false,
      description: "The packages are directories or working copies that stay where they are.",
    },
    chdir: { type: "path", description: "The directory in which pip runs." },
    executable: {
      type: "path",
      asWritten: true,
      description: "Another pip: its path, or its name, such as pip3.11.",
    },
    umask: { type: "str", description: "The umask under which files are made, in octal." },
  },
  requiredOneOf: [["name", "requirements"]],
  mutuallyExclusive: [
    ["name", "requirements"],
    ["executable", "virtualenv"],
  ],
} as const satisfies Schema;

export type PipArgs = ArgsOf<typeof schema>;

// Refuses arguments that make no sense together, in Ansible's words.
export function refuseArguments(args: PipArgs): void {
  const { state, version, umask, virtualenv_command: command, virtualenv_python: python } = args;
  if (umask !== undefined && !/^[0-7]{1,4}$/.test(umask))
    throw new TaskFailure("umask must be an octal integer", 'umask: "0022"');
  if (state === "latest" && version !== undefined)
    throw new TaskFailure("version is incompatible with state=latest");
  if (python !== undefined && isVenv(command))
    throw new TaskFailure(
      "virtualenv_python should not be used when using the venv module or pyvenv as virtualenv_command",
    );
  const names = namesOf(args);
  if (version === undefined) return;
  if (names.length > 1)
    throw new TaskFailure(
      "'version' argument is ambiguous when installing multiple package distributions. Please specify version restrictions next to each package in 'name' argument.",
    );
  if (/[<>=!~]/.test(names[0] ?? ""))
    throw new TaskFailure(
      "The 'version' argument conflicts with any version specifier provided along with a package name. Please keep the version specifier, but remove the 'version' argument.",
    );
}

// The packages as they are written: a comma divides them, but not the versions or extras of one.
export function namesOf({ name = [] }: PipArgs): string[] {
  const names: string[] = [];
  for (const piece of name.flatMap((one) => one.split(",")).map((one) => one.trim())) {
    const last = names.at(-1);
    const isOpen = last !== undefined && /\[[^\]]*$/.test(last);
    if (isOpen || (last !== undefined && /^[<>=!~]/.test(piece)))
      names[names.length - 1] = `${last},${piece}`;
    else if (piece !== "") names.push(piece);
  }
  return names;
}

// The plain name of a package, where it is no URL and no path.
export function nameIn(text: string): string | undefined {
  const found = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:$|[<>=!~;])/.exec(text);
  return found ? plainName(found[1]!) : undefined;
}

// The words that name what is installed, with pip's further options.
export function wordsOf(args: PipArgs): string[] {
  const { version, requirements, editable, extra_args: extra } = args;
  const options = extra === undefined ? [] : splitCommand(extra);
  if (editable && !options.includes("-e")) options.push("-e");
  if (requirements !== undefined) return [...options, "-r", requirements];
  const names = namesOf(args);
  if (version === undefined) return [...options, ...names];
  return [...options, `${names[0]!}${/^\s*\d/.test(version) ? `==${version.trim()}` : version}`];
}

// pip's arguments.
export function verbOf({ state }: PipArgs): string[] {
  if (state === "absent") return ["uninstall", "-y"];
  return state === "latest" ? ["install", "-U"] : ["install"];
}

// The directory of the virtual environment: below chdir, if that is given and
// it is no absolute path.
export function virtualenvOf({ virtualenv, chdir }: PipArgs): string | undefined {
  if (virtualenv === undefined || chdir === undefined || virtualenv.startsWith("/"))
    return virtualenv;
  return `${chdir.replace(/\/$/, "")}/${virtualenv}`;
}

// What pip is asked for a task.
export function questionOf(args: PipArgs): PipArg {
  const names = namesOf(args).flatMap((one) => nameIn(one) ?? []);
  const { executable: program, chdir } = args;
  const install =
    args.state === "absent" ? undefined : [...verbOf(args).slice(1), ...wordsOf(args)];
  return {
    names: [...new Set(names)].sort(),
    ...defined({ virtualenv: virtualenvOf(args), program, chdir, install }),
  };
}

// Whether the command is Python's own venv, which takes no Python.
export function isVenv(command: string): boolean {
  return command.includes("pyvenv") || command.includes("-m venv");
}
