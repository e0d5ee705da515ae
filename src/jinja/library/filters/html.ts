import { wantInt, wantList, wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { dictEntries } from "../../core/dict.ts";
import { Fault } from "../../core/fault.ts";
import { toText } from "../../core/text.ts";
import { Undefined, isDict, isTruthy } from "../../core/value.ts";
import { escapeHtml } from "./text.ts";

// Whether a word is a URL, or begins as one.
function isLink(word: string): boolean {
  return /^((https?:\/\/|www\.)(([\p{L}\p{N}_%-]+\.)+)?([a-z]{2,63}|xn--[\p{L}\p{N}_%]{2,59})|([\p{L}\p{N}_%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)|(https?:\/\/)(((\d{1,3})(\.\d{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}\])))(?::\d{1,5})?(?:[/?#]\S*)?$/iu.test(
    word,
  );
}

function isMail(word: string): boolean {
  return /^\S+@[\p{L}\p{N}_][\p{L}\p{N}_.-]*\.[\p{L}\p{N}_]+$/u.test(word);
}

// urlize(trim_url_limit, nofollow, target, rel, extra_schemes): links where a
// text has URLs and addresses.
function urlize(value: unknown, [limit, nofollow, target, rel, schemes]: unknown[]): string {
  const attributes = linkAttributes(rel, nofollow, target);
  const extra = schemes === null ? [] : wantList(schemes).map((scheme) => wantText(scheme));
  const wrong = extra.find((scheme) => !/^([\w.+-]{2,}:(\/){0,2})$/u.test(scheme));
  if (wrong !== undefined) throw new Fault(`'${wrong}' is not a valid URI scheme prefix.`);
  const shown = (url: string): string =>
    limit === null || [...url].length <= wantInt(limit)
      ? url
      : `${[...url].slice(0, wantInt(limit)).join("")}...`;
  return escapeHtml(toText(value))
    .split(/(\s+)/u)
    .map((word) => {
      const { head, middle, tail } = undress(word);
      return head + linked(middle, attributes, extra, shown) + tail;
    })
    .join("");
}

// The attributes that each link gets.
function linkAttributes(rel: unknown, nofollow: unknown, target: unknown): string {
  const relations = new Set([
    ...(rel === null ? [] : wantText(rel).split(/\s+/).filter(Boolean)),
    ...(isTruthy(nofollow) ? ["nofollow"] : []),
    "noopener",
  ]);
  const opens = target === null || target === "" ? "" : ` target="${escapeHtml(target)}"`;
  return ` rel="${escapeHtml([...relations].sort().join(" "))}"${opens}`;
}

// A word without the brackets and stops around it.
function undress(word: string): { head: string; middle: string; tail: string } {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? "";
  let middle = word.slice(head.length);
  let tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)?.[0] ?? "";
  middle = middle.slice(0, middle.length - tail.length);
  for (const [open, close] of [
    ["(", ")"],
    ["<", ">"],
    ["&lt;", "&gt;"],
  ] as const) {
    const [opened, closed] = [count(middle, open), count(middle, close)];
    if (opened <= closed) continue;
    for (let left = Math.min(opened, count(tail, close)); left > 0; left--) {
      const end = tail.indexOf(close) + close.length;
      [middle, tail] = [middle + tail.slice(0, end), tail.slice(end)];
    }
  }
  return { head, middle, tail };
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

// A word as a link, where it is a URL or an address.
function linked(
  word: string,
  attributes: string,
  extra: readonly string[],
  shown: (url: string) => string,
): string {
  if (isLink(word))
    return `<a href="${/^https?:\/\//.test(word) ? "" : "https://"}${word}"${attributes}>${shown(word)}</a>`;
  if (word.startsWith("mailto:") && isMail(word.slice(7)))
    return `<a href="${word}">${word.slice(7)}</a>`;
  if (word.includes("@") && !word.startsWith("www.") && !word.includes(":") && isMail(word))
    return `<a href="mailto:${word}">${word}</a>`;
  const scheme = extra.find((one) => word !== one && word.startsWith(one));
  return scheme === undefined ? word : `<a href="${word}"${attributes}>${word}</a>`;
}

// xmlattr(autospace): a dict as attributes of a tag.
function xmlAttributes(value: unknown, [space]: unknown[]): string {
  if (!isDict(value)) throw new Fault("xmlattr takes a dict of attributes");
  const given = dictEntries(value).filter(
    ([, item]) => item !== null && !(item instanceof Undefined),
  );
  const wrong = given.find(([name]) => /[\s/>=]/u.test(toText(name)));
  if (wrong) throw new Fault(`Invalid character in attribute name: '${toText(wrong[0])}'`);
  const text = given.map(([name, item]) => `${escapeHtml(name)}="${escapeHtml(item)}"`).join(" ");
  return text !== "" && isTruthy(space) ? ` ${text}` : text;
}

/** Filters that write HTML and XML. */
export const htmlFilters: Table = {
  urlize: filter(
    [
      ["trim_url_limit", null],
      ["nofollow", false],
      ["target", null],
      ["rel", null],
      ["extra_schemes", null],
    ],
    urlize,
  ),
  xmlattr: filter([["autospace", true]], xmlAttributes),
};
