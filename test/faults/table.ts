import { INTERRUPTIONS } from "./interruptions.ts";
import type { Came } from "./round.ts";
import type { Job } from "./scenario.ts";

// The table of all rounds: a line for each fault.
export function tableOf(came: ReadonlyMap<Job, readonly Came[]>): string {
  const all = [...came.values()].flat();
  const lines = INTERRUPTIONS.flatMap(({ name }) => {
    const of = all.filter(({ round }) => round.interruption.name === name);
    return of.length === 0 ? [] : [line(name, of)];
  });
  return [
    "| fault | tried | felt by the run | survived | left something behind | the container runs on |",
    "|---|---:|---:|---:|---:|---:|",
    ...lines,
    line("**all**", all),
  ].join("\n");
}

// One line of it.
function line(name: string, rounds: readonly Came[]): string {
  const count = (is: (one: Came) => boolean): number => rounds.filter(is).length;
  const containers = rounds.filter(({ container }) => container !== undefined);
  const runOn = containers.filter(({ container }) => container).length;
  const cells = [
    rounds.length,
    count(({ felt }) => felt),
    count(({ wrong }) => wrong.length === 0),
    count(({ left }) => left.length > 0),
    containers.length === 0 ? "-" : `${runOn} of ${containers.length}`,
  ];
  return `| ${[name, ...cells].join(" | ")} |`;
}
