import { IMAGE_NAME } from "./image_name.ts";
import { Float } from "../../../../jinja/core/value.ts";
import { didYouMean } from "../../../../suggest.ts";
import { writeKey, writeValue } from "../../../../toml/stringify.ts";
import { isTable, type Toml, type TomlTable } from "../../../../toml/value.ts";
import { CRI, CRI_IMAGES, CRI_RUNTIME } from "../plugin_names.ts";
import type { Version } from "../version.ts";
import { standings, type Standing } from "./index.ts";
import { plugin, type FormName, type ConfigSetting } from "./setting.ts";
import { whyMissing } from "./tree.ts";

const kubernetes = (
  v2: readonly string[],
  v3: readonly string[],
): NonNullable<ConfigSetting["at"]> => ({
  2: ["plugins", CRI, ...v2],
  3: ["plugins", ...v3],
});

/** What containerd_config has parameters of its own for, and what is only ever said by `extra`. */
const OTHERS: { readonly [name: string]: ConfigSetting } = {
  root: { type: "str", description: "" },
  state: { type: "str", description: "" },
  plugin_dir: { type: "str", description: "", form: "absolute path" },
  oom_score: { type: "int", description: "", form: "oom score" },
  disabled_plugins: { type: "list", elements: "str", description: "" },
  required_plugins: { type: "list", elements: "str", description: "" },
  imports: { type: "list", elements: "str", description: "" },
  socket: {
    type: "str",
    description: "",
    at: { 2: ["grpc", "address"], 3: ["grpc", "address"] },
  },
  opt: {
    type: "str",
    description: "",
    form: "absolute path",
    at: plugin("io.containerd.internal.v1.opt", "path"),
  },
  sandbox: {
    type: "str",
    description: "",
    form: "image",
    at: kubernetes(["sandbox_image"], [CRI_IMAGES, "pinned_images", "sandbox"]),
  },
  snapshotter: {
    type: "str",
    description: "",
    at: kubernetes(["containerd", "snapshotter"], [CRI_IMAGES, "snapshotter"]),
  },
  downloads: {
    type: "int",
    description: "",
    form: "natural number",
    at: kubernetes(["max_concurrent_downloads"], [CRI_IMAGES, "max_concurrent_downloads"]),
  },
  discard: {
    type: "bool",
    description: "",
    at: kubernetes(
      ["containerd", "discard_unpacked_layers"],
      [CRI_IMAGES, "discard_unpacked_layers"],
    ),
  },
  config_path: {
    type: "str",
    description: "",
    at: kubernetes(["registry", "config_path"], [CRI_IMAGES, "registry", "config_path"]),
  },
  bin_dir: {
    type: "str",
    description: "",
    form: "absolute path",
    at: kubernetes(["cni", "bin_dir"], [CRI_RUNTIME, "cni", "bin_dir"]),
  },
};

