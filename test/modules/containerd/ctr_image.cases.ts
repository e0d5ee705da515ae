import { ctr_image } from "../../../src/modules/containerd/ctr_image.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import { localFile, type Case } from "../case.ts";

const module = ctr_image as unknown as AnyModule;
const name = "example.com/smoke/hello:1";
const given = { file: () => localFile("tar") };
const rm =
  "/usr/local/bin/ctr -a /run/containerd/containerd.sock -n k8s.io images rm --sync example.com/smoke/hello:1";

export const cases: Case[] = [
  {
    name: "an image that is there",
    module,
    args: { name, src: "hello.tar" },
    before: { images: ["other", name] },
    given,
    expect: { unchanged: true },
  },
  {
    name: "an image that is not there",
    module,
    args: { name, src: "hello.tar" },
    before: { images: ["other"] },
    given,
    expect: { after: { images: ["other", name] } },
  },
  {
    name: "a containerd that does not answer yet",
    module,
    args: { name, src: "hello.tar" },
    before: { images: null },
    given,
    expect: { after: { images: [name] } },
  },
  {
    name: "an archive that is not on the controller",
    module,
    args: { name, src: "hello.tar" },
    before: { images: [] },
    expect: { failure: /the test has no file/ },
  },
  {
    name: "present without an archive",
    module,
    args: { name },
    before: {},
    expect: { failure: /needs the parameter "src"/ },
  },
  {
    name: "removed",
    module,
    args: { name, state: "absent", namespace: "k8s.io" },
    before: { images: [name, "other"] },
    expect: { steps: [rm], after: { images: ["other"] } },
  },
  {
    name: "removed already",
    module,
    args: { name, state: "absent" },
    before: { images: [] },
    expect: { unchanged: true },
  },
  {
    name: "a removal that cannot be told",
    module,
    args: { name, state: "absent" },
    before: { images: null },
    expect: { failure: /containerd does not answer/ },
  },
];
