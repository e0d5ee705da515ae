/** An inventory as files, which both Ansible and Hullwright read. */
export interface Case {
  name: string;
  /** Path to content; the inventory is `hosts.yml` or what `sources` names; the playbook stands in `play/`. */
  files: { [path: string]: string };
  sources?: string[];
  patterns?: string[];
  /** What begins as a program is not executable. */
  isClosed?: true;
}

const CLUSTER = `all:
  vars: {who: all, port: 1}
  hosts:
    lone:
  children:
    site:
      vars: {who: site}
      children:
        web:
          hosts:
            web[1:3]:
              each: yes
          vars: {who: web, list: [1, 2]}
        db:
          hosts:
            db-[a:c].example.org:2222: {role: primary}
            web2: {who: host}
    spare:
      hosts:
        web3:
        old: {ansible_host: 10.0.0.1, mode: 0644, ratio: 1.0, none: , text: "0644"}
`;

export const cases: Case[] = [
  {
    name: "groups, ranges, ports, patterns",
    files: { "hosts.yml": CLUSTER },
    patterns: [
      "all",
      "*",
      "web",
      "db:web",
      "web:db",
      "web,db",
      "web:!web2",
      "all:!site",
      "!site",
      "&web",
      "site:&spare",
      "web:&spare:!web3",
      "web*",
      "web?",
      "web[0]",
      "web[-1]",
      "web[0:1]",
      "web[1:]",
      "web[-1],db[0]",
      "*.example.org",
      "db-[ab]*",
      "db-[!a]*",
      "~web[12]",
      "~(web|old)",
      "~eb",
      "~WEB",
      "~(?i)WEB",
      "lone",
      "ungrouped",
      "localhost",
      "nothing",
      "web1:web3:web1",
      "web2,web1",
      "site[0]",
      "*e*",
      "all[2]",
      "spare:lone",
      "old , lone",
      "web1,",
      ",",
      "db-a.example.org",
      "db-a.example.org:lone",
      "web9*:lone",
    ],
  },
  {
    name: "numeric ranges",
    files: {
      "hosts.yml":
        "all: {hosts: {'a[1:3]': , 'b[01:10:4]': , 'c[008:011]': , 'd[1:2]-[x:z]': , 'e[:2]': , 'f[3:3]x': , 'g[1:10:3]y[0:1]': , 'h[X:Z]': }}\n",
    },
  },
  {
    name: "addresses",
    files: {
      "hosts.yml":
        "all: {hosts: {'10.0.0.[1:3]': , '10.1.0.1:2200': , '[2001:db8::1]:22': , '2001:db8::2': , 'fe80::[1:3]': , 'a_b': , 'höst': , 'a.b:99': }}\n",
    },
    patterns: [
      "10.0.0.1",
      "10.1.0.1",
      "2001:db8::1",
      "2001:db8::2",
      "10.0.0.1:10.0.0.2",
      "10.0.*",
      "a_b:höst",
      "10.1.0.1:2200",
      "fe80::[1:2]",
      "2001:db8::*",
      "2001:db8::?",
      "fe80::*",
      "2001:*",
      "2001:db8::*,a_b",
      "2001:db8::1:a_b",
      "::*",
      "a_b:2001:db8::*",
    ],
  },
  {
    name: "a host under two groups, variables of the deeper win",
    files: {
      "hosts.yml":
        "a: {hosts: {h: }, vars: {v: a, w: a}}\nb: {hosts: {h: }, vars: {v: b}}\nz: {children: {a: }, vars: {v: z, w: z, x: z}}\n",
    },
  },
  {
    name: "priority",
    files: {
      "hosts.yml":
        "a: {hosts: {h: }, vars: {v: a, ansible_group_priority: 10}}\nb: {hosts: {h: }, vars: {v: b}}\nc: {hosts: {h: }, vars: {v: c, ansible_group_priority: '5'}}\n",
    },
  },
  {
    name: "a group mentioned twice",
    files: {
      "hosts.yml":
        "a: {hosts: {h1: {x: 1}}, vars: {v: 1, w: {k: 1}}}\nall: {children: {a: {hosts: {h1: {y: 2}, h2: }, vars: {w: {l: 2}}}}}\n",
    },
  },
  {
    name: "a diamond",
    files: {
      "hosts.yml":
        "top: {children: {left: , right: }, vars: {v: top}}\nleft: {children: {low: }, vars: {v: left}}\nright: {children: {low: }, vars: {v: right}}\nlow: {hosts: {h: }}\nside: {children: {right: {}}}\n",
    },
  },
  {
    name: "one name as text, and empty sections",
    files: {
      "hosts.yml":
        "a:\n  hosts: h1\nb:\n  hosts:\n  vars:\n  children: a\nc:\nungrouped:\n  hosts: {h2: , h1: }\n",
    },
  },
  {
    name: "JSON",
    files: {
      "hosts.json":
        '{"all": {"hosts": {"h1": {"x": 1, "y": "é"}}, "children": {"g": {"hosts": {"h2": null}}}}}',
    },
    sources: ["hosts.json"],
  },
  {
    name: "INI",
    files: {
      hosts: `# comment
; comment
lone ansible_host=10.0.0.9
two:2201 a=1 b="two words" c='it' d=yes e=True f=None g=0755 h=1.5 i="[1, 2]" j={'k':1} k=a#b

[web]   # the web
web[01:03] n=5
[fe80::1]:22
two  x=\\"1\\" y='"1"' z=

[db:children]
late
web
[late]
l1   w=1   # end
[db:vars]
v = db
num=5
flo = 2.0
oct=0644
neg=-3
quoted="a b"
single='a b'
list=['a', "b", 3, True, None, (1, 2), {'k': [1.5]}]
bad=[1, 2
text=some text # not a comment
five=5 # a comment
tuple=1, 2
hex=0x1f
under=1_000
exp=1e3
cplx=1+2
one=1,
nested=((1, 2), [], {}, ())
raw=r'x'
esc="a\\tb\\x41"
empty=
eq=a=b
word=True
none=none
[all:vars]
v=all
w=all
[web:vars]
w=web
ansible_group_priority=3
`,
    },
    sources: ["hosts"],
    patterns: ["all", "web", "db", "db:!web", "late,web"],
  },
  {
    name: "begins as a program, and is not executable",
    files: { inv: "#!/usr/bin/env of-mine\nweb:\n  hosts:\n    a: {x: 1}\n" },
    sources: ["inv"],
    isClosed: true,
  },
  {
    name: "host_vars of names with dots, ports and upper case",
    files: {
      "hosts.yml": "all: {hosts: {'A.example.org:2222': , b.Example.org: }}\n",
      "host_vars/A.example.org.yml": "v: upper\n",
      "host_vars/b.Example.org/one.yaml": "v: dotted\n",
    },
    patterns: ["A.example.org", "*.example.org", "*.Example.org"],
  },
  {
    name: "group_vars of a group within two others, by depth and name",
    files: {
      "hosts.yml":
        "all: {children: {b: {children: {x: {hosts: {h: }}}}, a: {children: {x: }}, z: {hosts: {h: }}}}\n",
      "group_vars/a.yml": "v: a\nonly_a: 1\n",
      "group_vars/b.yml": "v: b\n",
      "group_vars/z.yml": "v: z\nw: z\n",
      "group_vars/x.yml": "w: x\n",
      "play/group_vars/all.yml": "v: play\nw: play\nall_of: play\n",
    },
    patterns: ["a:&b", "x:!z"],
  },
  {
    name: "ranges with steps, letters and leading zeros in INI",
    files: {
      "hosts.ini":
        "n[01:09:4].example.org ansible_port=22\n[r]\nrack[a:c]-[1:2]\n[s]\ns[008:011]:2022 x=y\n",
    },
    sources: ["hosts.ini"],
    patterns: ["n0[15]*", "rack[ab]-1", "r[0:2]", "s[-1]", "~s0(08|1.)"],
  },
  {
    name: "comments, blanks and quotes on lines of INI",
    files: {
      "hosts.ini":
        '# top\n; also\n\n  a   x=\'1 # no comment\'   y="two"  # a comment\n[g] # of a section\na\n[g:vars]\nk = v # stays?\nq = "quoted # no"\n e=\n',
    },
    sources: ["hosts.ini"],
  },
  {
    name: "YAML anchors, merges and folded texts",
    files: {
      "hosts.yml":
        "all:\n  vars:\n    base: &b {a: 1, b: 2}\n    more:\n      <<: *b\n      b: 3\n    text: >-\n      one\n      two\n  hosts:\n    h: {list: &l [1, 2], same: *l}\n",
    },
  },
  {
    name: "a host in a later source, with variables of both",
    files: {
      "one/hosts": "[g]\na x=1 y=1\n",
      "one/group_vars/g.yml": "z: one\n",
      "two/hosts": "[g]\na y=2\nb\n[h:children]\ng\n",
      "two/group_vars/g.yml": "z: two\n",
      "two/host_vars/a.yml": "x: file\n",
    },
    sources: ["one", "two"],
    patterns: ["h", "g:!a"],
  },
  {
    name: "JSON as an inventory",
    files: {
      "hosts.json":
        '{"all": {"hosts": {"a": {"x": [1, {"y": null}], "u": "\\u00e9"}}, "children": {"g": {"hosts": {"a": null}}}}}',
    },
    sources: ["hosts.json"],
    patterns: ["g"],
  },
  {
    name: "a group without hosts that has variables and children",
    files: {
      "hosts.yml":
        "all: {children: {top: {vars: {v: 1}, children: {low: {hosts: {a: }}, void: }}}}\n",
    },
    patterns: ["top", "void", "top:!low"],
  },
  {
    name: "one child in several groups of INI, with variables of each",
    files: {
      "hosts.ini":
        "a\nb\n[x:children]\nleaf\n[y:children]\nleaf\n[leaf]\na\n[x:vars]\nv=x\nw=x\n[y:vars]\nv=y\n[all:vars]\nu=all\n",
    },
    sources: ["hosts.ini"],
    patterns: ["x:&y", "leaf", "!leaf", "ungrouped"],
  },
  {
    name: "priorities of groups turn the order of names around",
    files: {
      "hosts.yml":
        "all: {children: {a: {hosts: {h: }, vars: {v: a, ansible_group_priority: 10}}, b: {hosts: {h: }, vars: {v: b}}}}\n",
      "group_vars/b.yml": "w: b\n",
      "group_vars/a.yml": "w: a\n",
    },
  },
  {
    name: "a directory of INI, YAML and JSON in the order of names, with directories within",
    files: {
      "inv/01-first": "[g]\na x=1\n",
      "inv/02-second.yml": "g: {hosts: {a: {x: 2}, b: }}\n",
      "inv/03-third.json": '{"g": {"hosts": {"a": {"y": 3}}}}',
      "inv/04/inner": "[h:children]\ng\n",
      "inv/group_vars/g/one.yml": "z: one\n",
      "inv/group_vars/g/two.yml": "z: two\n",
    },
    sources: ["inv"],
    patterns: ["g", "h", "b:h"],
  },
  {
    name: "a file beside a list of hosts, of which one is in both",
    files: { hosts: "[g]\nh1 x=1\n" },
    sources: ["hosts", "h1,h2,"],
    patterns: ["all", "g", "ungrouped", "h2"],
  },
  {
    name: "addresses of IPv6 with and without ports",
    files: { hosts: "[six]\n2001:db8::1\n[2001:db8::2]:2222\nfe80::1 x=1\n" },
    sources: ["hosts"],
    patterns: ["2001:db8::*", "2001:db8::2", "six:!fe80::1"],
  },
  {
    name: "a program that answers with lists alone, and is asked for each host",
    files: {
      "dyn.sh":
        '#!/bin/sh\nif [ "$1" = --list ]; then echo \'{"g": ["a", "b"], "h": {"children": ["g"], "vars": {"v": 1}}}\'; else echo "{\\"name\\": \\"$2\\"}"; fi\n',
    },
    sources: ["dyn.sh"],
    patterns: ["g[0]", "h"],
  },
  {
    name: "a program beside group_vars and a static file",
    files: {
      "inv/dyn.sh":
        '#!/bin/sh\necho \'{"g": {"hosts": ["a"]}, "_meta": {"hostvars": {"a": {"x": "dyn", "y": "dyn"}}}}\'\n',
      "inv/static": "[g]\nb\n[g:vars]\nz=static\n",
      "inv/group_vars/g.yml": "x: file\nw: file\n",
      "inv/host_vars/a.yml": "y: file\n",
    },
    sources: ["inv"],
    patterns: ["g", "g:!a"],
  },
  {
    name: "texts one after another in INI, which Python joins",
    files: {
      "x.ini": `[g]
a
[g:vars]
two="x" "y"
three='a' "b" 'c' # joined
raw=r"\\d" "\\t"
mixed="x" y
list=["a" "b", "c"]
`,
    },
    sources: ["x.ini"],
  },
  {
    name: "brackets that are no slices, and ranges that go backwards",
    files: { "hosts.yml": CLUSTER },
    patterns: ["db[-3:-1]", "web[z-a]", "web[!z-a]", "web[2-1]", "web[1-2]", "web[-]", "web[3-]"],
  },
  {
    name: "INI by its ending, ungrouped spelt out",
    files: { "x.ini": "a\n[ungrouped]\nb\n[g]\na\n" },
    sources: ["x.ini"],
  },
  {
    name: "YAML without an ending",
    files: { inv: "# c\nweb:\n  hosts:\n    a:\n" },
    sources: ["inv"],
  },
  {
    name: "YAML without an ending, after ---",
    files: { inv: "---\nweb: {hosts: {a: }}\n" },
    sources: ["inv"],
  },
  {
    name: "a list of hosts",
    files: {},
    sources: ["h1, h2:2222,10.0.0.1,[::1]:22,h1"],
    patterns: ["all", "h2,h1", "ungrouped"],
  },
  {
    name: "one host and a comma",
    files: {},
    sources: ["localhost,"],
    patterns: ["all", "localhost"],
  },
  {
    name: "several sources, the later wins",
    files: {
      "a.yml": "g: {hosts: {h: {x: a}}, vars: {v: a}}\n",
      b: "[g]\nh x=b\ni\n[g:vars]\nv=b\n",
    },
    sources: ["a.yml", "b", "extra,"],
    patterns: ["all", "g", "ungrouped"],
  },
  {
    name: "a folder of inventories",
    files: {
      "inv/10-a.yml": "g: {hosts: {h: {x: a}}}\n",
      "inv/20-b": "[g]\nh x=b\n[k]\nj\n",
      "inv/30.ini": "never\n",
      "inv/.hidden": "never\n",
      "inv/notes.md": "never\n",
      "inv/sub/c.yaml": "k: {hosts: {l: }}\n",
      "inv/group_vars/g.yml": "v: folder\n",
      "inv/sub/group_vars/k.yml": "v: not read\n",
    },
    sources: ["inv"],
    patterns: ["all", "k"],
  },
  {
    name: "group_vars and host_vars beside inventory and playbook, every level",
    files: {
      "hosts.yml":
        "all: {vars: {l1: all-inv, l2: all-inv, l3: all-inv, l4: all-inv, l5: all-inv, l6: all-inv, l7: all-inv, l8: all-inv, l9: all-inv}, children: {p: {vars: {l2: p-inv, l3: p-inv, l4: p-inv, l5: p-inv, l6: p-inv, l7: p-inv}, children: {c: {hosts: {h: {l7: h-inv, l8: h-inv, l9: h-inv}}, vars: {l2b: c}}}}}}\n",
      "group_vars/all.yml":
        "l3: all-file\nl4: all-file\nl5: all-file\nl6: all-file\nl7: all-file\n",
      "play/group_vars/all.yml": "l4: all-play\nl5: all-play\nl6: all-play\n",
      "group_vars/p.yml": "l5: p-file\nl6: p-file\nq: p-file\n",
      "group_vars/c.yml": "q: c-file\nr: c-file\n",
      "play/group_vars/p.yml": "l6: p-play\nr: p-play\n",
      "host_vars/h.yml": "l8: h-file\nl9: h-file\n",
      "play/host_vars/h.yml": "l9: h-play\n",
      "play/host_vars/localhost.yml": "here: yes\n",
    },
    patterns: ["all", "localhost"],
  },
  {
    name: "files of variables: endings, folders, what is passed over",
    files: {
      "hosts.yml": "g: {hosts: {a: , b.c: , d: , e: , f: }}\n",
      "group_vars/g/10.yml": "x: 1\ny: {k: 1}\n",
      "group_vars/g/20.yaml": "x: 2\n",
      "group_vars/g/30": "z: 3\n",
      "group_vars/g/40.json": '{"j": [1, 2.5, null, true]}',
      "group_vars/g/50.txt": "never: 1\n",
      "group_vars/g/.60.yml": "never: 1\n",
      "group_vars/g/70.yml~": "never: 1\n",
      "group_vars/g/deep/x.yml": "deep: 1\n",
      "group_vars/g/with.dot/x.yml": "never: 1\n",
      "group_vars/g.yml": "never: 1\n",
      "host_vars/a": "plain: 1\n",
      "host_vars/a.yml": "never: 1\n",
      "host_vars/b.c.yaml": "dotted: 1\n",
      "host_vars/d.json": '{"json": "d"}',
      "host_vars/e.yml": "# empty\n",
      "host_vars/nobody.yml": "- not: read\n",
    },
  },
  {
    name: "variables replace, they do not merge",
    files: {
      "hosts.yml":
        "all: {vars: {d: {a: 1, b: 2}}, children: {g: {hosts: {h: }, vars: {d: {b: 3}}}}}\n",
      "host_vars/h.yml": "e: {x: 1}\n",
      "group_vars/g.yml": "e: {y: 1}\n",
    },
  },
  {
    name: "two folders beside two sources",
    files: {
      "one/i.yml": "g: {hosts: {h: }}\nk: {hosts: {h: }}\n",
      "two/i.yml": "k: {hosts: {j: }}\n",
      "one/group_vars/g.yml": "v: one-g\n",
      "one/group_vars/k.yml": "w: one-k\n",
      "two/group_vars/g.yml": "v: two-g\nw: two-g\n",
      "two/host_vars/h.yml": "u: two-h\n",
      "one/host_vars/h.yml": "u: one-h\n",
    },
    sources: ["one/i.yml", "two/i.yml"],
  },
  {
    name: "anchors, unsafe text, templates stay as written",
    files: {
      "hosts.yml":
        "all:\n  vars: &v\n    a: '{{ b }}'\n    n: !unsafe '{{ raw }}'\n  hosts:\n    h:\n      <<: *v\n      c: 2001-01-02\n",
    },
  },
  {
    name: "names with dashes and dots as groups",
    files: { "hosts.yml": "web-servers: {hosts: {a: }}\nv1.2: {hosts: {b: }}\n" },
    patterns: ["web-servers", "v1.2", "v1*", "web-*:v*"],
  },
  {
    name: "localhost spelt out",
    files: { "hosts.yml": "all: {hosts: {localhost: {ansible_connection: local, x: 1}}}\n" },
    patterns: ["all", "localhost", "127.0.0.1"],
  },
  {
    name: "a program that is asked for each host",
    files: {
      "dyn.sh": `#!/bin/sh
case $1 in
  --list) echo '{"web": {"hosts": ["a", "b"], "vars": {"v": 1, "t": "{{ v }}"}}, "site": {"children": ["web"]}, "flat": ["c"]}';;
  --host) [ "$2" = a ] && echo '{"own": "of a", "f": 1.5}' || echo '{}';;
esac
`,
    },
    sources: ["dyn.sh"],
    patterns: ["site", "flat:web"],
  },
  {
    name: "a directory of a program, a list and variables",
    files: {
      "inv/01-dyn": `#!/bin/sh\necho '{"web": {"hosts": ["a"], "vars": {"v": 1}}, "_meta": {"hostvars": {"a": {"x": 1}}}}'\n`,
      "inv/02-static": "[web]\nb x=2\n[web:vars]\nv=2\n",
      "inv/group_vars/web.yml": "w: of a file\n",
    },
    sources: ["inv"],
    patterns: ["web"],
  },
  {
    name: "constructed: variables, groups, groups by keys",
    files: {
      "inv/01-hosts":
        "[web]\na tier=gold zone=eu-1 tags='[\"x\", \"y z\"]'\nb tier=tin labels=\"{'os': 'deb', 'arch': ''}\"\nc\n[web:vars]\nrole=front\n",
      "inv/02-made.yml": `plugin: ansible.builtin.constructed
strict: false
compose:
  full: inventory_hostname ~ "." ~ role
  size: 3 + 4
  nothing: missing.at.all
groups:
  gold: tier == "gold"
  fronts: role == "front" and "web" in group_names
  odd name!: tier is defined
keyed_groups:
  - {prefix: tier, key: tier}
  - {key: zone, separator: ""}
  - {prefix: tag, key: tags, parent_group: tagged}
  - {prefix: label, key: labels}
  - {prefix: of, key: role | upper, parent_group: "all_{{ role }}"}
`,
    },
    sources: ["inv"],
    patterns: ["gold", "tier_*", "fronts:!gold", "tagged"],
  },
  {
    name: "constructed without leading separators, with defaults",
    files: {
      hosts: "a zone=one empty=''\nb\n",
      "made.yml": `plugin: constructed
leading_separator: false
keyed_groups:
  - {key: zone}
  - {key: empty, prefix: e, default_value: none}
  - {key: "{'k': ''}", trailing_separator: false}
  - {key: "{'k': ''}", prefix: p, default_value: d}
`,
    },
    sources: ["hosts", "made.yml"],
    patterns: ["one", "e_none", "k"],
  },
  {
    name: "generator: hosts of all combinations, with groups above them",
    files: {
      "made.yml": `plugin: ansible.builtin.generator
hosts:
  name: "{{ operation }}_{{ application }}_{{ environment }}_runner"
  parents:
    - name: "{{ operation }}_{{ application }}_{{ environment }}"
      parents:
        - name: "{{ operation }}_{{ application }}"
          parents: [{name: "{{ operation }}"}, {name: "{{ application }}"}]
        - name: "{{ application }}_{{ environment }}"
          vars: {application: "{{ application }}"}
          parents: [{name: "{{ application }}"}, {name: "{{ environment }}"}]
    - name: runner
layers:
  operation: [build, launch]
  environment: [dev, prod]
  application: [web, api]
`,
    },
    sources: ["made.yml"],
    patterns: ["build_web_dev", "runner"],
  },
];
