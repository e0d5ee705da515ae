import { expect, test } from "vitest";
import { expandPaths } from "../../src/plan/paths.ts";

const schema = {
  description: "", arguments: {
    path: { type: "path", description: "" }, paths: { type: "list", elements: "path", description: "" }, src: { type: "path", here: true, description: "" },
    text: { type: "str", description: "" }, remote_src: { type: "bool", description: "" },
  },
} as const;
const homes = (user = "me"): string => `/home/${user}`;

test.each([
  ["~", "/home/me"], ["~/a", "/home/me/a"], ["~bob/a", "/home/bob/a"], ["$HOME/a", "/home/me/a"], ["/x/${HOME}", "/x//home/me"],
  ["/a~/b", "/a~/b"], ["$HOMES/a", "$HOMES/a"], ["/$OTHER", "/$OTHER"],
])("the path %s is %s", (path, expanded) => {
  expect(expandPaths(schema, { path, paths: [path], src: path, text: path }, homes)).toEqual({ path: expanded, paths: [expanded], src: path, text: path });
});

test("a source that lies on the host is a path of the host", () => {
  expect(expandPaths(schema, { src: "~/a", remote_src: true }, homes)).toEqual({ src: "/home/me/a", remote_src: true });
});
