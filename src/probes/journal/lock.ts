import { sh } from "../../script/sh.ts";
import { ProbeError, type ProbeKind } from "../probe.ts";

/** Who has locked the host. */
export interface LockState {
  /** A process on the host has the lock. */
  isHeld: boolean;
  /** The shell of the run that has it. */
  pid: number;
  /** Who ran it, from where, since when; the run's name. */
  owner: string;
  run: string;
  /**
   * What its shell still belongs to: a login (sshd), a controller on this host
   * (node); "": to nothing any more.
   */
  by: string;
}

/** Whether a run has locked the host, and whether it is still controlled by anybody. */
export const lockState: ProbeKind<null, LockState> = {
  name: "lock",
  subject: () => "",
  holds: { unknownBehind: "starts" },
  script: () =>
    sh`hw_held=no; [ ! -e "$HW_STATE_DIR/lock" ] || flock -n "$HW_STATE_DIR/lock" true || hw_held=yes
hw_r=; hw_p=0; hw_o=; { read -r hw_r hw_x; read -r hw_p; read -r hw_o; } 2>/dev/null < "$HW_STATE_DIR/owner"
hw_q=$hw_p; hw_by=
while [ "\${hw_q:-0}" -gt 1 ] && IFS= read -r hw_c 2>/dev/null < "/proc/$hw_q/comm"; do
  case $hw_c in sshd*|node|MainThread|hullwright) hw_by=$hw_c; break ;; esac
  read -r hw_l < "/proc/$hw_q/stat" && set -- \${hw_l##*) } && hw_q=$2
done
printf '%s\n' "$hw_held" "\${hw_p:-0}" "$hw_r" "$hw_by" "$hw_o"`,
  parse(output, args) {
    const [held, pid, run = "", by = "", owner = ""] = output.split("\n");
    if (held !== "yes" && held !== "no")
      throw new ProbeError("the answer about the lock is truncated or garbled");
    const state = { isHeld: held === "yes", pid: Number(pid) || 0, owner, run, by };
    return args.map(() => state);
  },
};
