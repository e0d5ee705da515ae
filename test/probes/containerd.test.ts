import { expect, test } from "vitest";
import { daemon, images } from "../../src/probes/containerd.ts";

const asked = { unit: "containerd.service", address: "/s" };

test("a daemon is told by its start and its socket", () => {
  const [one, other] = daemon.parse("daemon yes d5a65cbe27ec4c54\ndaemon no \n", [asked, asked]);
  expect([one, other]).toEqual([{ invocation: "d5a65cbe27ec4c54", socket: true }, { invocation: null, socket: false }]);
});

test("images are listed, and a containerd that does not answer is not an empty one", () => {
  const arg = { ctr: "ctr", address: "/s", namespace: "default" };
  expect(images.parse("images yes\na:1\nb:2\nimages yes\n\nimages no\n\n", [arg, arg, arg])).toEqual([["a:1", "b:2"], [], null]);
});

test.each([["daemon maybe"], [""]])("garbage is no answer: %j", (output) => {
  expect(() => daemon.parse(output, [asked])).toThrow("cut or garbled");
  expect(() => images.parse(output, [{ ctr: "ctr", address: "/s", namespace: "n" }])).toThrow("cut or garbled");
});
