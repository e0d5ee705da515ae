import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { applyMode, octal } from "../../../../src/modules/shared/files/mode.ts";

const MODES = [
  "0644",
  "755",
  "4755",
  "u+x",
  "a+x",
  "+x",
  "+w",
  "=r",
  "u=rwX,go=rX",
  "go-rwx",
  "o=",
  "ug+s",
  "u+s,g-s",
  "+t",
  "o+t",
  "a=rwx",
  "g=u",
  "o=g",
  "u-x+w",
  "a-x+X",
  "u=rw,g=r,o=",
];
const BEFORE = [0o600, 0o644, 0o755, 0o4755, 0o2775, 0o1777, 0o000, 0o111];

test.each(MODES)("%s makes of any mode what chmod makes of it", (mode) => {
  const folder = mkdtempSync(join(tmpdir(), "hw-mode-"));
  const paths = [join(folder, "file"), join(folder, "dir")] as const;
  writeFileSync(paths[0], "");
  mkdirSync(paths[1]);
  for (const before of BEFORE) {
    for (const [i, path] of paths.entries()) {
      // chmod keeps a folder's setuid and setgid where the mode is octal; Ansible and we say what is written.
      if (/^\d/.test(mode) && i === 1 && before > 0o777) continue;
      chmodSync(path, before);
      execFileSync("sh", ["-c", `umask 022; chmod -- "$1" "$2"`, "-", mode, path]);
      expect([path, octal(before), octal(applyMode(mode, before, i === 1))]).toEqual([
        path,
        octal(before),
        octal(statSync(path).mode & 0o7777),
      ]);
    }
  }
});
