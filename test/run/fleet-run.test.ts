import { expect, test } from "vitest";
import { standardEnvironment } from "../../src/jinja/template.ts";
import { testOutside } from "../jinja/outside.ts";
import { lines, testHost } from "../plan/host.ts";

// Performs so many commands of which each looks at the one before; answers how often a task was planned.
async function tasksPlanned(count: number): Promise<number> {
  const tasks = Array.from({ length: count }, (_, index) => ({
    name: `t${index}`,
    command: "true",
    register: `r${index}`,
    ...(index > 0 && { when: `r${index - 1} is success` }),
  }));
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks: ${JSON.stringify(tasks)}\n`,
  );
  let planned = 0;
  const env = standardEnvironment({ ...testOutside(), begin: () => void planned++ });
  Object.assign(run.host, { env });
  try {
    await run.plan();
    planned = 0;
    await run.apply(0, () => {});
    expect(lines(run)).toEqual(tasks.map(({ name }) => `changed ${name}`));
    return planned;
  } finally {
    await (await session).close();
  }
}

test("commands that wait for each other are planned a few times each, however many they are", async () => {
  for (const count of [5, 40]) expect(await tasksPlanned(count)).toBeLessThanOrEqual(4 * count);
});
