import { EventEmitter } from "node:events";
import type { Client } from "ssh2";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Channel } from "../../../src/transport/channel.ts";
import { openExec } from "../../../src/transport/ssh/exec.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

// A channel on a connection whose events the test makes.
async function onConnection(): Promise<{
  client: EventEmitter;
  stream: EventEmitter;
  channel: Channel;
}> {
  const stream = Object.assign(new EventEmitter(), { stderr: new EventEmitter() });
  const exec = (_line: string, _options: object, done: (error: undefined, it: object) => void) =>
    done(undefined, stream);
  const client = Object.assign(new EventEmitter(), { exec });
  const open = openExec(client as unknown as Client, "root@h");
  const channel = await open(["/bin/sh"], { stdout: () => {}, stderr: () => {} });
  return { client, stream, channel };
}

test("a channel that ends with its connection holds nothing up", async () => {
  const { client, stream, channel } = await onConnection();
  stream.emit("close");
  client.emit("close");
  await expect(channel.closed).resolves.toEqual({ lost: "the host closed it" });
  expect(vi.getTimerCount()).toBe(0);
});

test("what broke the connection is what its channels ended with", async () => {
  const { client, stream, channel } = await onConnection();
  stream.emit("close");
  client.emit("error", new Error("read ECONNRESET"));
  client.emit("close");
  await expect(channel.closed).resolves.toEqual({ lost: "read ECONNRESET" });
});

test("a channel that ends alone is waited for a moment, as its connection may be about to break", async () => {
  const { stream, channel } = await onConnection();
  stream.emit("close");
  await vi.runAllTimersAsync();
  await expect(channel.closed).resolves.toEqual({});
});
