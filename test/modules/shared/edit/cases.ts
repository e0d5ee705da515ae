/** An edit: the text of a file (null: there is none), the arguments, and what becomes of it. */
export interface EditCase {
  module: "lineinfile" | "blockinfile" | "replace";
  name: string;
  text: string | null;
  args: { [name: string]: unknown };
  /** The new text; null: nothing changes; an expression: it fails so. */
  becomes: string | null | RegExp;
  /** The text's characters are bytes. */
  bytes?: true;
  /** Each run edits what the last one made, as Ansible's does. */
  always?: true;
  /** Why Ansible does something else. */
  unlike?: string;
}

const line = (
  name: string,
  text: EditCase["text"],
  args: EditCase["args"],
  becomes: EditCase["becomes"],
  more: Partial<EditCase> = {},
): EditCase => ({ module: "lineinfile", name, text, args, becomes, ...more });
const block = (
  name: string,
  text: EditCase["text"],
  args: EditCase["args"],
  becomes: EditCase["becomes"],
  more: Partial<EditCase> = {},
): EditCase => ({ module: "blockinfile", name, text, args, becomes, ...more });
const all = (
  name: string,
  text: EditCase["text"],
  args: EditCase["args"],
  becomes: EditCase["becomes"],
  more: Partial<EditCase> = {},
): EditCase => ({ module: "replace", name, text, args, becomes, ...more });

const abc = "a\nb\nc\n";
const marked = (...lines: string[]): string =>
  ["# BEGIN ANSIBLE MANAGED BLOCK", ...lines, "# END ANSIBLE MANAGED BLOCK", ""].join("\n");

