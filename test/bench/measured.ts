import { must } from "../lab/command.ts";

/** What one command took, all of its children counted. */
export interface Usage {
  /** In seconds. */
  wall: number;
  /** Processor time on this machine, in seconds; what hosts take is not in it. */
  cpu: number;
  /** The most memory that one of its processes had, in MiB. */
  memory: number;
  stdout: string;
}

// Python's own start is not in what it measures. What the command prints on stderr is passed on where it fails.
const MEASURE = `
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[2:], input=sys.stdin.buffer.read(), capture_output=True)
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
if str(done.returncode) not in sys.argv[1].split(","):
    sys.exit(f"{sys.argv[2:]} ended with {done.returncode}: {done.stderr.decode()[-2000:]}{done.stdout.decode()[-2000:]}")
print(json.dumps({"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024, "stdout": done.stdout.decode(errors="replace")}))
`;

// Runs a command to its end and answers what it took. Fails where it ends with a code that is not among `codes`.
export async function measured(
  argv: readonly string[],
  { input = "", codes = [0] }: { input?: string; codes?: readonly number[] } = {},
): Promise<Usage> {
  const told = await must(["/usr/bin/python3", "-c", MEASURE, codes.join(","), ...argv], input);
  return JSON.parse(told) as Usage;
}
