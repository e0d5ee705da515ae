/** Scalars on which YAML readers disagree; the oracle test asks PyYAML about each. */
export const scalars: string[] = [
  "yes", "Yes", "YES", "yEs", "no", "No", "on", "On", "off", "OFF", "true", "True", "TRUE", "tRue", "false", "y", "n", "Y", "N",
  "~", "null", "Null", "NULL", "nULL", "", "none", "None",
  "0", "1", "-1", "+1", "12", "0644", "0755", "-0644", "0o644", "08", "09", "00", "007", "0_7", "1_000", "1__0", "_1", "1_", "0x1F", "0xff", "-0xff", "0x_1", "0XFF", "0b101", "0b2", "+0b1",
  "1:30", "1:30:00", "12:30:45", "1:60", "-1:30", "22:22", "0:30", "01:30", "190:20:30.15", "1:30.5", "80:80", "10.0.0.1:80",
  "1.0", "1.", ".5", "-.5", "+.5", "0.1", "-1.5", "1e3", "1.5e3", "1.5e+3", "1.5E-3", "1.e+3", "6.8523015e+5", "1_000.5", "1.2.3", ".inf", "-.inf", "+.Inf", ".INF", ".iNF", ".nan", ".NaN", "-.nan", ".", "-", "+", "..", "._1",
  "9007199254740991", "9007199254740993", "12345678901234567890", "-9223372036854775809", "0xffffffffffffffffff",
  "2001-12-14", "2001-1-4", "2001-13-01", "2001-02-30", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", "2001-12-15 2:59:43.10", "2001-12-14T21:59:43Z", "2001-12-14 21:59:43", "2001-12-14T25:00:00", "2020-02-29",
  "'yes'", '"1"', "'it''s'", '"a\\tb\\x41\\u00e9\\U0001F600\\n"', "'a\\tb'", '"a\\\n  b"', '"a\n\n  b"', "'a\n\n\n  b c'", '"\\/"', '""', "''",
  "!!str 123", "!!str yes", "!!str", '!!int "0x1f"', "!!int 1_0", "!!int abc", '!!float "1"', "!!float 1e3", "!!bool yes", "!!bool maybe", "!!null x", "! 12", "!<tag:yaml.org,2002:str> 5", "!nonsense x",
  "!vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n", '!unsafe "{{ x }}"', "!unsafe yes",
  "a b", "a  b", "a # comment", "a#b", "a:b", "http://x/y?z=1", "a: b", "- a", "[a", "{a", "'a", '"a', "@a", "`a", "%a", "*a", "&a b", "!a", "|x", "? a", ":a", "-a", "--- a", "a\n  b\n\n  c", "{{ x }}", "{{ x }}-y", "x {{ y }} z", "é ü 漢 😀",
];

/** Whole documents: structure, blocks, anchors, merges, several documents. */
export const documents: string[] = [
  "", "# only a comment\n", "---\n", "--- 1\n", "--- 1\n--- 2\n", "a: 1\n...\n", "---\na: 1\n---\nb: 2\n...\n---\n- c\n", "~\n", "text\n",
  "a: 1\nb:\n  - x\n  - y: 1\n    z: 2\n  -\n    - deep\n", "a:\n- 1\n- 2\nb: 3\n", "- - a\n  - b\n- c\n", "-\n- ~\n- ''\n",
  "{a: 1, b: [1, 2, {c: d}], e: }\n", "[a, b: c, d]\n", "{}\n", "[]\n", "[a,\n b,\n]\n", "{a: 'x', \"b\": y}\n", '{"a":1,"b":[true,null]}\n', "{a:1}\n",
  "1: a\n2: b\n", "yes: a\nno: b\n", "~: a\n", "1.5: a\n", "'1': a\n1: b\n", "2: b\n1: a\n", "__proto__: x\nconstructor: y\n", "? a\n: b\n", "? [a]\n: b\n", "? |\n  block\n: b\n",
  "a: |\n  one\n   two\n\n  three\n", "a: |-\n  one\n\n\nb: 1\n", "a: |+\n  one\n\n\nb: 1\n", "a: >\n  one\n  two\n\n  three\n   more\n  four\n", "a: >-\n  one\n  two\n", "a: >+\n  one\n\n", "a: |2\n    two more\n  text\n", "a: |\n\n  late\n", "a: |\n", "a: |  # comment\n  text\n", "- |\n  x\n- >\n  y\n", "a: |\n  #no comment\n", "a: |\n  tab\tinside\n", "a: |\r\n  one\r\n  two\r\nb: 1\r\n",
  "a: &x 1\nb: *x\n", "a: &x {k: 1}\nb: *x\nc:\n  - *x\n", "a: *x\n", "a: &x [*x]\n", "&k a: 1\nb: *k\n", "a: &x 1\nb: &x 2\nc: *x\n",
  "base: &b {x: 1, y: 2}\nd:\n  <<: *b\n  y: 3\n", "b: &b {x: 1}\nc: &c {x: 2, y: 2}\nd:\n  z: 0\n  <<: [*b, *c]\n", "b: &b {x: 1}\nd:\n  x: 5\n  <<: *b\n", "d:\n  <<: 5\n", "d:\n  '<<': 5\n", "d:\n  <<: {a: 1}\n  <<: {a: 2, b: 3}\n", "d:\n  <<: []\n  a: 1\n", "b: &b {x: 1}\nc: &c\n  <<: *b\n  y: 2\nd:\n  <<: *c\n", "d: {<<: {a: 1}, b: 2}\n", "d:\n  <<: [1]\n",
  "a: 1\na: 2\n", "a: 1\nb: 2\na: 3\n", "!unsafe {a: '{{ x }}'}\n", "a: !!map {b: 1}\nc: !!seq [1]\n", "a: !!map [1]\n",
  "a:\n\tb: 1\n", "a: 1\n  b: 2\n", "a:\n  - 1\n b: 2\n", "- a\nb: 1\n", "a: b\n- c\n", "a: [1, 2\nb: 3\n", "a: \"x\" y\n", "a: 'it's'\n", "key:value\nb: 1\n", "a: \"\\d\"\n", "a:\n  - b\n   - c\n",
  "\uFEFFa: 1\n", "%YAML 1.1\n---\na: 1\n", "a:    1   \nb:\t2\n", "a: b\n\n\n# c\n\nd: e", "a :  b\n", "a: b:c\n", "'a': 1\n\"b\": 2\n", "a: -\n", "- -1\n- - 1\n", "a: [x,y, z]\n", "a: {b, c}\n", "a: [a b, 'c d', \"e\"]\n", "url: [http://a:80/x, y]\n",
];