const LINES: readonly EditCase[] = [
  line("a new line goes to the end", abc, { line: "d" }, "a\nb\nc\nd\n"),
  line("a line that is there stays", abc, { line: "b" }, null),
  line("a text without a last line feed gets one", "a\nb", { line: "c" }, "a\nb\nc\n"),
  line("the same line without its line feed gets one", "a\nb", { line: "b" }, "a\nb\n"),
  line(
    "the same line with CRLF loses the carriage return",
    "a\r\nb\r\n",
    { line: "a" },
    "a\nb\r\n",
  ),
  line("an empty file", "", { line: "a" }, "a\n"),
  line(
    "the line that matches is replaced",
    "PermitRootLogin yes\nPort 22\n",
    { regexp: "^PermitRootLogin", line: "PermitRootLogin no" },
    "PermitRootLogin no\nPort 22\n",
  ),
  line(
    "of several that match the last is replaced",
    "x=1\ny=1\nx=2\n",
    { regexp: "^x=", line: "x=3" },
    "x=1\ny=1\nx=3\n",
  ),
  line(
    "firstmatch replaces the first",
    "x=1\ny=1\nx=2\n",
    { regexp: "^x=", line: "x=3", firstmatch: true },
    "x=3\ny=1\nx=2\n",
  ),
  line("none that matches: the end", abc, { regexp: "^x=", line: "x=3" }, "a\nb\nc\nx=3\n"),
  line("the match is right already", "x=3\n", { regexp: "^x=", line: "x=3" }, null),
  line(
    "the line that matches goes before an equal one",
    "x=1\nx=3\n",
    { regexp: "^x=1", line: "x=3" },
    "x=3\nx=3\n",
  ),
  line("the match lacks its line feed", "x=3", { regexp: "^x=", line: "x=3" }, "x=3\n"),
  line(
    "groups in the line",
    "kernel quiet splash\n",
    { regexp: "^(kernel .*) splash$", line: "\\1", backrefs: true },
    "kernel quiet\n",
  ),
  line(
    "named groups",
    "a=1 b=2\n",
    { regexp: "^a=(?P<one>\\d) b=(?P<two>\\d)$", line: "a=\\g<two> b=\\g<one>", backrefs: true },
    "a=2 b=1\n",
    { always: true },
  ),
  line(
    "groups, but nothing matches",
    abc,
    { regexp: "^x=(.*)", line: "x=\\1", backrefs: true },
    null,
  ),
  line(
    "groups, nothing matches, but the line is there",
    "a\nx",
    { regexp: "^y=(.*)", line: "x", backrefs: true },
    "a\nx\n",
  ),
  line(
    "a group that took no part is empty",
    "ab\n",
    { regexp: "^(a)(x)?b", line: "\\1-\\2-", backrefs: true },
    "a--\n",
  ),
  line(
    "escapes in the line stay without backrefs",
    abc,
    { line: "C:\\new\\1" },
    "a\nb\nc\nC:\\new\\1\n",
  ),
  line(
    "escapes in the line become with backrefs",
    abc,
    { regexp: "^b", line: "x\\ty", backrefs: true },
    "a\nx\ty\nc\n",
  ),
  line(
    "a group that the pattern has not",
    abc,
    { regexp: "^b", line: "\\2", backrefs: true },
    /there is no group 2/,
  ),
  line("backrefs without regexp", abc, { line: "x", backrefs: true }, /backrefs needs regexp/),
  line("after a match", abc, { line: "x", insertafter: "^a" }, "a\nx\nb\nc\n"),
  line("after the last match", "a1\na2\nb\n", { line: "x", insertafter: "^a" }, "a1\na2\nx\nb\n"),
  line(
    "after the first match",
    "a1\na2\nb\n",
    { line: "x", insertafter: "^a", firstmatch: true },
    "a1\nx\na2\nb\n",
  ),
  line(
    "after the first match, and there already",
    "a1\nx\na2\nb\n",
    { line: "x", insertafter: "^a", firstmatch: true },
    null,
  ),
  line(
    "after the first match, though it stands further down",
    "a1\na2\nx\n",
    { line: "x", insertafter: "^a", firstmatch: true },
    "a1\nx\na2\nx\n",
  ),
  line("after a match on the last line", abc, { line: "x", insertafter: "^c" }, "a\nb\nc\nx\n"),
  line(
    "after a match on a last line without line feed",
    "a\nb",
    { line: "x", insertafter: "^b" },
    "a\nb\nx\n",
    { unlike: "it joins the two lines: bx" },
  ),
  line("after what is not there: the end", abc, { line: "x", insertafter: "^z" }, "a\nb\nc\nx\n"),
  line("after EOF", abc, { line: "x", insertafter: "EOF" }, "a\nb\nc\nx\n"),
  line("at the beginning, by insertafter", abc, { line: "x", insertafter: "BOF" }, "x\na\nb\nc\n"),
  line(
    "at the beginning, by insertbefore",
    abc,
    { line: "x", insertbefore: "BOF" },
    "x\na\nb\nc\n",
  ),
  line("at the beginning of nothing", "", { line: "x", insertbefore: "BOF" }, "x\n"),
  line("before a match", abc, { line: "x", insertbefore: "^b" }, "a\nx\nb\nc\n"),
  line("before the last match", "a\nb1\nb2\n", { line: "x", insertbefore: "^b" }, "a\nb1\nx\nb2\n"),
  line(
    "before the first match",
    "a\nb1\nb2\n",
    { line: "x", insertbefore: "^b", firstmatch: true },
    "a\nx\nb1\nb2\n",
  ),
  line("before what is not there: the end", abc, { line: "x", insertbefore: "^z" }, "a\nb\nc\nx\n"),
  line(
    "EOF is an expression to insertbefore",
    "a\nEOF\n",
    { line: "x", insertbefore: "EOF" },
    "a\nx\nEOF\n",
  ),
  line(
    "insertafter counts only where regexp does not match",
    "a\nx=1\nb\n",
    { regexp: "^x=", line: "x=2", insertafter: "^a" },
    "a\nx=2\nb\n",
  ),
  line(
    "insertafter with a regexp that does not match",
    abc,
    { regexp: "^x=", line: "x=2", insertafter: "^a" },
    "a\nx=2\nb\nc\n",
  ),
  line(
    "a line that is there wins over insertafter",
    "x\na\nb\n",
    { line: "x", insertafter: "^b" },
    null,
  ),
  line("a search string", "a.b\naxb\n", { search_string: "a.b", line: "c" }, "c\naxb\n"),
  line(
    "a search string that is not there",
    "axb\n",
    { search_string: "a.b", line: "c" },
    "axb\nc\n",
  ),
  line(
    "a search string, the first",
    "k1\nk2\n",
    { search_string: "k", line: "k", firstmatch: true },
    "k\nk2\n",
  ),
  line("no such file", null, { line: "a" }, /does not exist/),
  line("a new file", null, { line: "a", create: true }, "a\n"),
  line("a new file with a mode", null, { line: "a", create: true, mode: "0600" }, "a\n"),
  line("takes equal lines away", "a\nb\na\n", { line: "a", state: "absent" }, "b\n"),
  line("takes lines that match away", "x=1\na\nx=2\n", { regexp: "^x=", state: "absent" }, "a\n"),
  line(
    "takes lines that hold a string away",
    "x=1\na\ny=x=2\n",
    { search_string: "x=", state: "absent" },
    "a\n",
  ),
  line("takes the last line away", "a\n", { line: "a", state: "absent" }, ""),
  line("takes nothing away", abc, { line: "x", state: "absent" }, null),
  line("takes nothing away from no file", null, { line: "x", state: "absent" }, null),
  line("takes away without saying what", abc, { state: "absent" }, /needs to know which lines/),
  line("no line", abc, { regexp: "x" }, /needs the parameter "line"/),
  line("a line of two lines is never found as one", abc, { line: "x\ny" }, "a\nb\nc\nx\ny\n", {
    always: true,
  }),
  line("a line that ends in a line feed", "x=1\n", { regexp: "^x", line: "x=2\n" }, "x=2\n"),
  line("$ matches before the line feed", "ab\nbc\n", { regexp: "b$", line: "c" }, "c\nbc\n"),
  line(
    "\\Z does not match before the line feed",
    "ab\nb",
    { regexp: "b\\Z", line: "c" },
    "ab\nc\n",
  ),
  line(
    "case does not count with (?i)",
    "PORT=1\n",
    { regexp: "(?i)^port", line: "port=2" },
    "port=2\n",
  ),
  line("text beyond ASCII", "größe=1\n", { regexp: "^größe=", line: "größe=ü€" }, "größe=ü€\n"),
  line(
    "\\w is ASCII, as bytes have it",
    "aéb\nab\n",
    { regexp: "^a\\wb$", line: "x" },
    "aéb\nab\nx\n",
  ),
  line(
    "\\s does not match within a character",
    "a\u00e0b\n",
    { regexp: "a.\\sb", line: "x" },
    "a\u00e0b\nx\n",
  ),
  line(". is one byte", "aéb\n", { regexp: "^a..b$", line: "x" }, "x\n"),
  line(
    "bytes that are no text stay as they are",
    "a\xff\xfe\nb\n",
    { regexp: "^b", line: "c" },
    "a\xff\xfe\nc\n",
    { bytes: true },
  ),
  line("a pattern that is wrong", abc, { regexp: "(", line: "x" }, /not a regular expression/),
  line(
    "quotes and dollars reach the file as they are",
    abc,
    { line: 'it\'s "$HOME" `id` \\n' },
    'a\nb\nc\nit\'s "$HOME" `id` \\n\n',
  ),
  line("an empty line", "a\n", { line: "" }, "a\n\n"),
];

