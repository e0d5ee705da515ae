/**
 * `hw_sleep SECONDS` waits, and checks every second whether its run (named by $hw_run) should
 * stop: then it waits no longer.
 */
export const WAIT_FUNCTIONS = `hw_sleep() {
  hw_left=$1
  while [ "$hw_left" -gt 0 ] && [ ! -e "\${HW_STATE_DIR:-/nonexistent}/stop-\${hw_run-}" ]; do sleep 1; hw_left=$((hw_left - 1)); done
}`;
