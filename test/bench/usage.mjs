// Writes what a process of Node used, as it ends, into the file that HULLWRIGHT_USAGE names: `node --import ./usage.mjs ...`.
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpu: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
  writeFileSync(process.env.HULLWRIGHT_USAGE, JSON.stringify(usage));
});
