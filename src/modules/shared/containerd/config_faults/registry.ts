import { TaskFailure } from "../../../../errors.ts";
import { writeKey } from "../../../../toml/stringify.ts";
import { at } from "../../../../toml/value.ts";
import { placeOf } from "../config_tree.ts";
import { readUrl } from "../hosts_tree.ts";
import { keysOf, type Rule } from "./look.ts";

// Mirrors live in this file or below config_path, never in both: the CRI plugin would not load.
const registries: Rule = (tree, version) => {
  const registry = at(tree, ...placeOf("registry", version));
  const path = at(registry, "config_path");
  const inline = keysOf(registry).filter((key) => ["mirrors", "configs", "auths"].includes(key));
  const both =
    path === undefined || path === ""
      ? []
      : inline.map(
          (key) =>
            `registry.${key} and registry.config_path exclude each other: describe the registry with containerd_registry`,
        );
  const tls =
    version === 3
      ? keysOf(registry, "configs").filter(
          (name) => at(registry, "configs", name, "tls") !== undefined,
        )
      : [];
  return [
    ...both,
    ...tls.map(
      (name) =>
        `registry.configs.${writeKey(name)}.tls is ignored since containerd 2.0: use skip_verify or ca of containerd_registry`,
    ),
  ];
};

// People's notes have Markdown links where URLs belong, and containerd accepts any text as a URL.
const endpoints: Rule = (tree, version) => {
  const mirrors = [...placeOf("registry", version), "mirrors"];
  return keysOf(tree, ...mirrors).flatMap((name) => {
    const urls = at(tree, ...mirrors, name, "endpoint");
    if (urls !== undefined && !Array.isArray(urls))
      return [`the endpoint of registry.mirrors.${writeKey(name)} takes a list: endpoint: [URL]`];
    return (Array.isArray(urls) ? urls : []).flatMap((url) =>
      urlFault(String(url), `the endpoint of registry.mirrors.${writeKey(name)}`),
    );
  });
};

function urlFault(url: string, where: string): string[] {
  try {
    readUrl(url, where);
    return [];
  } catch (error) {
    if (error instanceof TaskFailure)
      return [error.hint === undefined ? error.message : `${error.message}: ${error.hint}`];
    throw error;
  }
}

// Mirrors and logins are found by the registry's name as it is written in image names.
const registryNames: Rule = (tree, version) =>
  ["mirrors", "configs", "auths"].flatMap((kind) =>
    keysOf(tree, ...placeOf("registry", version), kind)
      .filter((name) => name !== "*" && (kind === "auths" ? false : /[/\s]/.test(name)))
      .map(
        (name) =>
          `registry.${kind}.${writeKey(name)} is not the name of a registry: write ${name.replace(/^\w+:\/\//, "").replace(/[/\s].*$/, "") || "docker.io"}, as in images' names`,
      ),
  );

// A login needs both of its parts, or the two in one.
const logins: Rule = (tree, version) => {
  const place = placeOf("registry", version);
  const found = [
    ...keysOf(tree, ...place, "configs").map((name) => ({
      where: `registry.configs.${writeKey(name)}.auth`,
      auth: at(tree, ...place, "configs", name, "auth"),
    })),
    ...keysOf(tree, ...place, "auths").map((name) => ({
      where: `registry.auths.${writeKey(name)}`,
      auth: at(tree, ...place, "auths", name),
    })),
  ];
  return found.flatMap(({ where, auth }) => {
    const has = keysOf(auth);
    const unknown = has.filter((key) => !LOGIN.includes(key));
    const half = ["username", "password"].filter((key) => has.includes(key)).length === 1;
    return [
      ...unknown.map((key) => `${where} has no ${key}: it takes ${LOGIN.join(", ")}`),
      ...(half ? [`${where} needs both username and password: only one of them is not sent`] : []),
      ...(has.includes("auth") && has.includes("username")
        ? [`${where} has auth and username: give the login once`]
        : []),
    ];
  });
};

const LOGIN = ["username", "password", "auth", "identitytoken"];

/** What may be wrong with registries in this file. */
export const REGISTRY_RULES: readonly Rule[] = [registries, endpoints, registryNames, logins];
