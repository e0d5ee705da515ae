// Leaves as much garbage as a run of many hosts, with `small` behind a heap that is to stay small; prints by how much the space for new objects grew.
import { getHeapSpaceStatistics } from "node:v8";
import { keepHeapSmall } from "../../../src/cli/prepare/small-heap.ts";

const size = (): number =>
  getHeapSpaceStatistics().find((one) => one.space_name === "new_space")!.space_size;
if (process.argv[2] === "small") keepHeapSmall();
const before = size();
const kept: object[] = [];
for (let count = 0; count < 2_000_000; count++) kept[count % 100_000] = { count };
process.stdout.write(String(size() - before));