const BLOCKS: readonly EditCase[] = [
  block("a new block goes to the end", "a\n", { block: "x\ny" }, `a\n${marked("x", "y")}`),
  block("a block that is there stays", `a\n${marked("x")}b\n`, { block: "x" }, null),
  block(
    "a block is replaced in its place",
    `a\n${marked("x")}b\n`,
    { block: "y\nz\n" },
    `a\n${marked("y", "z")}b\n`,
  ),
  block("an empty block is taken away", `a\n${marked("x")}b\n`, { block: "" }, "a\nb\n"),
  block("absent takes it away", `a\n${marked("x")}b\n`, { block: "x", state: "absent" }, "a\nb\n"),
  block("absent where there is none", abc, { state: "absent" }, null),
  block("absent and no line feed at the end", "a", { state: "absent" }, "a\n"),
  block("a text without a last line feed", "a", { block: "x" }, `a\n${marked("x")}`),
  block("an empty file", "", { block: "x" }, marked("x")),
  block("after a match", abc, { block: "x", insertafter: "^a" }, `a\n${marked("x")}b\nc\n`),
  block(
    "after the last match",
    "a1\na2\nb\n",
    { block: "x", insertafter: "^a" },
    `a1\na2\n${marked("x")}b\n`,
  ),
  block("after what is not there", abc, { block: "x", insertafter: "^z" }, `${abc}${marked("x")}`),
  block("after EOF", abc, { block: "x", insertafter: "EOF" }, `${abc}${marked("x")}`),
  block("before a match", abc, { block: "x", insertbefore: "^b" }, `a\n${marked("x")}b\nc\n`),
  block("before the first line", abc, { block: "x", insertbefore: "^a" }, `${marked("x")}${abc}`),
  block("before BOF", abc, { block: "x", insertbefore: "BOF" }, `${marked("x")}${abc}`),
  block(
    "before what is not there",
    abc,
    { block: "x", insertbefore: "^z" },
    `${abc}${marked("x")}`,
  ),
  block(
    "the place counts only for a new block",
    `a\n${marked("x")}b\n`,
    { block: "y", insertbefore: "BOF" },
    `a\n${marked("y")}b\n`,
  ),
  block(
    "a pattern over lines, after",
    "a\nb\nc\nd\n",
    { block: "x", insertafter: "(?m)^b\\nc$" },
    `a\nb\nc\n${marked("x")}d\n`,
  ),
  block(
    "a pattern over lines, before",
    "a\nb\nc\nd\n",
    { block: "x", insertbefore: "(?m)^b\\nc$" },
    `a\n${marked("x")}b\nc\nd\n`,
  ),
  block(
    "marks of one's own",
    "a\n",
    { block: "x", marker: "<!-- {mark} one -->", marker_begin: "<", marker_end: ">" },
    "a\n<!-- < one -->\nx\n<!-- > one -->\n",
  ),
  block(
    "marks the wrong way round",
    "a\n# END ANSIBLE MANAGED BLOCK\nx\n# BEGIN ANSIBLE MANAGED BLOCK\nb\n",
    { block: "y" },
    `a\n${marked("y")}b\n`,
  ),
  block(
    "a first mark alone is no block",
    "# BEGIN ANSIBLE MANAGED BLOCK\nx\n",
    { block: "x" },
    `# BEGIN ANSIBLE MANAGED BLOCK\nx\n${marked("x")}`,
    { always: true },
  ),
  block(
    "a last mark without its line feed is none",
    "# BEGIN ANSIBLE MANAGED BLOCK\nx\n# END ANSIBLE MANAGED BLOCK",
    { block: "x" },
    `# BEGIN ANSIBLE MANAGED BLOCK\nx\n# END ANSIBLE MANAGED BLOCK\n${marked("x")}`,
    { always: true },
  ),
  block(
    "lines that end in CRLF stay",
    "a\r\nb\r\n",
    { block: "x", insertafter: "^a" },
    `a\r\n${marked("x")}b\r\n`,
  ),
  block("no such file", null, { block: "x" }, /does not exist/),
  block("a new file", null, { block: "x", create: true }, marked("x")),
  block("a new empty file", null, { block: "", create: true }, ""),
  block("a file that is not there has no block", null, { state: "absent", create: true }, null),
  block(
    "text beyond ASCII",
    "größe\n",
    { block: "ü€", insertbefore: "^größe" },
    `${marked("ü€")}größe\n`,
  ),
  block(
    "marks that are alike",
    "a\n",
    { block: "x", marker: "# mine" },
    /before and after the block are the same/,
    { unlike: "it puts a new block in at each run" },
  ),
  block(
    "an empty line before",
    "a\n",
    { block: "x", prepend_newline: true },
    `a\n\n${marked("x")}`,
    { unlike: "the parameter came later" },
  ),
  block(
    "an empty line after",
    "a\nb\n",
    { block: "x", insertafter: "^a", append_newline: true },
    `a\n${marked("x")}\nb\n`,
    { unlike: "the parameter came later" },
  ),
];

