import { describe, expect, test } from "vitest";
import type { Edges } from "../../../src/jinja/syntax/delimiters.ts";
import { askOracle, python, renderCase, SKIP_REASON, type Case } from "../oracle.ts";

const ASP: Edges = { variable: ["<%=", "%>"], block: ["<%", "%>"], comment: ["<%#", "%>"] };
const SQUARE: Edges = { variable: ["[[", "]]"], block: ["[%", "%]"], comment: ["[#", "#]"] };
const DASHED: Edges = {
  variable: ["<!--=", "-->"],
  block: ["<!--%", "-->"],
  comment: ["<!--#", "-->"],
};
const LINE: Edges = { variable: ["$(", ")"], block: ["@[", "]@"], comment: ["/*", "*/"] };
const of = (edges: Edges, ...templates: string[]): Case[] =>
  templates.map((template) => ({ template, vars: '{"a": 1, "l": [1, 2]}', options: { edges } }));

const cases: Case[] = [
  ...of(
    ASP,
    "x <%= a %> {{ a }} <% if a %>yes<% endif %> <%# no %>.",
    "<% for i in l %>\n<%= i %>,\n<% endfor %>\nend\n",
    "a\n  <%- if a -%>  \n b <% endif %>",
    "<% raw %><%= a %><% endraw %>\nz",
    "<%= 7 % 4 %>",
    "<%= a",
  ),
  ...of(
    SQUARE,
    "[[ a ]] [[ [l[0], [2]] ]] [ l ] {{ .Name }} {% x %}",
    "[% for i in l -%]\n [[ i ]]\n[%- endfor %]\n",
    "[# {{ #] [[ {'a': [1]}['a'][0] ]]",
    "[[ '%]' ]][% if a %]\nq[% endif %]",
    "[% if a %]",
  ),
  ...of(
    DASHED,
    "<!--= a --><!--= a - 1 --><!--% if a -->\nx\n<!--% endif -->\n",
    "<!-- plain --> <!--# c --> <!--=a-->",
    "p <!--%- if a --> q <!--% endif ---> r",
  ),
  ...of(LINE, "$(a) $( (a) ) @[if l[0]]@yes@[\nendif ]@ /* c */\n", "$(a + (1))"),
];

describe.skipIf(python === undefined)(
  `edges of one's own${python === undefined ? ` (${SKIP_REASON})` : ""}`,
  () => {
    const wanted = python === undefined ? [] : askOracle(cases);
    test.each(cases.map((one, i) => [one.template, one, i] as const))("%j", (_template, one, i) => {
      const { text, error } = renderCase(one);
      expect(text, error).toBe(wanted[i]!.text);
      expect(error === undefined).toBe(wanted[i]!.error === undefined);
    });
  },
);
