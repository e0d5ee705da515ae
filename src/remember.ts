// Caches the last results of a pure function by a key that describes its arguments: walks, and
// similar hosts, ask the same again and again. Callers must not change a result.
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

// A function of an object that never changes, which is called for each object once; what it
// answered goes with the object.
export function perObject<K extends object, T>(answer: (of: K) => T): (of: K) => T {
  const known = new WeakMap<K, T>();
  return (of) => {
    if (!known.has(of)) known.set(of, answer(of));
    return known.get(of) as T;
  };
}

export function remember<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