const REPLACEMENTS: readonly EditCase[] = [
  all("every match", "a b a\na\n", { regexp: "a", replace: "x" }, "x b x\nx\n"),
  all("nothing matches", abc, { regexp: "x", replace: "y" }, null),
  all("matches that stay the same", abc, { regexp: "b", replace: "b" }, null),
  all("nothing in its place", "a1b2\n", { regexp: "\\d" }, "ab\n"),
  all("groups", "1.2\n", { regexp: "(\\d)\\.(\\d)", replace: "\\2-\\1" }, "2-1\n"),
  all(
    "named groups",
    "1.2\n",
    { regexp: "(?P<a>\\d)\\.(?P<b>\\d)", replace: "\\g<b>-\\g<a>" },
    "2-1\n",
  ),
  all(
    "the whole match has no number but \\g<0>",
    "ab\n",
    { regexp: "a(b)", replace: "[\\g<0>]" },
    "[ab]\n",
    { always: true },
  ),
  all("line feeds in the replacement", "a,b\n", { regexp: ",", replace: "\\n" }, "a\nb\n"),
  all("^ and $ match at each line", "a\nba\na\n", { regexp: "^a$", replace: "x" }, "x\nba\nx\n"),
  all("a pattern over lines", "a\nb\nc\n", { regexp: "^a\\nb\\n", replace: "" }, "c\n"),
  all("empty matches", "ab\n", { regexp: "x*", replace: "-" }, "-a-b-\n-", { always: true }),
  all("empty matches after a match", "baac\n", { regexp: "a*", replace: "-" }, "-b--c-\n-", {
    always: true,
  }),
  all(
    "only after",
    "x=1\n[s]\nx=1\n",
    { after: "\\[s\\]", regexp: "x=1", replace: "x=2" },
    "x=1\n[s]\nx=2\n",
  ),
  all(
    "only before",
    "x=1\n[s]\nx=1\n",
    { before: "\\[s\\]", regexp: "x=1", replace: "x=2" },
    "x=2\n[s]\nx=1\n",
  ),
  all(
    "between",
    "x\n<a>\nx\n</a>\nx\n",
    { after: "<a>", before: "</a>", regexp: "x", replace: "y" },
    "x\n<a>\ny\n</a>\nx\n",
  ),
  all("before takes the last", "x#x#x\n", { before: "#", regexp: "x", replace: "y" }, "y#y#x\n"),
  all(
    "between takes the nearest",
    "<x>x<x>\n",
    { after: "<", before: ">", regexp: "x", replace: "y" },
    "<y>x<x>\n",
  ),
  all("after is not there", abc, { after: "zzz", regexp: "a", replace: "x" }, null),
  all("^ within a part", "a\nb\na\n", { after: "b\\n", regexp: "^a", replace: "x" }, "a\nb\nx\n"),
  all("text beyond ASCII", "größe 1\n", { regexp: "gr\\w+e", replace: "Größe" }, "Größe 1\n"),
  all("\\w is any letter in text", "é\n", { regexp: "^\\w$", replace: "x" }, "x\n"),
  all(
    "latin-1",
    "gr\xf6\xdfe\n",
    { regexp: "ö", replace: "oe", encoding: "latin-1" },
    "groe\xdfe\n",
    { bytes: true },
  ),
  all("bytes that are no text", "a\xff\n", { regexp: "a", replace: "b" }, "b\xff\n", {
    bytes: true,
  }),
  all(
    "bytes that are no text beside text",
    "é\xc3\xa9\xffä\xe2\x82\n",
    { regexp: "\\w", replace: "b" },
    "\xe9b\xff\xe4\xe2\x82\n",
    { bytes: true },
  ),
  all("no such file", null, { regexp: "a" }, /does not exist/),
  all("lookbehind", "a1 b1\n", { regexp: "(?<=b)1", replace: "2" }, "a1 b2\n"),
  all(
    "a comment sign before lines",
    "a=1\nb=2\n",
    { regexp: "^(a=.*)$", replace: "#\\1" },
    "#a=1\nb=2\n",
  ),
  all("a lazy match", "<a><b>\n", { regexp: "<(.+?)>", replace: "[\\1]" }, "[a][b]\n"),
  all("(?s) lets the dot match line feeds", "a\nb\n", { regexp: "(?s)a.b", replace: "x" }, "x\n"),
  all("a backreference in the pattern", "aa ab\n", { regexp: "(\\w)\\1", replace: "x" }, "x ab\n"),
];

export const EDITS: readonly EditCase[] = [...LINES, ...BLOCKS, ...REPLACEMENTS];
