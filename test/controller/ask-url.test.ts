import { spawn, type ChildProcess } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WebRequest } from "../../src/jinja/template-io.ts";
import { urlAsker } from "../../src/controller/ask-url.ts";

// A server in a process of its own, as asking blocks this one. It counts, tells its headers, and sends on.
const SERVER = `
let count = 0;
require("http").createServer((request, response) => {
  count++;
  if (request.url === "/gone") response.writeHead(302, { location: "/there" }).end();
  else if (request.url === "/missing") response.writeHead(404).end("no");
  else if (request.url === "/slow") return;
  else response.end([count, request.url, request.headers["user-agent"], request.headers.authorization ?? "-"].join(" "));
}).listen(0, "127.0.0.1", function () { console.log(this.address().port); });
`;
let server: ChildProcess;
let base: string;
beforeAll(async () => {
  server = spawn(process.execPath, ["-e", SERVER], { stdio: ["ignore", "pipe", "inherit"] });
  base = await new Promise((resolve) =>
    server.stdout!.once("data", (port: Buffer) =>
      resolve(`http://127.0.0.1:${String(port).trim()}`),
    ),
  );
});
afterAll(() => void server.kill());

const request = (path: string, more: Partial<WebRequest> = {}): WebRequest => ({
  url: base + path,
  headers: [["user-agent", "me"]],
  timeout: 10,
  follow: true,
  trust: true,
  ...more,
});

describe("a server is asked", () => {
  const get = urlAsker();
  test("once a run for one question", () => {
    expect(get(request("/a"))).toEqual({ status: 200, reason: "OK", text: "1 /a me -" });
    expect(get(request("/a"))).toEqual({ status: 200, reason: "OK", text: "1 /a me -" });
    expect(urlAsker()(request("/a"))).toMatchObject({ text: "2 /a me -" });
  });
  test("with headers", () =>
    expect(get(request("/b", { headers: [["authorization", "Basic x"]] }))).toMatchObject({
      text: expect.stringContaining("Basic x") as string,
    }));
  test("and sends on", () => {
    expect(get(request("/gone"))).toMatchObject({
      status: 200,
      text: expect.stringContaining("/there") as string,
    });
    expect(get(request("/gone", { follow: false }))).toMatchObject({ status: 302 });
  });
  test("and has nothing", () => expect(get(request("/missing"))).toMatchObject({ status: 404 }));
  test("and is silent", () =>
    expect(get(request("/slow", { timeout: 0.2 }))).toEqual({
      error: expect.stringMatching(/timeout/) as string,
    }));
  test("and is not there", () =>
    expect(get({ ...request("/"), url: "http://127.0.0.1:9/" })).toEqual({
      error: expect.stringMatching(/./) as string,
    }));
});
