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

/** PEP 440: epoch, release, pre-release, post-release, development release, local version. */
const PEP440 =
  /^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d+)?)?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d+)?)?(?:[-_.]?(dev)[-_.]?(\d+)?)?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?\s*$/i;
/** The words for a pre-release that mean the same. */
const PRE_WORDS: { [word: string]: string } = {
  alpha: "a",
  beta: "b",
  c: "rc",
  pre: "rc",
  preview: "rc",
};
const LOWEST = [-1];
const HIGHEST = [1];

// 1!2.0rc1.post2.dev3+local: Python packages' versions. What is missing ranks below or above all.
function pep440(text: string): Version {
  const found = PEP440.exec(text);
  if (!found) throw new Fault(`Invalid version: ${quoteText(text)}`);
  const [, epoch, release, pre, preNumber, bare, post, postNumber, dev, devNumber, local] = found;
  const word = pre?.toLowerCase();
  const hasPost = (bare ?? post) !== undefined;
  const isOnlyDev = word === undefined && !hasPost && dev !== undefined;
  const missingPre = isOnlyDev ? LOWEST : HIGHEST;
  return {
    parts: [
      Number(epoch ?? 0),
      release!
        .replace(/(?:\.0+)+$/, "")
        .split(".")
        .map(Number),
      word === undefined
        ? missingPre
        : [0, ownProperty(PRE_WORDS, word) ?? word, Number(preNumber ?? 0)],
      hasPost ? [0, Number(bare ?? postNumber ?? 0)] : LOWEST,
      dev === undefined ? HIGHEST : [0, Number(devNumber ?? 0)],
      local === undefined ? LOWEST : [0, localParts(local)],
    ],
    pre: [],
  };
}

// The parts of a local version: numbers rank above words.
function localParts(local: string): unknown[] {
  return local
    .toLowerCase()
    .split(/[-_.]/)
    .map((part) => (/^\d+$/.test(part) ? [1, Number(part)] : [0, part]));
}

const PARSERS: { [type: string]: (text: string) => Version } = {
  loose,
  strict,
  semver: semantic,
  semantic,
  pep440,
};
