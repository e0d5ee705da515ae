import { Callable } from "../core/callable.ts";
import { wantInt } from "../core/convert.ts";
import { Fault } from "../core/fault.ts";
import { float } from "../core/number.ts";
import { toText } from "../core/text.ts";
import { calendar, fillFormat, padded, type Calendar } from "./time.ts";
import { Record } from "../core/value.ts";

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;

/** Python's timedelta: how much time there is between two moments. */
export class Span extends Record {
  readonly micros: bigint;

  constructor(micros: bigint) {
    super(
      "timedelta",
      (name) => this.part(name),
      () => this.shown(),
    );
    this.micros = micros;
  }

  // Days may be negative; seconds and microseconds never are.
  private parts(): { days: number; seconds: number; microseconds: number } {
    const days = (this.micros - (((this.micros % DAY) + DAY) % DAY)) / DAY;
    const rest = this.micros - days * DAY;
    return {
      days: Number(days),
      seconds: Number(rest / SECOND),
      microseconds: Number(rest % SECOND),
    };
  }

  private part(name: string): unknown {
    if (name === "total_seconds")
      return new Callable(name, [], () => float(Number(this.micros) / 1e6));
    return new Map<string, unknown>(Object.entries(this.parts())).get(name);
  }

  private shown(): string {
    const { days, seconds, microseconds } = this.parts();
    const clock = `${Math.floor(seconds / 3600)}:${padded(Math.floor(seconds / 60) % 60)}:${padded(seconds % 60)}`;
    return (
      (days === 0 ? "" : `${days} day${Math.abs(days) === 1 ? "" : "s"}, `) +
      clock +
      (microseconds === 0 ? "" : `.${padded(microseconds, 6)}`)
    );
  }

  override equals(other: unknown): boolean {
    return timeOrder(this, other) === 0;
  }

  override repr(): string {
    const given = Object.entries(this.parts())
      .filter(([, value]) => value !== 0)
      .map(([name, value]) => `${name}=${value}`);
    return `datetime.timedelta(${given.join(", ") || "0"})`;
  }
}

/**
 * Python's datetime, or its date: what a calendar and a clock show, with the offset from
 * Greenwich where it is known.
 */
export class Moment extends Record {
  /** Microseconds since 1970 by the clock that is shown. */
  readonly micros: bigint;
  /** Minutes east of Greenwich. */
  readonly offset: number | undefined;
  readonly kind: "datetime" | "date";

  constructor(micros: bigint, offset?: number, kind: "datetime" | "date" = "datetime") {
    super(
      kind,
      (name) => this.part(name),
      () => this.iso(" "),
    );
    this.micros = micros;
    this.offset = offset;
    this.kind = kind;
  }

  /** By what moments are put in order. */
  get instant(): bigint {
    return this.micros - BigInt(this.offset ?? 0) * 60n * SECOND;
  }

  // The calendar of the moment.
  private calendar(): Calendar {
    const within = ((this.micros % SECOND) + SECOND) % SECOND;
    return {
      ...calendar(Number((this.micros - within) / 1000n), true),
      microsecond: Number(within),
    };
  }

  private part(name: string): unknown {
    const time = this.calendar();
    const methods: { [name: string]: () => Callable } = {
      strftime: () => new Callable(name, ["format"], ([text]) => this.filled(toText(text))),
      isoformat: () => new Callable(name, [["sep", "T"]], ([sep]) => this.iso(toText(sep))),
      ctime: () => new Callable(name, [], () => this.filled("%a %b %e %H:%M:%S %Y")),
      weekday: () => new Callable(name, [], () => (time.weekday + 6) % 7),
      isoweekday: () => new Callable(name, [], () => time.weekday || 7),
      toordinal: () =>
        new Callable(
          name,
          [],
          () => Number((this.micros - (((this.micros % DAY) + DAY) % DAY)) / DAY) + 719_163,
        ),
    };
    if (this.kind !== "date") Object.assign(methods, this.clockMethods(name, time));
    if (Object.hasOwn(methods, name)) return methods[name]!();
    const parts = [
      "year",
      "month",
      "day",
      ...(this.kind === "date" ? [] : ["hour", "minute", "second", "microsecond"]),
    ];
    if (parts.includes(name)) return time[name as "year"];
    return name === "tzinfo" && this.kind === "datetime" && this.offset === undefined
      ? null
      : undefined;
  }

  // What a date with a time of day has, and a mere date has not.
  private clockMethods(name: string, time: Calendar): { [name: string]: () => Callable } {
    return {
      timestamp: () => new Callable(name, [], () => float(this.timestamp(time))),
      date: () =>
        new Callable(
          name,
          [],
          () => new Moment(this.micros - (((this.micros % DAY) + DAY) % DAY), undefined, "date"),
        ),
      time: () =>
        new Callable(
          name,
          [],
          () =>
            new Record(
              "time",
              () => undefined,
              () => this.filled(`%H:%M:%S${time.microsecond === 0 ? "" : ".%f"}`),
            ),
        ),
      replace: () =>
        new Callable(name, ["**parts"], ([parts]) =>
          this.replaced(time, parts as Map<string, unknown>),
        ),
    };
  }

