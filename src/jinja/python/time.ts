import { ownProperty } from "../core/own-property.ts";

export const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** A moment as a calendar shows it; months count from 1, the micros are those of the second. */
export interface Calendar {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  microsecond: number;
  weekday: number;
  dayOfYear: number;
  /** Minutes east of Greenwich. */
  offset: number;
  epoch: number;
}

// A moment, given in milliseconds since 1970, on the calendar of Greenwich or of the controller.
export function calendar(epoch: number, utc: boolean): Calendar {
  const offset = utc ? 0 : -new Date(epoch).getTimezoneOffset();
  const shown = new Date(epoch + offset * 60_000);
  const year = shown.getUTCFullYear();
  return {
    year,
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
    microsecond: shown.getUTCMilliseconds() * 1000,
    weekday: shown.getUTCDay(),
    dayOfYear: Math.floor((shown.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1,
    offset,
    epoch,
  };
}

// A number with leading zeros.
export function padded(value: number, size = 2): string {
  return String(value).padStart(size, "0");
}

const CODES: { [code: string]: (time: Calendar) => string } = {
  Y: ({ year }) => String(year),
  y: ({ year }) => padded(year % 100),
  C: ({ year }) => padded(Math.floor(year / 100)),
  m: ({ month }) => padded(month),
  d: ({ day }) => padded(day),
  e: ({ day }) => String(day).padStart(2),
  H: ({ hour }) => padded(hour),
  I: ({ hour }) => padded(hour % 12 || 12),
  k: ({ hour }) => String(hour).padStart(2),
  l: ({ hour }) => String(hour % 12 || 12).padStart(2),
  M: ({ minute }) => padded(minute),
  S: ({ second }) => padded(second),
  f: ({ microsecond }) => padded(microsecond, 6),
  p: ({ hour }) => (hour < 12 ? "AM" : "PM"),
  P: ({ hour }) => (hour < 12 ? "am" : "pm"),
  j: ({ dayOfYear }) => padded(dayOfYear, 3),
  a: ({ weekday }) => DAYS[weekday]!.slice(0, 3),
  A: ({ weekday }) => DAYS[weekday]!,
  b: ({ month }) => MONTHS[month - 1]!.slice(0, 3),
  h: ({ month }) => MONTHS[month - 1]!.slice(0, 3),
  B: ({ month }) => MONTHS[month - 1]!,
  u: ({ weekday }) => String(weekday || 7),
  w: ({ weekday }) => String(weekday),
  s: ({ epoch }) => String(Math.floor(epoch / 1000)),
  U: ({ dayOfYear, weekday }) => padded(Math.floor((dayOfYear + 6 - weekday) / 7)),
  W: ({ dayOfYear, weekday }) => padded(Math.floor((dayOfYear + 6 - ((weekday + 6) % 7)) / 7)),
  V: (time) => padded(isoWeek(time).week),
  G: (time) => String(isoWeek(time).year),
  z: ({ offset }) =>
    `${offset < 0 ? "-" : "+"}${padded(Math.floor(Math.abs(offset) / 60))}${padded(Math.abs(offset) % 60)}`,
  Z: ({ offset }) => (offset === 0 ? "UTC" : ""),
  n: () => "\n",
  t: () => "\t",
  "%": () => "%",
};

const WHOLE: { [code: string]: string } = {
  F: "%Y-%m-%d",
  T: "%H:%M:%S",
  R: "%H:%M",
  D: "%m/%d/%y",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
  c: "%a %b %e %H:%M:%S %Y",
  r: "%I:%M:%S %p",
};

// The week by ISO 8601, which belongs to the year of its Thursday.
function isoWeek({ year, month, day, weekday }: Calendar): { year: number; week: number } {
  const thursday = new Date(Date.UTC(year, month - 1, day + 4 - (weekday || 7)));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return {
    year: thursday.getUTCFullYear(),
    week: Math.ceil(((thursday.getTime() - first) / 86_400_000 + 1) / 7),
  };
}

// Fills a format of strftime; codes that are not known stay as they are.
export function formatTime(format: string, epoch: number, utc: boolean): string {
  return fillFormat(format, calendar(epoch, utc));
}

// The same for a moment that is on the calendar already; %4Y has four digits always.
export function fillFormat(format: string, time: Calendar): string {
  const fill = (text: string): string =>
    text.replace(/%([-4]?)([A-Za-z%])/g, (whole, dash: string, code: string) => {
      const several = ownProperty(WHOLE, code);
      if (several !== undefined) return fill(several);
      const found = ownProperty(CODES, code)?.(time) ?? whole;
      if (dash === "4") return found.padStart(4, "0");
      return dash ? found.replace(/^[0 ]+(?=.)/, "") : found;
    });
  return fill(format);
}
