import type { Algorithm } from "../../src/modules/shared/files/checksum.ts";

const A = "a1".repeat(32);
const B = "b2".repeat(32);
const SIGNED = `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

${B}  runc.386
${A} *runc.amd64
${B}  runc.amd64.asc
-----BEGIN PGP SIGNATURE-----

iQJDBAEBCAAtFiEEyu1TBV1nHVvCnXVLp2gjjN8Z5VwFAmYmOn4PHGNpcGhhckBj
${"Ab+/".repeat(16)}
=7a1x
-----END PGP SIGNATURE-----
`;

/** Files of checksums as projects publish them, and what must be found in each. */
export const sums: {
  name: string;
  text: string;
  file: string;
  algorithm?: Algorithm;
  finds: string | undefined;
}[] = [
  {
    name: "hash and name",
    text: `${A}  containerd-2.1.9-linux-amd64.tar.gz\n`,
    file: "containerd-2.1.9-linux-amd64.tar.gz",
    finds: A,
  },
  { name: "no newline at the end", text: `${A}  x.tgz`, file: "x.tgz", finds: A },
  { name: "a star for binary mode", text: `${A} *x.tgz\n`, file: "x.tgz", finds: A },
  { name: "one space", text: `${A} x.tgz\n`, file: "x.tgz", finds: A },
  { name: "capital digits", text: `${A.toUpperCase()}  x.tgz\n`, file: "x.tgz", finds: A },
  { name: "carriage returns", text: `${B}  y.tgz\r\n${A}  x.tgz\r\n`, file: "x.tgz", finds: A },
  { name: "a bare hash", text: `${A}\n`, file: "crictl.tar.gz", finds: A },
  { name: "a bare hash with carriage return", text: `${A}\r\n`, file: "crictl.tar.gz", finds: A },
  {
    name: "two bare hashes say nothing",
    text: `${A}\n${B}\n`,
    file: "crictl.tar.gz",
    finds: undefined,
  },
  {
    name: "a bare hash beside named ones says nothing",
    text: `${A}\n${B}  other\n`,
    file: "x",
    finds: undefined,
  },
  { name: "PGP clear-signed with many architectures", text: SIGNED, file: "runc.amd64", finds: A },
  {
    name: "PGP clear-signed without this one",
    text: SIGNED,
    file: "runc.riscv64",
    finds: undefined,
  },
  {
    name: "a name that is the end of another is not taken",
    text: `${B}  my-runc.amd64\n${A}  runc.amd64\n`,
    file: "runc.amd64",
    finds: A,
  },
  { name: "a name in a folder", text: `${A}  ./out/x.tgz\n`, file: "x.tgz", finds: A },
  { name: "the first of two lines for a name", text: `${A}  x\n${B}  x\n`, file: "x", finds: A },
  { name: "BSD form", text: `SHA256 (y) = ${B}\nSHA256 (x.tgz) = ${A}\n`, file: "x.tgz", finds: A },
  {
    name: "sha512 beside sha256",
    text: `${A}  x\n${"c3".repeat(64)}  x\n`,
    file: "x",
    algorithm: "sha512",
    finds: "c3".repeat(64),
  },
  {
    name: "a digest of another kind",
    text: `${A}  x\n`,
    file: "x",
    algorithm: "sha512",
    finds: undefined,
  },
  {
    name: "an error page",
    text: "<html><body>404 Not Found</body></html>\n",
    file: "x",
    finds: undefined,
  },
  { name: "nothing", text: "", file: "x", finds: undefined },
  {
    name: "shell characters are data",
    text: `${B}  $(id)\n${A}  a;b'c"\`d\n`,
    file: "a;b'c\"`d",
    finds: A,
  },
  {
    name: "star and brackets in the name are data",
    text: `${B}  xyz\n${A}  x[y]*\n`,
    file: "x[y]*",
    finds: A,
  },
];
