import { outsideOf, type Call } from "../../core/callable.ts";
import { wantDict, wantText } from "../../core/convert.ts";
import type { Table } from "../../core/builtin.ts";
import { dictEntries, makeDict } from "../../core/dict.ts";
import { Fault } from "../../core/fault.ts";
import { parseFloating, toBool } from "../filters/basic.ts";
import { toText } from "../../core/text.ts";
import { each, type LookupOptions } from "./define.ts";
import { defined } from "../../../defined.ts";

const OPTIONS = [
  "validate_certs",
  "split_lines",
  "username",
  "password",
  "headers",
  "force",
  "timeout",
  "http_agent",
  "force_basic_auth",
  "follow_redirects",
  "ca_path",
];

// lookup("url"): what a server answers, line by line or as a whole.
function answer(term: unknown, options: LookupOptions, call: Call): unknown[] {
  const url = wantText(term, "a URL");
  const flag = (name: string, fallback: boolean): boolean =>
    toBool(options.get(name) ?? fallback) ?? fallback;
  const text = (name: string): string | undefined =>
    options.get(name) === undefined || options.get(name) === null
      ? undefined
      : toText(options.get(name));
  const [user, follow] = [text("username"), text("follow_redirects") ?? "urllib2"];
  const login =
    user === undefined
      ? []
      : ([
          [
            "authorization",
            `Basic ${Buffer.from(`${user}:${text("password") ?? ""}`).toString("base64")}`,
          ],
        ] as const);
  const headers = dictEntries(
    wantDict(options.get("headers") ?? makeDict([]), "a dict of headers"),
  ).map(([name, value]) => [toText(name), toText(value)] as const);
  const found = outsideOf(call, "url").get({
    url,
    headers: [
      ["user-agent", text("http_agent") ?? "ansible-httpget"],
      ...(flag("force", false) ? [["cache-control", "no-cache"] as const] : []),
      ...login,
      ...headers,
    ],
    timeout: parseFloating(text("timeout") ?? "10") ?? 10,
    follow: !["none", "no", "false"].includes(follow.toLowerCase()),
    trust: flag("validate_certs", true),
    ...defined({ authority: text("ca_path") }),
  });
  if ("error" in found) throw new Fault(`Failed lookup url for ${url} : ${found.error}`);
  if (found.status >= 300)
    throw new Fault(`Received HTTP error for ${url} : HTTP Error ${found.status}: ${found.reason}`);
  return flag("split_lines", true)
    ? found.text
        .split(/\r\n|\r|\n/)
        .filter((line, index, all) => line !== "" || index < all.length - 1)
    : [found.text];
}

/** The lookup that asks a server. */
export const urlLookup: Table = { url: each(answer, OPTIONS) };
