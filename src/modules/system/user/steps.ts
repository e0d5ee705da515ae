import END_SHELLS from "./end-shells.sh?raw";
import type { Shadow, UserState } from "../../../probes/system/account.ts";
import { lines, sh, type Script } from "../../../script/sh.ts";
import type { Step } from "../../contract/module.ts";
import { parentOf } from "../../shared/files/ownership.ts";
import type { UserArgs } from "./schema.ts";

type Present = NonNullable<UserState>;
type Words = (string | number)[];

// Creates a user, then sets what useradd cannot set, or not without exposing it.
export function createUser(args: UserArgs, wanted: Present, ownGroup: boolean): Step[] {
  const { name, home, skeleton, umask } = args;
  const noGroup = ownGroup ? [] : ["-N"];
  const primary = args.group === undefined ? noGroup : ["-g", args.group];
  const furnish = args.create_home
    ? [
        "-m",
        ...(skeleton === undefined ? [] : ["-k", skeleton]),
        ...(umask === undefined ? [] : ["-K", `UMASK=${umask}`]),
      ]
    : ["-M"];
  const words: Words = [
    ...option("-u", args.uid),
    ...(args.non_unique ? ["-o"] : []),
    ...primary,
    ...(wanted.groups.length > 0 ? ["-G", wanted.groups.join(",")] : []),
    ...option("-c", args.comment),
    ...option("-d", home),
    ...option("-s", args.shell),
    ...expiry(args.expires),
    ...furnish,
    ...(args.system ? ["-r"] : []),
    name,
  ];
  const parent =
    args.create_home && home !== undefined ? sh`mkdir -p -- ${parentOf(home)} && ` : sh``;
  const homeUndo =
    wanted.home === null
      ? sh`userdel -r ${name}`
      : sh`if [ -e "$U/"${`home-${name}`} ]; then userdel ${name}; else userdel -r ${name}; fi`;
  const mark =
    wanted.home === null
      ? sh``
      : sh`[ ! -e ${wanted.home} ] || : > "$HW_ENTRY_DIR/"${`home-${name}`}; `;
  return [
    {
      run: lines([
        sh`${mark}${parent}useradd ${words} || exit 1`,
        ...shadowSteps(args, null, wanted.shadow),
        sh`getent passwd ${name}`,
      ]),
      undo: sh`{ ${homeUndo}; } 2>/dev/null`,
    },
  ];
}

// Changes what differs, and creates the home if it is wanted and missing.
export function modifyUser(args: UserArgs, old: Present, wanted: Present): Step[] {
  const { name } = args;
  const move = args.move_home && wanted.home !== old.home ? ["-m"] : [];
  const words: Words = [
    ...changed(old, wanted),
    ...(wanted.uid !== old.uid && args.non_unique ? ["-o"] : []),
    ...move,
    ...(wanted.shadow?.expires === old.shadow?.expires ? [] : expiry(args.expires)),
  ];
  const back: Words = [...changed(wanted, old), ...(wanted.uid !== old.uid ? ["-o"] : []), ...move];
  const run = lines([
    ...(wanted.uid !== old.uid || wanted.home !== old.home ? [endShells(name)] : []),
    words.length > 0 ? sh`usermod ${words} ${name} || exit 1` : sh`:`,
    wanted.homeExists && !old.homeExists ? makeHome(name, args.skeleton, args.umask) : sh`:`,
    ...shadowSteps(args, old.shadow ?? null, wanted.shadow),
    sh`getent passwd ${name}`,
  ]);
  const undo = [
    back.length > 0 ? sh`usermod ${back} ${name}` : sh`:`,
    ...(old.shadow ? [sh`hw_restore_shadow ${name}`] : []),
  ];
  return [
    {
      run: old.shadow ? lines([keepShadow(name), run]) : run,
      undo: old.shadow ? lines([{ sh: RESTORE_SHADOW }, ...undo]) : lines(undo),
    },
  ];
}

// Removes a user. The undo makes the account again, password included; files
// that are gone stay gone.
export function removeUser({ name, force, remove }: UserArgs, old: Present): Step {
  const words = [...(force ? ["-f"] : []), ...(remove ? ["-r"] : []), name];
  const again = [
    ...option("-u", old.uid),
    "-o",
    "-M",
    "-N",
    ...option("-g", old.gid),
    ...(old.groups.length > 0 ? ["-G", old.groups.join(",")] : []),
    ...option("-c", old.comment),
    ...option("-d", old.home),
    ...option("-s", old.shell),
    name,
  ];
  const group =
    old.group === null || old.gid === null
      ? sh`:`
      : sh`getent group ${old.group} >/dev/null || groupadd -o -g ${[old.gid, old.group]}`;
  return {
    run: lines([keepShadow(name), endShells(name), sh`userdel ${words}`]),
    undo: lines([{ sh: RESTORE_SHADOW }, group, sh`useradd ${again} && hw_restore_shadow ${name}`]),
  };
}

