// Watches the marks of a running program as they stream in; tells entries that begin and end.
export function watchMarks(nonce: string, tell: (word: string, index: number) => void): (chunk: Buffer) => void {
  let rest = "";
  const mark = new RegExp(`@${nonce} (begin|done|already|missed|moved) (\\d+)\\n`, "g");
  return (chunk) => {
    rest += chunk.toString("latin1");
    let end = 0;
    for (const match of rest.matchAll(mark)) {
      tell(match[1]!, Number(match[2]));
      end = match.index + match[0].length;
    }
    rest = rest.slice(Math.max(end, rest.length - 200));
  };
}
