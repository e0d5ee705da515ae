import type { Broker } from "./broker.ts";
import { AT_WORK_SECONDS, KEPT_SECONDS } from "./protocol.ts";

/**
 * Keeps a result, unless there is one, and tells of it; not where somebody else
 * has the share by now.
 */
const KEEP = `
local attempt = redis.call("hget", KEYS[1], ARGV[1])
if attempt and attempt ~= ARGV[2] then return 0 end
redis.call("hsetnx", KEYS[2], ARGV[3], ARGV[4])
redis.call("expire", KEYS[2], ARGV[5])
redis.call("xadd", KEYS[3], "*", "event", ARGV[6])
return 1`;

/**
 * A worker's hold on a share. Each that takes it counts its attempts up, and only
 * the last one's word counts.
 */
export class Holding {
  readonly attempt: number;
  private readonly broker: Broker;
  private readonly run: string;
  private readonly share: number;

  private constructor(broker: Broker, run: string, share: number, attempt: number) {
    [this.broker, this.run, this.share, this.attempt] = [broker, run, share, attempt];
  }

  // Takes a share from whoever had it.
  static async take(broker: Broker, run: string, share: number): Promise<Holding> {
    const name = broker.names.run(run, "attempts");
    const attempt = await broker.redis.hincrby(name, String(share), 1);
    await broker.redis.expire(name, KEPT_SECONDS);
    return new Holding(broker, run, share, attempt);
  }

  // Whether nobody else has taken the share, and how often the run was asked to stop. It also shows
  // that the worker is at it.
  async look(): Promise<{ isMine: boolean; stop: number }> {
    const { redis, names } = this.broker;
    const [attempt, stop] = await Promise.all([
      redis.hget(names.run(this.run, "attempts"), String(this.share)),
      redis.get(names.run(this.run, "stop")),
      redis.set(names.atWork(this.run, this.share), this.attempt, "EX", AT_WORK_SECONDS),
    ]);
    return {
      isMine: attempt === null || Number(attempt) === this.attempt,
      stop: Number(stop ?? 0),
    };
  }

  // Keeps the sealed result of a host under a hidden name, and adds the sealed event that tells of
  // it; neither where somebody else has the share by now, whose word counts. False: so it was.
  async keep(field: string, result: string, event: string): Promise<boolean> {
    const { redis, names } = this.broker;
    const keys = (["attempts", "done", "events"] as const).map((what) => names.run(this.run, what));
    const words = [this.share, this.attempt, field, result, KEPT_SECONDS, event];
    return (await redis.eval(KEEP, keys.length, ...keys, ...words)) === 1;
  }

  // The worker is not at the share any more.
  async leave(): Promise<void> {
    const { redis, names } = this.broker;
    await redis.del(names.atWork(this.run, this.share));
  }
}
