import { here } from "../../requires.ts";

/** Shells that programs are run in here. */
export const SHELLS = here([["dash"], ["bash", "--posix"], ["busybox", "sh"]]);

/** How programs are built here. */
export const options = {
  nonce: "n0nce",
  isRoot: false,
  run: "20260101T000000Z-run",
  from: 0,
  owner: "a test",
  host: "web1",
  timeout: 0,
  shared: false,
  anew: true,
};
