import { expect, test } from "vitest";
import { Logins } from "../../../src/cli/connection/logins.ts";
import type { Connection, Session, Transport } from "../../../src/transport/transport.ts";

// Logins over a transport that notes what is opened and closed; every session has asked one question.
function noted(): { logins: Logins; log: string[] } {
  const log: string[] = [];
  const transport = {
    open: ({ name }: Connection) => {
      log.push(`open ${name}`);
      return Promise.resolve({
        rounds: 1,
        close: () => Promise.resolve(void log.push(`close ${name}`)),
      } as unknown as Session);
    },
    close: () => Promise.resolve(void log.push("close all")),
  } as Transport;
  return { logins: new Logins(transport), log };
}

const to = (name: string): Connection => ({ name }) as Connection;

test("a login that was ended is opened anew when it is needed, and its rounds count", async () => {
  const { logins, log } = noted();
  const first = await logins.open(to("web1"));
  expect(await logins.open(to("web1"))).toBe(first);
  await logins.open(to("web1"), undefined, "by other");
  await logins.open(to("web10"));
  await logins.end("web1");
  expect([logins.rounds("web1"), logins.rounds("web10"), logins.rounds("web2")]).toEqual([2, 1, 0]);
  await logins.open(to("web1"));
  expect(logins.rounds("web1")).toBe(3);
  await logins.close();
  expect(log).toEqual([
    ...["open web1", "open web1", "open web10", "close web1", "close web1", "open web1"],
    "close web1",
    "close web10",
    "close all",
  ]);
  expect(logins.connecting("web2")).toBeUndefined();
});

test("a login that is not there yet when all are ended is ended when it comes", async () => {
  const log: string[] = [];
  let arrive = (): void => undefined;
  const close = (): Promise<void> => Promise.resolve(void log.push("close web1"));
  const logins = new Logins({
    open: () => new Promise((come) => (arrive = () => come({ rounds: 0, close }))),
    close: () => Promise.resolve(void log.push("close all")),
  } as unknown as Transport);
  const opening = logins.open(to("web1"));
  await logins.close();
  expect(log).toEqual(["close all"]);
  arrive();
  await opening;
  expect(log).toEqual(["close all", "close web1"]);
});
