import { expect, test } from "vitest";
import { expandPaths, type HostPaths } from "../../../src/plan/scope/paths.ts";

const schema = {
  description: "",
  example: "",
  returns: [],
  arguments: {
    creates: { type: "path", within: "chdir", description: "" },
    chdir: { type: "path", description: "" },
    target: { type: "path", asWritten: true, description: "" },
    linked: { type: "path", asWritten: { unless: "state", is: "hard" }, description: "" },
    state: { type: "str", description: "" },
    path: { type: "path", description: "" },
    paths: { type: "list", elements: "path", description: "" },
    src: { type: "path", here: true, description: "" },
    text: { type: "str", description: "" },
    remote_src: { type: "bool", description: "" },
  },
} as const;
const host: HostPaths = {
  homeOf: (user = "me") => `/home/${user}`,
  directory: () => "/login",
  variable: (name) => ({ DATA: "/data", UP: "~" })[name],
};

test.each([
  ["~", "/home/me"],
  ["~/a", "/home/me/a"],
  ["~bob/a", "/home/bob/a"],
  ["$HOME/a", "/home/me/a"],
  ["/x/${HOME}", "/x//home/me"],
  ["/a~/b", "/a~/b"],
  ["$HOMES/a", "/login/$HOMES/a"],
  ["/$OTHER", "/$OTHER"],
  ["$DATA/a", "/data/a"],
  ["${DATA}a", "/dataa"],
  ["$UP/a", "/home/me/a"],
  ["a", "/login/a"],
  ["./a/", "/login/a/"],
  ["../a", "/a"],
  [".", "/login"],
  ["https://a/b", "https://a/b"],
  ["", ""],
])("the path %s is %s", (path, expanded) => {
  expect(expandPaths({ schema }, { path, paths: [path], src: path, text: path }, host)).toEqual({
    path: expanded,
    paths: [expanded],
    src: path,
    text: path,
  });
});

test("a source that lies on the host is a path of the host", () => {
  expect(expandPaths({ schema }, { src: "~/a", remote_src: true }, host)).toEqual({
    src: "/home/me/a",
    remote_src: true,
  });
  expect(expandPaths({ schema }, { src: "a", remote_src: true }, host)).toEqual({
    src: "/login/a",
    remote_src: true,
  });
});

test.each([
  [
    { creates: "mark", chdir: "/opt" },
    { creates: "/opt/mark", chdir: "/opt" },
  ],
  [
    { creates: "mark", chdir: "sub" },
    { creates: "/login/sub/mark", chdir: "/login/sub" },
  ],
  [
    { creates: "mark", chdir: "$HOME" },
    { creates: "/home/me/mark", chdir: "/home/me" },
  ],
  [
    { creates: "/mark", chdir: "/opt" },
    { creates: "/mark", chdir: "/opt" },
  ],
  [{ creates: "*.txt" }, { creates: "/login/*.txt" }],
])("%j is %j", (written, expanded) => {
  expect(expandPaths({ schema }, written, host)).toEqual(expanded);
});

const ours = { ...schema, collection: "hullwright.containerd" };

test.each([
  [{ linked: "a", state: "link" }, "a"],
  [{ linked: "a", state: "hard" }, "/login/a"],
  [{ linked: "~/a", state: "link" }, "/home/me/a"],
])("%j leads to %s", (written, expanded) => {
  expect(expandPaths({ schema }, written, host)).toEqual({ ...written, linked: expanded });
});

test("what a link points to, and paths of our own modules, stay as they are", () => {
  expect(expandPaths({ schema }, { target: "../a" }, host)).toEqual({ target: "../a" });
  expect(expandPaths({ schema: ours }, { path: "a" }, host)).toEqual({ path: "a" });
});
