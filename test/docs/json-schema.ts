/** What is wrong with a value, by a JSON Schema of the few keywords that docs/json.schema.json uses. */
interface Schema {
  $ref?: string;
  $defs?: { [name: string]: Schema };
  oneOf?: Schema[];
  const?: unknown;
  enum?: unknown[];
  type?: string | string[];
  minimum?: number;
  items?: Schema;
  properties?: { [name: string]: Schema };
  required?: string[];
  additionalProperties?: boolean | Schema;
}

// The faults of a value, each with its path; none: it is as the schema says.
export function faultsOf(value: unknown, root: Schema, schema: Schema = root, path = "$"): string[] {
  if (schema.$ref !== undefined) return faultsOf(value, root, root.$defs![schema.$ref.replace("#/$defs/", "")], path);
  if (schema.oneOf) {
    const tries = schema.oneOf.map((one) => faultsOf(value, root, one, path));
    return tries.filter((faults) => faults.length === 0).length === 1 ? [] : tries.toSorted((a, b) => a.length - b.length)[0] ?? [path];
  }
  if ("const" in schema && value !== schema.const) return [`${path}: ${JSON.stringify(value)} is not ${JSON.stringify(schema.const)}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${path}: ${JSON.stringify(value)} is none of ${JSON.stringify(schema.enum)}`];
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isOf(value, type))) return [`${path}: ${JSON.stringify(value)} is no ${String(schema.type)}`];
  if (schema.minimum !== undefined && typeof value === "number" && value < schema.minimum) return [`${path}: ${value} is too small`];
  if (Array.isArray(value)) return value.flatMap((item, index) => (schema.items ? faultsOf(item, root, schema.items, `${path}[${index}]`) : []));
  return typeof value === "object" && value !== null ? faultsOfKeys(value as { [key: string]: unknown }, root, schema, path) : [];
}

function faultsOfKeys(value: { [key: string]: unknown }, root: Schema, { properties = {}, required = [], additionalProperties = true }: Schema, path: string): string[] {
  const missing = required.filter((key) => value[key] === undefined).map((key) => `${path}: no ${key}`);
  return [...missing, ...Object.entries(value).flatMap(([key, part]) => {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (known) return faultsOf(part, root, known, `${path}.${key}`);
    if (additionalProperties === false) return [`${path}: ${key} is not described`];
    return typeof additionalProperties === "object" ? faultsOf(part, root, additionalProperties, `${path}.${key}`) : [];
  })];
}

function isOf(value: unknown, type: string): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  return type === "object" ? typeof value === "object" && value !== null && !Array.isArray(value) : typeof value === type;
}
