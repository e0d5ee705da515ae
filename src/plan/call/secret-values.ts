import { isHarmlessHeader, isSecretKey, isSecret } from "../../secrets.ts";
import { attempt } from "../../instead-of.ts";

/** Arguments whose names end as those of secrets do, and which are none. */
const NO_SECRETS = new Set(["update_password"]);
/** Longer texts are contents of files, which are hidden as such. */
const MAX_URL = 4096;
/** The password in front of the host of a URL. */
const USERINFO = /[a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*:([^\s@/"']+)@/gi;

// The values among a module's arguments that nobody may see: passwords, tokens, header
// values, and the logins in URLs.
export function secretValues(args: unknown): string[] {
  if (typeof args === "string") return args.length > MAX_URL ? [] : loginsOf(args);
  if (Array.isArray(args)) return args.flatMap(secretValues);
  if (typeof args !== "object" || args === null) return [];
  return Object.entries(args).flatMap(([key, value]: [string, unknown]) => {
    if (/^headers?$/i.test(key)) return headerValues(value);
    return isSecretKey(key) && !NO_SECRETS.has(key) ? textsIn(value) : secretValues(value);
  });
}

// The values of headers, but for those that say nothing of who asks.
function headerValues(headers: unknown): string[] {
  if (typeof headers !== "object" || headers === null) return secretValues(headers);
  return Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
    isHarmlessHeader(name) ? [] : textsIn(value).flatMap((text) => [text, withoutScheme(text)]),
  );
}

// "Bearer abc" is as secret as "abc".
function withoutScheme(header: string): string {
  return header.replace(/^(?:bearer|basic|digest|token)\s+/i, "");
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value].filter((text) => isSecret(text));
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap((part: unknown) => secretValues(part))
    : [];
}

function loginsOf(text: string): string[] {
  if (!text.includes("://")) return [];
  return [...text.matchAll(USERINFO)].flatMap(([, secret = ""]) =>
    isSecret(secret) ? [secret, decoded(secret)] : [],
  );
}

// A part of a URL as it is meant; what is no such part stays.
function decoded(text: string): string {
  return attempt(() => decodeURIComponent(text)) ?? text;
}
