import RUNS from "./check_container.sh?raw";
import { lines, sh, type Script } from "../../../script/sh.ts";

/** What a container is run with. */
export interface CheckContainer {
  ctr: string;
  address: string;
  snapshotter: string;
  /** Where containerd keeps its data. */
  root: string;
}

/**
 * A processor that there is a program for: its name in ELF, its machine code, which ends the
 * process with 0, and its names.
 */
interface Processor {
  /** What `uname -m` says. */
  machine: string;
  /** What images say. */
  architecture: string;
  elf: number;
  code: readonly number[];
}

const PROCESSORS: readonly Processor[] = [
  {
    machine: "x86_64",
    architecture: "amd64",
    elf: 62,
    // xor edi, edi; push 60; pop rax; syscall
    code: [0x31, 0xff, 0x6a, 0x3c, 0x58, 0x0f, 0x05],
  },
  {
    machine: "aarch64",
    architecture: "arm64",
    elf: 183,
    // mov x0, 0; mov x8, 93; svc 0
    code: [0x00, 0x00, 0x80, 0xd2, 0xa8, 0x0b, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4],
  },
];

/** Where the program is loaded, and how long the heads of its file are. */
const [LOADED_AT, FILE_HEAD, SEGMENT_HEAD] = [0x400000, 64, 56];

// The smallest program there is: an ELF file with one segment, which ends with 0 at once.
export function smallestProgram({ elf, code }: Pick<Processor, "elf" | "code">): Uint8Array {
  const head = FILE_HEAD + SEGMENT_HEAD;
  const bytes = new Uint8Array(head + code.length);
  const view = new DataView(bytes.buffer);
  const half = (at: number, value: number): void => view.setUint16(at, value, true);
  const word = (at: number, value: number): void => view.setUint32(at, value, true);
  // 64 bits, little endian, ELF 1; a program for this processor
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  half(16, 2);
  half(18, elf);
  word(20, 1);
  word(24, LOADED_AT + head);
  word(32, FILE_HEAD);
  half(52, FILE_HEAD);
  half(54, SEGMENT_HEAD);
  half(56, 1);
  // the segment: all of the file, to be read and run
  word(64, 1);
  word(68, 5);
  word(80, LOADED_AT);
  word(88, LOADED_AT);
  word(96, bytes.length);
  word(104, bytes.length);
  word(112, 0x1000);
  bytes.set(code, head);
  return bytes;
}

// Bytes as printf writes them.
function octal(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/** The namespace in which it runs; nobody else uses it, so everything in it may be removed. */
const NAMESPACE = "hullwright-check";
const IMAGE = "hullwright.invalid/check:1";

/**
 * The shell function hw_runs: makes an image of a few kilobytes out of nothing, has
 * containerd run a container of it, and removes all of it. False: it did not run, and hw_why
 * says why. True without running anything on a processor that there is no program for.
 * hw_address is the daemon's socket.
 */
export function checkContainer({ ctr, address, snapshotter, root }: CheckContainer): Script {
  const programs = PROCESSORS.map(
    (one) =>
      sh`${{ sh: one.machine }}) hw_arch=${one.architecture}; hw_elf=${octal(smallestProgram(one))} ;;`,
  );
  return lines([
    sh`hw_box=${NAMESPACE}; hw_image=${IMAGE}
hw_address=${address}; hw_c() { timeout "$hw_t" ${ctr} -a "$hw_address" -n "$hw_box" "$@" </dev/null 2>&1; }
hw_snapshotter=${snapshotter}; hw_root=${root}
hw_program() {
  case $(uname -m) in`,
    ...programs,
    sh`  *) return 1 ;;
  esac
}`,
    { sh: RUNS },
  ]);
}