/** What a value must look like: its test, and how it is written. */
const FORMS: { readonly [name in FormName]: { fits(value: Toml): boolean; hint: string } } = {
  duration: {
    fits: (value) => /^((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+$|^0?$/.test(String(value)),
    hint: "write it with its unit, such as 10s or 5m0s",
  },
  "absolute path": {
    fits: (value) => value === "" || String(value).startsWith("/"),
    hint: "write it with a slash at the beginning",
  },
  address: {
    fits: (value) =>
      value === "" ||
      (/^(\[[0-9A-Fa-f:.]+\]|[\w.-]*):\d+$/.test(String(value)) &&
        isPort(String(value).split(":").at(-1)!)),
    hint: "write it as HOST:PORT, such as 127.0.0.1:1338",
  },
  port: {
    fits: (value) => isPort(String(value)),
    hint: "write a number from 0 to 65535, in quotes",
  },
  "host address": {
    fits: (value) => value === "" || isHostAddress(String(value)),
    hint: "write an IP address or the name of a host, without a port",
  },
  "seccomp profile": {
    fits: (value) =>
      ["", "unconfined", "runtime/default", "docker/default"].includes(String(value)) ||
      String(value).startsWith("localhost/"),
    hint: "it takes unconfined, runtime/default, or localhost/PATH",
  },
  "positive number": { fits: (value) => Number(value) > 0, hint: "write 1 or more" },
  "category range": {
    fits: (value) => Number(value) >= 2 && Number(value) <= 1024,
    hint: "a container gets two different categories of them: write a number from 2 to 1024",
  },
  "natural number": { fits: (value) => Number(value) >= 0, hint: "write 0 or more" },
  fraction: {
    fits: (value) => Number(value) >= 0 && Number(value) <= 0.5,
    hint: "write a number from 0.0 to 0.5",
  },
  size: {
    fits: (value) => Number(value) >= 0 && Number(value) < 2 ** 31,
    hint: "write a number of bytes, such as 16777216",
  },
  "oom score": {
    fits: (value) => Number(value) >= -1000 && Number(value) <= 1000,
    hint: "write a number from -1000 to 1000",
  },
  platform: {
    fits: (value) => value === "" || /^\w+\/\w+(\/\w+)?$/.test(String(value)),
    hint: "write it as os/arch, such as linux/amd64",
  },
  image: {
    fits: (value) => value === "" || IMAGE_NAME.test(String(value)),
    hint: "write the name of an image in full, in small letters, such as registry.k8s.io/pause:3.10",
  },
  environment: {
    fits: (value) => /^[A-Za-z_]\w*=/.test(String(value)),
    hint: "write it as NAME=value",
  },
};

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65535;
}

// Values that a setting cannot hold, and settings that this version does not
// have, wherever they were said.
export function settingFaults(tree: TomlTable, file: 2 | 3, version: Version): string[] {
  const faults = [...standings(file), ...standings(file, OTHERS)].flatMap((standing) =>
    found(tree, standing.path).flatMap(({ path, value }) =>
      faultOf(standing, showKey(path), value, version),
    ),
  );
  // the sandbox image is one of the pinned ones too
  return [...new Set(faults)];
}

// Whether a file of this version may say something at a path.
export function isSetting(path: readonly string[], file: 2 | 3): boolean {
  return [...standings(file), ...standings(file, OTHERS)].some(
    ({ path: known, setting }) =>
      known.every((key, i) => key === "*" || path[i] === undefined || key === path[i]) &&
      (path.length <= known.length || setting.type === "dict"),
  );
}

function faultOf(standing: Standing, where: string, value: Toml, version: Version): string[] {
  const { setting } = standing;
  const missing = whyMissing(standing, version);
  if (missing !== undefined)
    return [`${where} ${missing}: containerd ${version.major}.${version.minor} would ignore it`];
  const type = typeFault(setting, value, version);
  if (type !== undefined) return [`${where} takes ${type}, but is ${writeValue(value)}`];
  const wrong = valueFaults(setting, value, where);
  if (wrong.length > 0) return wrong;
  return partsOf(value, where).flatMap(({ part, at }) => {
    if (setting.choices && part !== "" && !setting.choices.includes(part as string)) {
      const meant = didYouMean(String(part), setting.choices.map(String));
      return [
        `${at} cannot be ${writeValue(part)}: ${meant ?? `it takes ${setting.choices.filter((one) => one !== "").join(", ")}`}`,
      ];
    }
    const form = setting.form === undefined ? undefined : FORMS[setting.form];
    return form === undefined || form.fits(part)
      ? []
      : [`${at} cannot be ${writeValue(part)}: ${form.hint}`];
  });
}

// The single values of a setting, each with its place.
function partsOf(value: Toml, where: string): { part: Toml; at: string }[] {
  if (Array.isArray(value)) return value.map((part) => ({ part, at: where }));
  if (!isTable(value)) return [{ part: value, at: where }];
  return Object.entries(value).map(([key, part]) => ({ part, at: `${where}.${writeKey(key)}` }));
}

// What the values of a mapping should be, and are not.
function valueFaults({ values }: ConfigSetting, value: Toml, where: string): string[] {
  if (values === undefined || !isTable(value)) return [];
  const fits = values === "text" ? isText : areTexts;
  const wanted = values === "text" ? "text (in quotes)" : "a list of texts";
  return Object.entries(value)
    .filter(([, one]) => !fits(one))
    .map(([key, one]) => `${where}.${writeKey(key)} takes ${wanted}, but is ${writeValue(one)}`);
}

const isText = (value: Toml): boolean => typeof value === "string";
const areTexts = (value: Toml): boolean => Array.isArray(value) && value.every(isText);

// An IPv4 address or a name of at least one letter or dot, or an IPv6 address.
const isHostAddress = (text: string): boolean =>
  /^(?=.*[a-z.])[a-z\d-]+(\.[a-z\d-]+)*$/i.test(text) || /^(?=.*:.*:)[\da-f:.]+$/i.test(text);

// What a value should be, in words; undefined: it is.
function typeFault(setting: ConfigSetting, value: Toml, version: Version): string | undefined {
  const isWhole = (one: Toml): boolean =>
    typeof one === "bigint" || (typeof one === "number" && Number.isInteger(one));
  switch (setting.type) {
    case "str":
      return isText(value) ? undefined : "text (in quotes)";
    case "bool":
      return typeof value === "boolean" ? undefined : "true or false (without quotes)";
    case "int":
      return isWhole(value) ? undefined : "a whole number (without quotes)";
    case "float":
      if (value instanceof Float || (typeof value === "number" && !Number.isInteger(value)))
        return undefined;
      return version.major >= 2 && isWhole(value)
        ? undefined
        : "a number with its point, such as 0.02";
    case "list":
      return areTexts(value) ? undefined : "a list of texts";
    case "dict":
      return isTable(value) ? undefined : "a table";
    default:
      return undefined;
  }
}

interface Found {
  path: string[];
  value: Toml;
}

// The values at a path; `*` matches any key.
function found(value: Toml | undefined, path: readonly string[], above: string[] = []): Found[] {
  const [key, ...rest] = path;
  if (value === undefined) return [];
  if (key === undefined) return [{ path: above, value }];
  if (!isTable(value)) return [];
  const keys = Object.keys(value).filter((one) => key === "*" || one === key);
  return keys.flatMap((one) => found(value[one], rest, [...above, one]));
}

function showKey(path: readonly string[]): string {
  return path.map(writeKey).join(".");
}
