// The entry of a table under a name from outside; names that every object of
// JavaScript has are not in it.
export function ownProperty<T>(table: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
