import { expect, test } from "vitest";
import { images } from "../../../src/probes/containerd/daemon.ts";

test("images are listed, and a containerd that does not answer is not an empty one", () => {
  const arg = { ctr: "ctr", address: "/s", namespace: "default" };
  expect(
    images.parse("images yes\na:1\nb:2\nimages yes\n\nimages no\n\n", [arg, arg, arg]),
  ).toEqual([["a:1", "b:2"], [], null]);
});

test.each([["daemon maybe"], [""]])("garbage is no answer: %j", (output) => {
  expect(() => images.parse(output, [{ ctr: "ctr", address: "/s", namespace: "n" }])).toThrow(
    "cut or garbled",
  );
});
