import type { PackageState } from "../../../probes/packages/package.ts";
import type { Json } from "../../../value.ts";
import { isUrl } from "../download/download.ts";
import { sha256Hex } from "../../../sha256.ts";

/** What an earlier run noted of the package that a URL brought; null: not known before apply. */
export type Fetched = { name: string | null; version: string | null };

// The URL of a package's file; undefined: the file is on the host.
export function debUrl(deb: string | undefined): string | undefined {
  return deb !== undefined && isUrl(deb) ? deb : undefined;
}

// What the note on the host is called: one for each URL, of which only a digest is kept.
export function debNote(url: string): string {
  return `apt-deb-${sha256Hex(url).slice(0, 32)}`;
}

// The note, if it is one.
export function fetchedOf(note: Json | undefined): Fetched | undefined {
  const isNote = typeof note === "object" && note !== null && "name" in note && "version" in note;
  return isNote ? (note as Fetched) : undefined;
}

// Whether what the URL brought is installed.
export function isFetched(
  fetched: Fetched | undefined,
  packages: { readonly [name: string]: PackageState },
): boolean {
  if (!fetched) return false;
  if (fetched.name === null) return true;
  const state = packages[fetched.name];
  return state?.installed === true && state.version === fetched.version;
}
