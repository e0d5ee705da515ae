/**
 * The sha256 of released files, by the last two parts of their URLs. `npm run releases --
 * --write` fills it from upstream's own files of checksums; without an entry, the checksum file
 * beside the release is used.
 */
export const RELEASE_SUMS: { readonly [file: string]: string } = {};
