/** A difference between Ansible's reading and ours that is meant, or that nobody meets. */
export interface Excuse {
  why: string;
  /** Who refuses the text that the other reads; "nobody": both read it, as other values. */
  refused: "by Ansible" | "by us" | "by nobody";
  text: RegExp;
}

export const EXCUSES: readonly Excuse[] = [
  {
    why: "we read a comment that begins right behind a quote or the head of a block as a mistake",
    refused: "by us",
    text: /["'|>\d+\-}\]]#/,
  },
  {
    why: "we want a space between a colon and a bracket, where libyaml takes a tab",
    refused: "by us",
    text: /[:-] *\t\s*(?:&\S+\s+)?[[{]|\{[^}]*\t/,
  },
  {
    why: "we have no sets, ordered maps, pairs and bytes",
    refused: "by us",
    text: /!!(?:set|omap|pairs|binary)/,
  },
  {
    why: "we read no halves of characters, which JSON may name",
    refused: "by us",
    text: /\\ud[89a-f]/i,
  },
  { why: "we do not read what holds itself", refused: "by us", text: /&(\S+)[^]*\*\1/ },
  {
    why: "we read YAML 1.2's marks in the middle of a line, and documents behind others' ends",
    refused: "by us",
    text: /^\s*(?:\.\.\.|---)/m,
  },
  {
    why: "line and paragraph separators are no ends of lines for us",
    refused: "by us",
    text: /[\u0085\u2028\u2029\ufeff]/,
  },
  {
    why: "we want what begins like a mark of YAML to be quoted in brackets",
    refused: "by us",
    text: /[-?#] *[,}\]]|[[{,]\s*#/,
  },
  {
    why: "libyaml knows no pairs of halves outside of JSON",
    refused: "by Ansible",
    text: /\\ud[89ab]/i,
  },
  {
    why: "libyaml takes more digits and signs in numbers that are tagged",
    refused: "by us",
    text: /!!(?:int|float)/,
  },
  {
    why: "libyaml takes an indicator that stands below its dash",
    refused: "by us",
    text: /^[|>]/m,
  },
  { why: "libyaml takes tabs for no blanks in some places", refused: "by Ansible", text: /\t/ },
  {
    why: "libyaml has no document behind a mark of an end",
    refused: "by Ansible",
    text: /^\ufeff?\s*(?:#.*\n\s*)?\.\.\./,
  },
  {
    why: "we take an empty key for null, as YAML says",
    refused: "by Ansible",
    text: /(?:^|[-\n\r,[{?:])\s*(?:[&!]\S*\s+)*:(?:\s|$)/,
  },
  {
    why: "in brackets we read a colon without a space, as YAML 1.2 says",
    refused: "by Ansible",
    text: /[[{][^]*(?::[^ ]|\?)/,
  },
  { why: "we read anchors and tags of other characters", refused: "by Ansible", text: /[&!*]/ },
  {
    why: "line and paragraph separators are no ends of lines for us",
    refused: "by Ansible",
    text: /[\u0085\u2028\u2029\ufeff]/,
  },
  {
    why: "line and paragraph separators are no ends of lines for us",
    refused: "by nobody",
    text: /[\u0085\u2028\u2029\ufeff]/,
  },
  { why: "Python's JSON has NaN and Infinity", refused: "by nobody", text: /NaN|Infinity/ },
  { why: "Ansible loses lists inside of what is !unsafe", refused: "by nobody", text: /!unsafe/ },
  {
    why: "libyaml takes an empty text behind a lone ! for null",
    refused: "by nobody",
    text: /! *(?:""|''|[|>])/,
  },
  {
    why: "a mark of a document that is indented is one for us",
    refused: "by Ansible",
    text: /^ +(?:---|\.\.\.)/m,
  },
  { why: "what is no directive is text for us", refused: "by Ansible", text: /^\s*%/m },
  {
    why: "libyaml keeps empty lines behind an escaped end of a line",
    refused: "by nobody",
    text: /\\\r?\n\s*\n/,
  },
  {
    why: "a mark of a document that is indented is one for us",
    refused: "by nobody",
    text: /^ +(?:---|\.\.\.)/m,
  },
];
