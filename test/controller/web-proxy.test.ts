import { execFileSync } from "node:child_process";
import { createServer as createSecure } from "node:https";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { fetchText } from "../../src/controller/http.ts";
import { proxyFor } from "../../src/controller/web-proxy.ts";
import { has, skipReason } from "../requires.ts";
import { serve, type Served } from "../playbook/serve.ts";

describe("the proxy that the environment names", () => {
  const env = {
    http_proxy: "http://me:p%40ss@10.0.0.1:3128",
    HTTPS_PROXY: "10.0.0.2:8080",
    no_proxy: "localhost, .internal.example,10.1.0.0/16,one.example:8443,fd00::/8",
  };
  test.each([
    ["http://a.example/x", "10.0.0.1:3128"],
    ["https://a.example/x", "10.0.0.2:8080"],
    ["https://internal.example", undefined],
    ["https://deep.internal.example", undefined],
    ["https://notinternal.example", "10.0.0.2:8080"],
    ["http://10.1.2.3/x", undefined],
    ["http://10.2.2.3/x", "10.0.0.1:3128"],
    ["http://localhost:5000", undefined],
    ["https://one.example:8443", undefined],
    ["https://one.example", "10.0.0.2:8080"],
    ["http://[fd00::1]:5000/", undefined],
  ])("for %s is %s", (url, wanted) => {
    const proxy = proxyFor(new URL(url), env);
    expect(proxy && `${proxy.host}:${proxy.port}`).toBe(wanted);
  });

  test("may want a login, may be one for all, and may be none", () => {
    expect(proxyFor(new URL("http://a.example"), env)!.login).toBe(
      `Basic ${Buffer.from("me:p@ss").toString("base64")}`,
    );
    expect(proxyFor(new URL("https://a.example"), { all_proxy: "http://[::1]:1" })).toEqual({
      host: "::1",
      port: 1,
    });
    expect(
      proxyFor(new URL("https://a.example"), { all_proxy: "http://10.0.0.1:1", NO_PROXY: "*" }),
    ).toBeUndefined();
    expect(proxyFor(new URL("https://a.example"), {})).toBeUndefined();
  });
});

describe("a download through it", () => {
  let web: Served;
  let proxy: Server;
  const sockets: Duplex[] = [];
  let behind: string | undefined;
  const asked: string[] = [];

  beforeAll(async () => {
    web = await serve((path, request) =>
      path.startsWith("http://")
        ? `proxied ${path} ${request.headers["proxy-authorization"] ?? "-"}`
        : "direct",
    );
    proxy = createServer().on("connect", (request, socket) => {
      sockets.push(socket.on("error", () => undefined));
      asked.push(`${request.url!} ${request.headers["proxy-authorization"] ?? "-"}`);
      if (request.url!.startsWith("refused"))
        return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      const there = connect(Number(new URL(behind ?? web.url).port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(there).pipe(socket);
      });
      return void there.on("error", () => socket.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await web.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  });

  test("of plain http asks the proxy for the whole URL, with its login and without that of the URL", async () => {
    vi.stubEnv("http_proxy", web.url.replace("//", "//me:secret@"));
    vi.stubEnv("no_proxy", "");
    expect(await fetchText("http://you:word@a.example:81/x?y=1")).toBe(
      `proxied http://a.example:81/x?y=1 Basic ${Buffer.from("me:secret").toString("base64")}`,
    );
    vi.stubEnv("no_proxy", "127.0.0.1");
    expect(await fetchText(`${web.url}/x`)).toBe("direct");
  });

  test("of https asks it for a way to the server, and says when it refuses", async () => {
    vi.stubEnv("https_proxy", `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    await expect(fetchText("https://refused.example/x")).rejects.toThrow(
      /the proxy 127\.0\.0\.1:\d+ answers 403 for refused\.example:443/,
    );
    // what is behind the way is no TLS server here: that the way was taken is all that is told
    await expect(fetchText("https://a.example/x")).rejects.toThrow(
      /the controller cannot download https:\/\/a\.example\/x/,
    );
    expect(asked).toContain("a.example:443 -");
  });

  test.skipIf(!has("openssl"))(
    `of https talks to the server itself${skipReason("openssl")}`,
    async () => {
      const words = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "-",
        "-out",
        "-",
        "-days",
        "2",
        "-subj",
        "/CN=a.example",
      ];
      const pem = execFileSync("openssl", words, {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      const secure = createSecure({ key: pem, cert: pem }, (request, response) =>
        response.end(
          `secure ${request.headers.host!} ${request.url!} ${String(request.headers["proxy-authorization"])}`,
        ),
      );
      await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
      behind = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
      vi.stubEnv("https_proxy", `http://me:pw@127.0.0.1:${(proxy.address() as AddressInfo).port}`);
      vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
      expect(await fetchText("https://a.example/x?y")).toBe("secure a.example /x?y undefined");
      expect(asked).toContain(`a.example:443 Basic ${Buffer.from("me:pw").toString("base64")}`);
      secure.closeAllConnections();
      await new Promise((resolve) => secure.close(resolve));
    },
  );
});
