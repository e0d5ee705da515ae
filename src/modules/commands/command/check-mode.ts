import type { CheckMode } from "../../contract/schema.ts";

/** What Ansible registers for a command that it does not run. */
export const CHECK_MODE: CheckMode = {
  kind: "command",
  result: {
    msg: "Command would have run if not in check mode",
    rc: 0,
    stdout: "",
    stdout_lines: [],
    stderr: "",
    stderr_lines: [],
    start: null,
    end: null,
    delta: null,
  },
};
