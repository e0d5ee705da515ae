import { sh, type Script } from "./sh.ts";

/** Our directory on hosts where we are root. */
export const STATE_OF_ROOT = "/var/lib/hullwright";

/**
 * Which directory on the host is ours; a user who is not root has one in the home directory.
 * Service accounts often have no home that they may write: theirs is in /var/tmp. One that somebody
 * else has made there is never used.
 */
export function stateFolder(isRoot: boolean): Script {
  if (isRoot) return sh`HW_STATE_DIR=${STATE_OF_ROOT}`;
  return sh`HW_STATE_DIR="$HOME/.local/state/hullwright"; hw_d=$HW_STATE_DIR
while [ "$hw_d" ] && [ ! -e "$hw_d" ]; do hw_d=\${hw_d%/*}; done
if [ ! -w "\${hw_d:-/}" ]; then
  HW_STATE_DIR=/var/tmp/hullwright-$(id -u)
  if [ -L "$HW_STATE_DIR" ] || { [ -e "$HW_STATE_DIR" ] && [ ! -O "$HW_STATE_DIR" ]; }; then HW_STATE_DIR=/proc/self/not-ours; fi
fi`;
}