// Ends the shells that wait for programs as the user, as userdel and usermod refuse a user who has
// processes. Those above this one stay.
function endShells(name: string): Script {
  return lines([{ sh: END_SHELLS }, sh`hw_end_shells ${name} ${LOOP}`]);
}

/** What a shell that waits for programs has among its words (transport/loop.ts). */
const LOOP = "read -r hw_k hw_n hw_c hw_f";

// Options of usermod for the fields that differ.
function changed(from: Present, to: Present): Words {
  const table = [
    ["-u", from.uid, to.uid],
    ["-g", from.group, to.group],
    ["-c", from.comment, to.comment],
    ["-d", from.home, to.home],
    ["-s", from.shell, to.shell],
  ] as const;
  const words: Words = table.flatMap(([flag, before, after]) =>
    before === after ? [] : option(flag, after),
  );
  const [old, now] = [[...from.groups].sort().join(","), [...to.groups].sort().join(",")];
  return old === now ? words : [...words, "-G", now];
}

function option(flag: string, value: string | number | null | undefined): Words {
  return value === undefined || value === null ? [] : [flag, value];
}

// The day as useradd takes it; an empty one is never.
function expiry(expires: number | undefined): Words {
  return expires === undefined
    ? []
    : ["-e", expires < 0 ? "" : new Date(expires * 1000).toISOString().slice(0, 10)];
}

// Password, lock and days. The hash goes to chpasswd's standard input, so that no
// list of processes shows it.
function shadowSteps(args: UserArgs, old: Shadow | null, wanted: Shadow | undefined): Script[] {
  if (!wanted) return [];
  const { name, password } = args;
  const sets = password !== undefined && wanted.digest !== old?.digest;
  const hash = `${wanted.locked ? "!" : ""}${password?.replace(/^!+/, "") ?? ""}`;
  const days = [
    ...(wanted.min === (old?.min ?? null) ? [] : option("-m", wanted.min)),
    ...(wanted.max === (old?.max ?? null) ? [] : option("-M", wanted.max)),
  ];
  const lock = !sets && old !== null && wanted.locked !== old.locked;
  return [
    ...(sets ? [sh`printf '%s\n' ${`${name}:${hash}`} | chpasswd -e || exit 1`] : []),
    ...(lock ? [sh`usermod ${wanted.locked ? "-L" : "-U"} ${name} || exit 1`] : []),
    ...(days.length > 0 ? [sh`chage ${days} ${name} || exit 1`] : []),
  ];
}

// Makes a home as useradd would: from the skeleton, with the mode of the umask, owned by the user.
function makeHome(name: string, skeleton = "/etc/skel", umask?: string): Script {
  const mask =
    umask === undefined
      ? sh`hw_m=; [ ! -r /etc/login.defs ] || while read -r hw_k hw_v hw_x; do [ "$hw_k" != UMASK ] || hw_m=$hw_v; done < /etc/login.defs; umask "${{ sh: "${hw_m:-022}" }}"`
      : sh`umask ${umask}`;
  return sh`IFS=: read -r hw_x hw_x hw_u hw_g hw_x hw_h hw_x <<HW_EOF
$(getent passwd ${name})
HW_EOF
[ -d "$hw_h" ] || { mkdir -p -- "${{ sh: "${hw_h%/*}" }}/" && (${mask}; mkdir -- "$hw_h") && { [ ! -d ${skeleton} ] || cp -RT -- ${skeleton} "$hw_h"; } && chown -Rh -- "$hw_u:$hw_g" "$hw_h"; } || exit 1`;
}

// Keeps the user's line of shadow in the run's journal, which only root may read.
function keepShadow(name: string): Script {
  return sh`(umask 077; getent shadow ${name} > "$HW_ENTRY_DIR/"${`shadow-${name}`})`;
}

const RESTORE_SHADOW = String.raw`hw_restore_shadow() {
  IFS=: read -r hw_x hw_p hw_x hw_i hw_a hw_x hw_x hw_l hw_x < "$U/shadow-$1" || return 0
  printf '%s\n' "$1:$hw_p" | chpasswd -e && chage -m "@{hw_i:--1}" -M "@{hw_a:--1}" -E "@{hw_l:--1}" "$1"
}`.replaceAll("@{", "${");
