// A record with the same keys, and a value made of each value.
export function mapValues<V, W>(
  record: { readonly [key: string]: V },
  make: (value: V, key: string) => W,
): { [key: string]: W } {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, make(value, key)]));
}

// A record with these keys, and a value made of each of them.
export function fromKeys<K extends string, W>(
  keys: readonly K[],
  make: (key: K) => W,
): { [key: string]: W } {
  return Object.fromEntries(keys.map((key) => [key, make(key)]));
}
