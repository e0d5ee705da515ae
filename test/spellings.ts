/** What a person may write, and how Ansible reads it; undefined: it refuses it. */
export const SPELLINGS: readonly (readonly [written: unknown, read: boolean | undefined])[] = [
  ...["yes", "on", "y", "t", "1", "true", "Yes", "ON", "TRUE", " true ", "Y"].map(
    (word) => [word, true] as const,
  ),
  ...["no", "off", "n", "f", "0", "false", "No", "OFF", "FALSE", " no\n", "N"].map(
    (word) => [word, false] as const,
  ),
  ...["", " ", "2", "-1", "1.0", "0.0", "maybe", "none", "null", "enabled", "yess"].map(
    (word) => [word, undefined] as const,
  ),
  [true, true],
  [false, false],
  [1, true],
  [0, false],
  [2, undefined],
  [-1, undefined],
  [0.5, undefined],
];
