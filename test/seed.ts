import fc from "fast-check";

/**
 * What this run of the tests draws its random cases from: SEED in the environment, else another one each time. CI takes it
 * from what is checked out, so that the same code always has the same result there.
 */
export const SEED = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1_000_000));

fc.configureGlobal({ seed: SEED });
