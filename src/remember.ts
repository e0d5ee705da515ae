// Keeps the last answers of a pure function by a text that tells what it was asked: walks, and hosts that are alike, ask the same
// again and again. Whoever gets an answer must not change it.
export function remembering<T>(most: number): (asked: string, answer: () => T) => T {
  const known = new Map<string, T>();
  return (asked, answer) => {
    if (known.has(asked)) return known.get(asked) as T;
    const made = answer();
    if (known.size >= most) known.delete(known.keys().next().value!);
    known.set(asked, made);
    return made;
  };
}
