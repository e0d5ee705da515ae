// Writes anew what is said to each mistake, for review by eye: `node test/ts.mjs test/refusal/main.ts`.
import { writeFileSync } from "node:fs";
import { call, openDoor } from "./call.ts";
import { readCases, writeCases } from "./cases.ts";

const door = await openDoor();
for (const file of readCases()) {
  for (const one of file.cases) {
    const { code, stderr, reached } = await call(one, door).catch((error: Error) => ({
      code: -1,
      stderr: String(error.stack),
      reached: 0,
    }));
    if (code !== 1 || reached > 0)
      process.stdout.write(
        `${file.path}: ${one.name}: exit code ${code}, hosts reached ${reached} times\n`,
      );
    one.says = stderr.replaceAll(/ +$/gm, "");
  }
  writeFileSync(file.path, writeCases(file));
}
await door.close();
