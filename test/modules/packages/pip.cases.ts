import { pip } from "../../../src/modules/packages/pip.ts";
import { defined } from "../../../src/defined.ts";
import type { Case } from "../case.ts";

const host = { isMade: true, packages: { foo: "1.0", bar: "2.1" }, would: {}, failure: "" };
const none = { isMade: false, packages: {}, would: null, failure: "" };
// The host once these words were installed.
const done = (packages: object, installed?: string[]): object => ({
  pip: { ...host, packages, ...defined({ installed }) },
});
/** A pip that does not know --dry-run. */
const old = { ...host, would: null };
const venv = { virtualenv: "/opt/v", virtualenv_command: "python3 -m venv" };

const table: (Omit<Case, "module" | "before"> & { pip: object | null })[] = [
  { name: "it is there", args: { name: "foo" }, pip: host, expect: { unchanged: true } },
  {
    name: "what pip would install, with what comes along",
    args: { name: ["My_Pkg"] },
    pip: { ...host, would: { "my-pkg": "3.0", bar: "2.2" } },
    expect: {
      after: done({ foo: "1.0", bar: "2.2", "my-pkg": "3.0" }, ["My_Pkg"]),
    },
  },
  {
    name: "a version",
    args: { name: "foo", version: "1.1" },
    pip: { ...host, would: { foo: "1.1" } },
    expect: { after: done({ foo: "1.1", bar: "2.1" }, ["foo==1.1"]) },
  },
  {
    name: "a working copy that is installed already",
    args: { name: "/srv/foo", editable: true },
    pip: { ...host, would: { foo: "1.0" } },
    expect: { unchanged: true },
  },
  {
    name: "a file of requirements",
    args: { requirements: "/srv/r.txt", extra_args: "--no-index --find-links '/srv/my wheels'" },
    pip: { ...host, would: { baz: "1" } },
    expect: {
      after: done({ ...host.packages, baz: "1" }, [
        "--no-index",
        "--find-links",
        "/srv/my wheels",
        "-r",
        "/srv/r.txt",
      ]),
    },
  },
  {
    name: "the newest",
    args: { name: "foo", state: "latest" },
    pip: { ...host, would: { foo: "9" } },
    expect: { after: done({ foo: "9", bar: "2.1" }, ["-U", "foo"]) },
  },
  {
    name: "a new environment",
    args: { name: ["foo", "bar==2"], ...venv },
    pip: none,
    expect: {
      after: done({ foo: null, bar: "2" }, ["foo", "bar==2"]),
    },
  },
  {
    name: "a new environment for a file of requirements",
    args: { requirements: "r.txt", chdir: "/srv", ...venv, virtualenv: "v", umask: "0022" },
    pip: none,
    expect: { after: done({}, ["-r", "r.txt"]) },
  },
  {
    name: "packages are removed",
    args: { name: "foo,baz", state: "absent" },
    pip: host,
    expect: { after: done({ bar: "2.1" }) },
  },
  {
    name: "what is not there is absent",
    args: { name: "baz", state: "absent" },
    pip: host,
    expect: { unchanged: true },
  },
  {
    name: "an old pip, a name that is there",
    args: { name: ["foo", "Bar==2.1"] },
    pip: old,
    expect: { unchanged: true },
  },
  {
    name: "an old pip, another version",
    args: { name: ["foo==2"] },
    pip: old,
    expect: {
      after: { pip: { ...old, packages: { foo: "2", bar: "2.1" }, installed: ["foo==2"] } },
    },
  },
  {
    name: "an old pip cannot say more",
    args: { name: "foo>=2" },
    pip: old,
    expect: { failure: /cannot say what it would install/ },
  },
  {
    name: "pip says why not",
    args: { name: "nope" },
    pip: { ...host, would: null, failure: "No matching distribution found for nope" },
    expect: { failure: /^No matching distribution found for nope$/ },
  },
  {
    name: "no pip",
    args: { name: "foo" },
    pip: null,
    expect: { failure: /Unable to find any of pip3 to use/ },
  },
  {
    name: "an environment without pip",
    args: { name: "foo", ...venv },
    pip: null,
    expect: { failure: /Unable to find pip in the virtualenv, \/opt\/v/ },
  },
  {
    name: "a version of several packages",
    args: { name: ["a", "b"], version: "1" },
    pip: host,
    expect: { failure: /'version' argument is ambiguous/ },
  },
  {
    name: "a version, said twice",
    args: { name: "a>1,<2", version: "1" },
    pip: host,
    expect: { failure: /conflicts with any version specifier/ },
  },
  {
    name: "a version of the newest",
    args: { name: "a", version: "1", state: "latest" },
    pip: host,
    expect: { failure: /incompatible with state=latest/ },
  },
  {
    name: "a Python for venv",
    args: { name: "a", ...venv, virtualenv_python: "python3" },
    pip: host,
    expect: { failure: /virtualenv_python should not be used/ },
  },
  {
    name: "a umask that is none",
    args: { name: "a", umask: "9" },
    pip: host,
    expect: { failure: /umask must be an octal integer/ },
  },
];

export const cases = table.map(({ pip: state, ...one }) => ({
  ...one,
  module: pip,
  before: { pip: state },
}));
