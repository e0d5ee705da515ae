import { defined } from "../defined.ts"; /** A JSON Schema of draft 7, which is what editors' YAML servers take. */
export interface JsonSchema {
  readonly [key: string]: unknown;
}

// Refers to a definition of the same schema.
export function ref(name: string): JsonSchema {
  return { $ref: `#/definitions/${name}` };
}

// A schema with its annotations; everything next to a $ref is ignored by validators,
// so the $ref is put inside.
export function described(
  schema: JsonSchema,
  description: string | undefined,
  fallback?: unknown,
): JsonSchema {
  const shown = { ...defined({ description, default: fallback }) };
  return "$ref" in schema ? { ...shown, allOf: [schema] } : { ...shown, ...schema };
}

// What fits any of these.
export function anyOf(...schemas: JsonSchema[]): JsonSchema {
  return schemas.length === 1 ? schemas[0]! : { anyOf: schemas };
}

// A mapping that has at least one of these keys.
export function needsOne(names: readonly string[]): JsonSchema {
  return anyOf(...names.map((name) => ({ required: [name] })));
}
