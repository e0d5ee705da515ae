import { compare } from "../core/compare.ts";
import { Fault } from "../core/fault.ts";
import { quoteText } from "../core/text.ts";
import { ownProperty } from "../core/own-property.ts";

type Version = { parts: unknown[]; pre: unknown[] };

// Compares two versions; negative where the first is lower.
export function compareVersions(left: string, right: string, type: string): number {
  const parse = ownProperty(PARSERS, type);
  if (!parse)
    throw new Fault(
      `Invalid version type (${type}). Must be one of ${Object.keys(PARSERS).join(", ")}`,
    );
  const [a, b] = [parse(left), parse(right)];
  return compare(a.parts, b.parts) || comparePre(a.pre, b.pre);
}

// A version without a pre-release part is higher than one with it.
function comparePre(a: unknown[], b: unknown[]): number {
  if (a.length === 0 || b.length === 0)
    return Math.sign(b.length - a.length) * (a.length === b.length ? 0 : 1);
  return compare(a, b);
}

// Numbers and words in turn, as distutils' LooseVersion takes them.
function loose(text: string): Version {
  const parts = text.split(/(\d+|[a-z]+|\.)/).filter((part) => part !== "" && part !== ".");
  return { parts: parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part)), pre: [] };
}

// 1.2, 1.2.3, 1.2a1: distutils' StrictVersion.
function strict(text: string): Version {
  const found = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(text);
  if (!found) throw new Fault(`invalid version number ${quoteText(text)}`);
  const [, major, minor, patch, pre, number] = found;
  return {
    parts: [Number(major), Number(minor), Number(patch ?? 0)],
    pre: pre === undefined ? [] : [pre, Number(number)],
  };
}

// 1.2.3-rc.1+build: semantic versions. Numbers rank below words, which the leading 0 or 1 says.
function semantic(text: string): Version {
  const found =
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\dA-Za-z.-]+))?(?:\+[\dA-Za-z.-]+)?$/.exec(
      text,
    );
  if (!found) throw new Fault(`invalid semantic version ${quoteText(text)}`);
  const [, major, minor, patch, pre] = found;
  const words =
    pre === undefined
      ? []
      : pre.split(".").map((word) => (/^\d+$/.test(word) ? [0, Number(word)] : [1, word]));
  return { parts: [Number(major), Number(minor), Number(patch)], pre: words };
}

const PARSERS: { [type: string]: (text: string) => Version } = {
  loose,
  strict,
  semver: semantic,
  semantic,
};
