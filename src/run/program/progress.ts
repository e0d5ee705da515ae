// Watches the markers of a running program as they stream in; reports entries that begin and
// end, and whom it waits for.
export function watchMarks(
  nonce: string,
  tell: (word: string, index: number) => void,
  waits: (by: string) => void = () => undefined,
): (chunk: Buffer) => void {
  let rest = "";
  const mark = new RegExp(
    `@${nonce} (?:(begin|done|already|missed|moved) (\\d+)|waits (.*))\\n`,
    "g",
  );
  return (chunk) => {
    rest += chunk.toString("latin1");
    let end = 0;
    for (const match of rest.matchAll(mark)) {
      if (match[3] === undefined) tell(match[1]!, Number(match[2]));
      else waits(match[3]);
      end = match.index + match[0].length;
    }
    rest = rest.slice(Math.max(end, rest.length - 200));
  };
}
