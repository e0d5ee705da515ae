import { mapGet } from "../yaml/node.ts";
import type { PlacedTask } from "../playbook/visit.ts";

/** Programs that do the work of a module, recognised by arguments that are present or absent. */
const MODULES: Readonly<Record<string, string>> = {
  "apt-get": "apt",
  apt: "apt",
  aptitude: "apt",
  dpkg: "apt",
  yum: "dnf",
  dnf: "dnf",
  mkdir: "file",
  rmdir: "file",
  rm: "file",
  ln: "file",
  touch: "file",
  chmod: "file",
  chown: "file",
  chgrp: "file",
  cp: "copy",
  curl: "get_url",
  wget: "get_url",
  tar: "unarchive",
  service: "service",
  sed: "lineinfile, or replace",
  mount: "mount",
  umount: "mount",
  modprobe: "modprobe",
  sysctl: "sysctl",
  useradd: "user",
  usermod: "user",
  userdel: "user",
  groupadd: "group",
  groupdel: "group",
  hostnamectl: "hostname",
  hostname: "hostname",
  mktemp: "tempfile",
  reboot: "reboot",
};

/** What systemctl does that a module does too. */
const SYSTEMD = new Set([
  "start",
  "stop",
  "restart",
  "reload",
  "enable",
  "disable",
  "mask",
  "unmask",
  "daemon-reload",
]);

// The module that does the work of a command, if there is one.
export function moduleInstead(text: string): { program: string; module: string } | undefined {
  const words = text.trim().split(/\s+/);
  const program = words[0]?.replace(/^\/(usr\/)?s?bin\//, "") ?? "";
  const verb = words.slice(1).find((word) => !word.startsWith("-"));
  if (program === "systemctl")
    return verb !== undefined && SYSTEMD.has(verb)
      ? { program: `systemctl ${verb}`, module: "systemd_service" }
      : undefined;
  if (["hostname", "mount", "dpkg", "sysctl"].includes(program) && verb === undefined)
    return undefined;
  return Object.hasOwn(MODULES, program) ? { program, module: MODULES[program]! } : undefined;
}

// The text that a task runs, as written.
export function commandText({ task }: PlacedTask): string | undefined {
  const cmd = mapGet(task.args, "cmd");
  return cmd?.kind === "scalar" ? String(cmd.value) : undefined;
}

// Whether a text needs a shell: pipes, variables, patterns, words of the shell.
export function needsShell(text: string): boolean {
  const bare = text.replaceAll(/\{\{[\s\S]*?\}\}/g, "");
  return (
    /[|&;<>()$`\\"'*?[\]{}~#=%!\n]/.test(bare) ||
    /^\s*(cd|export|source|\.|set|ulimit|umask|type|command|exec|eval|if|for|while|test)\s/.test(
      bare,
    )
  );
}
