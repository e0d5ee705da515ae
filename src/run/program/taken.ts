/** So much of what a step prints is taken, of each of its two streams, in bytes. */
export const TAKEN_OUTPUT = 16 * 1024 * 1024;

/** What stands in the place of the rest. */
const CUT_OFF = `[cut off: more than ${TAKEN_OUTPUT / 1024 / 1024} MB]`;

// What a step printed, without what goes beyond the limit; that it does is said in it.
export function cutOff(text: string): string {
  if (text.length < TAKEN_OUTPUT / 4 || Buffer.byteLength(text) <= TAKEN_OUTPUT) return text;
  return `${text.slice(0, -1)}\n${CUT_OFF}\n`;
}

// Whether what a task registers of a stream is only its beginning.
export function isCutOff(text: unknown): boolean {
  return (
    typeof text === "string" &&
    text.length > TAKEN_OUTPUT / 4 &&
    text
      .slice(-CUT_OFF.length - 1)
      .trimEnd()
      .endsWith(CUT_OFF)
  );
}
