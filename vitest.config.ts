import { defineConfig } from "vitest/config";

// Tests that start real hosts run after all others, three files at once, as each waits for its hosts now and then.
const LAB = [
  "test/e2e/**/*.e2e.test.ts",
  "test/conformance/**/*.e2e.test.ts",
  "test/lab/**/*.test.ts",
];

// Tests that apply on this machine itself: as root they share its lock, and a run says when it waits for another one.
const LOCAL = ["test/**/*.local.test.ts"];

// Tests in a real terminal run the built program.
const TERMINAL = ["test/terminal/**/*.test.ts"];

// When a test or what prepares it is taken to hang, in milliseconds: long, as a machine may be slow or have other work.
const HANGS = 180_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...LAB, ...TERMINAL, ...LOCAL],
          globalSetup: "test/environment.ts",
          setupFiles: "test/seed.ts",
          // Vitest's own choice leaves one processor free, which on a machine with two is half of all.
          maxWorkers: "100%",
          testTimeout: HANGS,
          hookTimeout: HANGS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "local",
          include: LOCAL,
          globalSetup: "test/environment.ts",
          maxWorkers: 1,
          testTimeout: HANGS,
          hookTimeout: HANGS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "terminal",
          include: TERMINAL,
          globalSetup: ["test/environment.ts", "test/build.ts"],
          testTimeout: HANGS,
          hookTimeout: HANGS,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "e2e",
          include: LAB,
          globalSetup: ["test/environment.ts", "test/build.ts"],
          pool: "forks",
          maxWorkers: 3,
          testTimeout: HANGS,
          hookTimeout: 600_000,
          teardownTimeout: 60_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