  // The same with other parts.
  private replaced(time: Calendar, parts: Map<string, unknown>): Moment {
    const part = (
      name: "year" | "month" | "day" | "hour" | "minute" | "second" | "microsecond",
    ): number => (parts.has(name) ? wantInt(parts.get(name)) : time[name]);
    return momentOf(
      {
        year: part("year"),
        month: part("month"),
        day: part("day"),
        hour: part("hour"),
        minute: part("minute"),
        second: part("second"),
        microsecond: part("microsecond"),
      },
      this.offset,
    );
  }

  // Seconds since 1970; a moment without an offset is one of the controller's clock.
  private timestamp(time: Calendar): number {
    if (this.offset !== undefined) return Number(this.instant) / 1e6;
    return (
      new Date(time.year, time.month - 1, time.day, time.hour, time.minute, time.second).getTime() /
        1000 +
      time.microsecond / 1e6
    );
  }

  private filled(format: string): string {
    const time = { ...this.calendar(), offset: this.offset ?? 0 };
    return fillFormat(
      this.offset === undefined
        ? format.replaceAll(/%[zZ]/g, "")
        : format.replaceAll("%Z", `UTC${this.offset === 0 ? "" : zone(this.offset)}`),
      time,
    );
  }

  private iso(between: string): string {
    if (this.kind === "date") return this.filled("%4Y-%m-%d");
    const time = this.calendar();
    return (
      this.filled(
        `%4Y-%m-%d${between.replaceAll("%", "%%")}%H:%M:%S${time.microsecond === 0 ? "" : ".%f"}`,
      ) + (this.offset === undefined ? "" : zone(this.offset))
    );
  }

  override equals(other: unknown): boolean {
    return timeOrder(this, other) === 0;
  }

  override repr(): string {
    const time = this.calendar();
    const clock =
      this.kind === "date"
        ? []
        : [
            time.hour,
            time.minute,
            ...(time.second || time.microsecond ? [time.second] : []),
            ...(time.microsecond ? [time.microsecond] : []),
          ];
    const tz =
      this.offset === undefined
        ? []
        : [
            `tzinfo=${this.offset === 0 ? "datetime.timezone.utc" : `datetime.timezone(${new Span(BigInt(this.offset) * 60n * SECOND).repr()})`}`,
          ];
    return `datetime.${this.kind}(${[time.year, time.month, time.day, ...clock, ...tz].join(", ")})`;
  }
}

// A UTC offset as written after a time.
function zone(offset: number): string {
  return `${offset < 0 ? "-" : "+"}${padded(Math.floor(Math.abs(offset) / 60))}:${padded(Math.abs(offset) % 60)}`;
}

/** What a date and a time are made of. */
export type Parts = Pick<
  Calendar,
  "year" | "month" | "day" | "hour" | "minute" | "second" | "microsecond"
>;

// The moment of some parts; days and hours that there are not are refused.
export function momentOf(
  { year, month, day, hour, minute, second, microsecond }: Parts,
  offset?: number,
): Moment {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const micros = BigInt(date.getTime()) * 1000n + BigInt(microsecond);
  const same =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCSeconds() === second;
  if (!same || year < 1 || year > 9999)
    throw new Fault("there is no such day or time in the calendar");
  return new Moment(micros, offset);
}

// Python's arithmetic of moments and spans; JavaScript's undefined where these
// do not go together so.
export function timeArithmetic(operator: string, left: unknown, right: unknown): unknown {
  if (left instanceof Moment && right instanceof Moment)
    return operator === "-" ? between(left, right) : undefined;
  if (left instanceof Moment && right instanceof Span) {
    if (operator === "-") return moved(left, -right.micros);
    return operator === "+" ? moved(left, right.micros) : undefined;
  }
  if (left instanceof Span && right instanceof Moment)
    return operator === "+" ? moved(right, left.micros) : undefined;
  if (left instanceof Span && right instanceof Span) {
    if (operator === "+") return new Span(left.micros + right.micros);
    if (operator === "-") return new Span(left.micros - right.micros);
    return operator === "/" && right.micros !== 0n
      ? float(Number(left.micros) / Number(right.micros))
      : undefined;
  }
  const [span, number] = left instanceof Span ? [left, right] : [right, left];
  return operator === "*" &&
    span instanceof Span &&
    typeof number === "number" &&
    Number.isInteger(number)
    ? new Span(span.micros * BigInt(number))
    : undefined;
}

function between(left: Moment, right: Moment): Span {
  if (left.kind !== right.kind || (left.offset === undefined) !== (right.offset === undefined))
    throw new Fault("can't subtract offset-naive and offset-aware datetimes");
  return new Span(left.instant - right.instant);
}

// A moment later; a date moves by whole days.
function moved({ micros, offset, kind }: Moment, by: bigint): Moment {
  return new Moment(
    micros + (kind === "date" ? by - (((by % DAY) + DAY) % DAY) : by),
    offset,
    kind,
  );
}

// The order of two moments or spans, or JavaScript's undefined where they have none.
export function timeOrder(left: unknown, right: unknown): number | undefined {
  if (left instanceof Span && right instanceof Span) return sign(left.micros - right.micros);
  const comparable =
    left instanceof Moment &&
    right instanceof Moment &&
    left.kind === right.kind &&
    (left.offset === undefined) === (right.offset === undefined);
  return comparable ? sign(left.instant - right.instant) : undefined;
}

function sign(difference: bigint): number {
  if (difference < 0n) return -1;
  return difference > 0n ? 1 : 0;
}
