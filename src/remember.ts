// Caches the last results of a pure function by a key that describes its arguments: walks, and similar hosts, ask the same
// again and again. Callers must not change a result.
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
