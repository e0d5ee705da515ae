import { gzipSync } from "node:zlib";
import { toText } from "../../../src/jinja/core/text.ts";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { Module, StepOutput } from "../../../src/modules/contract/module.ts";
import { uri } from "../../../src/modules/network/uri.ts";
import { argumentsFor, givenWith } from "../case.ts";
import { askAnsible, noAnsible } from "../shared/edit/ansible.ts";
import { furtherOf, Unknown, type Json } from "../../../src/value.ts";
import { TestHost } from "../host.ts";
import { has, here, shellcheck, skipReason } from "../../requires.ts";

const module = uri as unknown as AnyModule;
const SHELLS = here([["dash"], ["bash"], ["busybox", "sh"]]);
let server: Server;
let base = "";

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

beforeAll(async () => {
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { method, url = "", headers } = request;
      const login = Buffer.from(
        (headers.authorization ?? "").replace("Basic ", ""),
        "base64",
      ).toString();
      if (url === "/text") return response.end("line one\nline two, größer\n");
      if (url === "/bytes") return response.end(Buffer.from([0, 1, 255, 10, 0]));
      if (url === "/json")
        return response
          .setHeader("content-type", "application/problem+json; charset=utf-8")
          .end('{"a": [1, null]}');
      if (url === "/bad") return response.setHeader("content-type", "application/json").end("{");
      if (url === "/gone") return response.writeHead(404, "Not There").end("nothing here");
      if (url === "/away")
        return response
          .writeHead(302, { location: "text", "set-cookie": ["a=1; Path=/", "b=2"] })
          .end("moved");
      if (url === "/login" && login !== 'me:it\'s "secret" \\')
        return response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
      if (url === "/latin")
        return response
          .setHeader("content-type", "text/plain; charset=iso-8859-1")
          .end(Buffer.from("gr\u00fcn", "latin1"));
      if (url === "/packed")
        return response
          .setHeader("content-encoding", "gzip")
          .setHeader("content-type", "application/json")
          .end(gzipSync('{"big": 12345678901234567890, "one": 1.0}'));
      if (url === "/empty") return response.writeHead(204).end();
      return response.setHeader("content-type", "application/json").end(
        JSON.stringify({
          method,
          url,
          body,
          type: headers["content-type"],
          agent: headers["user-agent"],
          extra: headers["x-extra"],
          switch: headers["x-switch"],
          login,
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

// Sends a request as a question does.
async function ask(
  args: { [name: string]: unknown },
  shell: string[] = ["dash"],
): Promise<{ result: { [key: string]: unknown }; output: StepOutput }> {
  const coerced = argumentsFor(module, args);
  const { output } = (await new TestHost(shell).ask({
    output: module.probe!(coerced, givenWith())!,
  })) as unknown as { output: StepOutput };
  return { output, result: module.result(coerced, {}, [output], givenWith()) };
}

// Sends a request as a step does.
const send = (args: { [name: string]: unknown }): ReturnType<TestHost["apply"]> =>
  new TestHost().apply(uri as unknown as Module<never, never>, args);

describe.each(SHELLS)("under %s", (...shell) => {
  test("a GET is a question", async () => {
    const { result, output } = await ask({ url: `${base}/text`, return_content: true }, shell);
    expect(output.code).toBe(0);
    expect(result).toMatchObject({
      status: 200,
      content: "line one\nline two, größer\n",
      msg: "OK (28 bytes)",
      redirected: false,
      url: `${base}/text`,
      content_length: "28",
    });
  });

  test("a status that is not wanted fails, and tells what came", async () => {
    const { result, output } = await ask(
      { url: `${base}/gone`, return_content: true, status_code: [200, 204] },
      shell,
    );
    expect(output).toMatchObject({ code: 1, stderr: "Status code was 404 and not [200, 204]\n" });
    expect(result).toMatchObject({
      status: 404,
      content: "nothing here",
      msg: "Status code was 404 and not [200, 204]: HTTP Error 404: Not There",
    });
    expect((await ask({ url: `${base}/gone`, status_code: 404 }, shell)).output.code).toBe(0);
  });
});

test("redirects are followed as wanted", async () => {
  const followed = await ask({ url: `${base}/away`, return_content: true });
  expect(followed.result).toMatchObject({
    status: 200,
    redirected: true,
    url: `${base}/text`,
    content: "line one\nline two, größer\n",
  });
  const stayed = await ask({ url: `${base}/away`, follow_redirects: "none", status_code: 302 });
  expect(stayed.result).toMatchObject({
    status: 302,
    redirected: false,
    location: `${base}/text`,
  });
  expect(stayed.result, "those of successes alone").not.toHaveProperty("cookies");
  const posted = await send({ url: `${base}/away`, method: "POST", status_code: 302 });
  expect(posted.result).toMatchObject({ status: 302 });
});

test("content is read as the server says it is", async () => {
  const content = { return_content: true };
  expect((await ask({ url: `${base}/latin`, ...content })).result["content"]).toBe("gr\u00fcn");
  const packed = await ask({ url: `${base}/packed`, ...content });
  expect(packed.result["content"]).toContain('"one": 1.0');
  expect(toText(packed.result["json"])).toBe("{'big': 12345678901234567890, 'one': 1.0}");
  const left = await ask({ url: `${base}/packed`, decompress: false, ...content });
  expect(left.result).not.toHaveProperty("json");
});

test("logins come from .netrc where none is given", async () => {
  const host = new TestHost();
  writeFileSync(join(host.home, ".netrc"), "machine 127.0.0.1 login me password sesame\n");
  const given = { url_username: "you", url_password: "open" };
  for (const [args, login] of [
    [{}, "me:sesame"],
    [given, "you:open"],
  ] as const) {
    const coerced = argumentsFor(module, { url: `${base}/x`, force_basic_auth: true, ...args });
    const { output } = (await host.ask({
      output: module.probe!(coerced, givenWith())!,
    })) as unknown as { output: StepOutput };
    expect(module.result(coerced, {}, [output], givenWith())).toMatchObject({ json: { login } });
  }
});

test("a request that creates or removes make needless says so in the module's words", () => {
  const skipped = (args: object, state: Record<string, Json>): unknown =>
    module.result(argumentsFor(module, { url: base, ...args }), state, undefined, givenWith());
  expect(skipped({ creates: "/x" }, { creates: { type: "file" } })).toEqual({
    stdout: "skipped, since '/x' exists",
    stdout_lines: ["skipped, since '/x' exists"],
  });
  expect(skipped({ removes: "/x" }, { removes: null })).toMatchObject({
    stdout: "skipped, since '/x' does not exist",
  });
});

test("JSON is read where it is told to be, and is", async () => {
  expect((await ask({ url: `${base}/json` })).result).toMatchObject({ json: { a: [1, null] } });
  expect((await ask({ url: `${base}/json` })).result).not.toHaveProperty("content");
  expect((await ask({ url: `${base}/bad` })).result).not.toHaveProperty("json");
  expect(
    (await ask({ url: `${base}/empty`, status_code: 204, return_content: true })).result,
  ).toMatchObject({ status: 204, content: "" });
});

test("HEAD, bytes and nobody there", async () => {
  expect(
    (await ask({ url: `${base}/text`, method: "HEAD", return_content: true })).result,
  ).toMatchObject({ status: 200, content: "" });
  expect((await ask({ url: `${base}/bytes`, return_content: true })).result).toMatchObject({
    content: "\0\u0001\ufffd\n\0",
  });
  const { result, output } = await ask({ url: "http://127.0.0.1:1/" });
  expect(output.code).toBe(1);
  expect(result["status"]).toBe(-1);
  expect(String(result["msg"])).toMatch(/^Status code was -1 and not \[200\]: curl: \(7\).*$/);
});

test("bodies, headers and logins arrive as they were written, by every method", async () => {
  const json = { a: 'b"\\\n\t$HOME `x` ü', c: [1, true, null] };
  expect(
    (await send({ url: `${base}/x`, method: "POST", body: json, body_format: "json" })).result[
      "json"
    ],
  ).toMatchObject({ method: "POST", type: "application/json" });
  const echoed = (
    await send({
      url: `${base}/x`,
      method: "PUT",
      body: json,
      body_format: "json",
      headers: { "X-Extra": 'a "b" c', "X-Switch": true },
    })
  ).result["json"] as { body: string };
  expect(echoed).toMatchObject({
    switch: "True",
    method: "PUT",
    extra: 'a "b" c',
    agent: "ansible-httpget",
  });
  expect(JSON.parse(echoed.body)).toEqual(json);
  const form = (
    await send({
      url: `${base}/x`,
      method: "POST",
      body: { n: "a b&c", l: ["1", "2"] },
      body_format: "form-urlencoded",
    })
  ).result["json"];
  expect(form).toMatchObject({
    body: "n=a+b%26c&l=1&l=2",
    type: "application/x-www-form-urlencoded",
  });
  const secret = { url_username: "me", url_password: 'it\'s "secret" \\' };
  for (const args of [secret, { ...secret, force_basic_auth: true }])
    expect((await ask({ url: `${base}/login`, ...args })).result).toMatchObject({
      status: 200,
      json: { login: 'me:it\'s "secret" \\' },
    });
  expect((await send({ url: `${base}/x`, method: "DELETE" })).result["json"]).toMatchObject({
    method: "DELETE",
    body: "",
  });
  expect(
    (await send({ url: `${base}/x`, method: "PATCH", body: "@/etc/passwd" })).result["json"],
  ).toMatchObject({ method: "PATCH", body: "@/etc/passwd" });
});

test("a list that is no form is refused by name", async () => {
  const { change, failure } = await send({
    url: `${base}/x`,
    method: "POST",
    body: ["foo", { bar: "baz" }],
    body_format: "form-urlencoded",
  }).catch((error: Error) => ({ change: null, failure: error.message }));
  expect(change).toBeNull();
  expect(failure).toContain("failed to parse body as form_urlencoded: foo is not a name");
});

test("which headers come is not known before", () => {
  const args = argumentsFor(module, { url: base });
  const planned = module.result(args, {}, undefined, givenWith());
  expect(furtherOf(planned)).toBeInstanceOf(Unknown);
  expect(Object.values(planned).every((value) => value instanceof Unknown)).toBe(true);
});

test("what may change something is never a question, and fails where it is not as wanted", async () => {
  expect(
    module.probe!(argumentsFor(module, { url: base, method: "POST" }), givenWith()),
  ).toBeUndefined();
  expect(
    module.probe!(argumentsFor(module, { url: base, creates: "/x" }), givenWith()),
  ).toBeUndefined();
  const { failure, change, result } = await send({ url: `${base}/gone`, method: "POST" });
  expect(failure).toContain("Status code was 404");
  expect(change).toMatchObject({ silent: true, opaque: true });
  expect(result).toMatchObject({ status: 404 });
});

test("a password is in no argument list", () => {
  const { script } = module.probe!(
    argumentsFor(module, { url: `${base}/`, url_username: "u", url_password: "hidden" }),
    givenWith(),
  )!.arg as { script: string };
  const words = script
    .split("\n")
    .filter((line) => /(^|[|;(] *)(curl|base64|tail)\b/.test(line))
    .map((line) => line.replace(/printf %s '[^']*'/, ""));
  expect(words.join("\n")).not.toContain("hidden");
  expect(script).toContain("hidden");
});

test.skipIf(noAnsible)("the same keys as Ansible's", async () => {
  const all: { [name: string]: unknown }[] = [
    { url: `${base}/json` },
    { url: `${base}/away`, follow_redirects: "none", status_code: [302] },
    {
      url: `${base}/x`,
      method: "POST",
      body: { a: "ü", b: [1, { c: null }] },
      body_format: "json",
    },
    {
      url: `${base}/x`,
      method: "POST",
      body: { n: "a b&c~*'!", l: ["1", 2, true, null] },
      body_format: "form-urlencoded",
    },
    { url: `${base}/text`, return_content: true },
    { url: `${base}/x`, method: "POST", body: "raw" },
  ];
  const theirs = await askAnsible(all.map((args) => ({ module: "uri", args })));
  for (const [i, args] of all.entries()) {
    const ours = (await send(args)).result;
    const cookies = "cookies" in theirs[i]! ? ["cookies", "cookies_string"] : []; // Ansible tells those of successes alone.
    const pick = (result: { [key: string]: unknown }): unknown =>
      ["status", "msg", "json", "url", "redirected", "content", "location", ...cookies].map(
        (key) => [key, result[key]],
      );
    expect(pick(ours)).toEqual(pick(theirs[i]!));
  }
});

test.skipIf(!has("shellcheck"))(
  `shellcheck finds nothing wrong with the request${skipReason("shellcheck")}`,
  () => {
    const { script } = module.probe!(
      argumentsFor(module, { url: "http://a/", status_code: [200, 301] }),
      givenWith(),
    )!.arg as { script: string };
    expect(shellcheck(script)).toBe("");
  },
);
