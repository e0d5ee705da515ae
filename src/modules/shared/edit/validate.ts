import { TaskFailure } from "../../../errors.ts";
import { sh, type Script } from "../../../script/sh.ts";
import { splitCommand } from "../../commands/command/split.ts";

// The command that has the last word on a new file: split into words as Ansible
// does, without a shell.
export function validation(command: string, file: Script): Script {
  if (!/(?<!%)(?:%%)*%s/.test(command))
    throw new TaskFailure(`validate must contain %s: ${command}`, "%s is replaced by the new file");
  const words = splitCommand(command).map((word) => wordWith(word, file).sh);
  return sh`hw_o=$(${{ sh: words.join(" ") }} 2>&1) || { hw_fail "failed to validate: rc:$? error:$hw_o"; exit 1; }`;
}

// One word of it, with the file's path for %s and a percent sign for %%.
function wordWith(word: string, file: Script): Script {
  const parts = word.split(/(%[s%])/).filter((part) => part !== "");
  return {
    sh:
      parts.map((part) => (part === "%s" ? file : sh`${part === "%%" ? "%" : part}`).sh).join("") ||
      "''",
  };
}
