import type { Usage } from "./measured.ts";

/** One way to do a piece of work. The first of a section is what the others are held against. */
export interface Contender {
  name: string;
  /** Takes many seconds: it runs once a round, where the others take several turns. */
  slow?: boolean;
  run(): Promise<Usage>;
}

/** What is measured of a contender, medians. */
export type Medians = Pick<Usage, "wall" | "cpu" | "memory">;

// Lets all contenders run in every round, so that whatever else the machine does meets all alike. The first round does not count.
export async function takeTurns(
  all: readonly Contender[],
  rounds: number,
  turns = 1,
): Promise<Map<string, Medians>> {
  const usages = new Map(all.map(({ name }) => [name, [] as Usage[]]));
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < turns; turn++)
      for (const { name, slow, run } of all) {
        if (slow && turn > 0) continue;
        const usage = await run();
        if (round > 0) usages.get(name)!.push(usage);
      }
    process.stderr.write(round === 0 ? "warm" : ` ${round}`);
  }
  process.stderr.write("\n");
  const of = (some: Usage[], key: keyof Medians): number => median(some.map((one) => one[key]));
  return new Map(
    [...usages].map(([name, some]) => [
      name,
      { wall: of(some, "wall"), cpu: of(some, "cpu"), memory: of(some, "memory") },
    ]),
  );
}

// The medians as a table of Markdown: ratios are to the first.
export function usageTable(medians: ReadonlyMap<string, Medians>): string[] {
  const [first] = medians.values();
  const ratio = (value: number, to: number | undefined): string => (value / (to ?? 0)).toFixed(2);
  const rows = [...medians].map(
    ([name, { wall, cpu, memory }]) =>
      `| ${name} | ${wall.toFixed(2)} | ${ratio(wall, first?.wall)} | ${cpu.toFixed(2)} | ${ratio(cpu, first?.cpu)} | ${memory.toFixed(0)} |`,
  );
  return [
    "| | seconds | ratio | processor, seconds | ratio | memory, MiB |",
    "|---|---:|---:|---:|---:|---:|",
    ...rows,
  ];
}

// The one in the middle; of an even number the lower.
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}
