// Counts the edits (insert, delete, replace, swap of neighbours) that turn one word into the other.
export function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let best = Math.min(
        rows[i - 1]![j]! + 1,
        row[j - 1]! + 1,
        rows[i - 1]![j - 1]! + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[from.length]![to.length]!;
}

// Finds the known word that the user probably meant: at most a third of its letters may differ.
export function closest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 0.01;
  for (const candidate of known) {
    const distance =
      editDistance(word.toLowerCase(), candidate.toLowerCase()) - likeness(word, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

// Decides between words that are equally near, by their letters and by what they begin and end
// with; less than one edit.
function likeness(word: string, candidate: string): number {
  const length = Math.min(word.length, candidate.length);
  let [front, back] = [0, 0];
  while (front < length && word[front] === candidate[front]) front++;
  while (back < length - front && word.at(-1 - back) === candidate.at(-1 - back)) back++;
  const sameLetters = [...word].sort().join() === [...candidate].sort().join();
  return (sameLetters ? 0.5 : 0) + (front + back) / (word.length + candidate.length + 1);
}

// Says "did you mean X?", or nothing where no known word is near.
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const found = closest(word, known);
  return found === undefined ? undefined : `did you mean "${found}"?`;
}

// Says where a file was looked for, the first choice first.
export function lookedFor(places: readonly string[]): string | undefined {
  return places.length === 0 ? undefined : `looked for ${[...new Set(places)].join(", ")}`;
}
