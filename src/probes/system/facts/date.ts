import { sh } from "../../../script/sh.ts";
import type { Facts } from "./answer.ts";

/** What `date` is asked for: local time field by field, seconds since 1970, nanoseconds, zone. */
export const DATE_FORMAT = "+%Y %m %A %w %W %d %H %M %S %s %N %Z %z";

/**
 * Asks for now, winter and summer in one process; a small `date` that cannot
 * read a list only reports now.
 */
export const ASK_DATE = sh`date -f - ${DATE_FORMAT} <<HW_EOF || date ${DATE_FORMAT}
now
Jan 1 00:00
Jul 1 00:00
HW_EOF`;

// The zone's name while its clocks are ahead, which is the only one where they never are.
function summerZone(lines: readonly string[]): string | undefined {
  const [now, ...half] = lines.map(
    (line) => line.trim().split(" ").slice(-2) as [name: string, offset: string],
  );
  return half.reduce((a, b) => (Number(b[1]) > Number(a[1]) ? b : a), half[0] ?? now ?? [""])[0];
}

// The host's clock in all the forms that Ansible gives; the forms in UTC are
// computed from the seconds.
export function dateFacts(answer: string): Facts {
  const lines = answer.trim().split("\n");
  const [
    year,
    month,
    weekday,
    weekday_number,
    weeknumber,
    day,
    hour,
    minute,
    second,
    epoch,
    fraction,
    tz,
    tz_offset,
  ] = lines[0]!.trim().split(" ");
  if (tz_offset === undefined) return {};
  const micro = /^\d{9}$/.test(fraction!) ? fraction!.slice(0, 6) : "000000";
  const utc = new Date(Number(epoch) * 1000).toISOString().slice(0, 19);
  const compact = `${year}${month}${day}T${hour}${minute}${second}`;
  return {
    date_time: {
      year: year!,
      month: month!,
      weekday: weekday!,
      weekday_number: weekday_number!,
      weeknumber: weeknumber!,
      day: day!,
      hour: hour!,
      minute: minute!,
      second: second!,
      epoch: epoch!,
      epoch_int: epoch!,
      tz: tz!,
      tz_dst: summerZone(lines) || tz!,
      tz_offset,
      date: `${year}-${month}-${day}`,
      time: `${hour}:${minute}:${second}`,
      iso8601: `${utc}Z`,
      iso8601_micro: `${utc}.${micro}Z`,
      iso8601_basic: `${compact}${micro}`,
      iso8601_basic_short: compact,
    },
  };
}
