/**
 * `hw_sleep SECONDS` waits, and looks every second whether the run that it belongs to is to stop (its name is in $hw_run):
 * then it waits no longer.
 */
export const WAIT_FUNCTIONS = `hw_sleep() {
  hw_left=$1
  while [ "$hw_left" -gt 0 ] && [ ! -e "\${HW:-/nonexistent}/stop-\${hw_run-}" ]; do sleep 1; hw_left=$((hw_left - 1)); done
}`;
