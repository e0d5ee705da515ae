import { TaskFailure } from "../../../../errors.ts";
import type { ArchiveMember } from "../../../contract/module.ts";

/** What an archive holds under one name. */
export interface ArchivedImage {
  /** The digest that the name will refer to (OCI archives). */
  digest?: string;
  /** The digest of its configuration (archives of docker save). */
  config?: string;
  /** The archive only has the tag: ctr must be given the rest of the name. */
  base_name?: string;
}

/** The part of a JSON file that is read here. */
interface Index {
  manifests?: { digest?: string; annotations?: { [name: string]: string } }[];
}
type Saved = { Config?: string; RepoTags?: string[] | null }[];

const FULL_NAME = "io.containerd.image.name";
const SHORT_NAME = "org.opencontainers.image.ref.name";

// Finds an image in an archive by its name, as containerd's import does: an OCI layout
// counts before Docker's list.
export function archivedImage(
  members: readonly ArchiveMember[],
  name: string,
  archive: string,
): ArchivedImage {
  const byPath = new Map(members.map((member) => [member.path.replace(/^\.\//, ""), member]));
  const index = byPath.get("index.json")?.text;
  const saved = byPath.get("manifest.json")?.text;
  if (byPath.has("oci-layout") && index !== undefined)
    return fromIndex(parse(index, archive, "index.json") as Index, name, archive);
  if (saved === undefined)
    throw new TaskFailure(
      `${archive} is not an archive of images: it has no index.json and no manifest.json`,
      "make it with `docker save`, `ctr images export` or `skopeo copy ... oci-archive:`",
    );
  const list = parse(saved, archive, "manifest.json") as Saved;
  const found = list.find(({ RepoTags }) => (RepoTags ?? []).some((tag) => fullName(tag) === name));
  if (!found)
    throw notThere(
      archive,
      name,
      list.flatMap(({ RepoTags }) => RepoTags ?? []),
    );
  const config = byPath.get(found.Config ?? "")?.sha256;
  return config === undefined ? {} : { config: `sha256:${config}` };
}

function fromIndex(index: Index, name: string, archive: string): ArchivedImage {
  const each = index.manifests ?? [];
  const exact = each.find(({ annotations }) =>
    [annotations?.[FULL_NAME], annotations?.[SHORT_NAME]].includes(name),
  );
  if (exact?.digest) return { digest: exact.digest };
  const colon = name.lastIndexOf(":");
  const tagged = each.find(
    ({ annotations }) =>
      annotations?.[FULL_NAME] === undefined && annotations?.[SHORT_NAME] === name.slice(colon + 1),
  );
  if (tagged?.digest && colon > name.lastIndexOf("/"))
    return { digest: tagged.digest, base_name: name.slice(0, colon) };
  throw notThere(
    archive,
    name,
    each.flatMap(({ annotations }) => annotations?.[FULL_NAME] ?? annotations?.[SHORT_NAME] ?? []),
  );
}

// Docker leaves out its own registry's name; containerd's import writes it out.
function fullName(tag: string): string {
  const [first = "", ...rest] = tag.split("/");
  if (rest.length === 0) return `docker.io/library/${tag}`;
  return /[.:]/.test(first) || first === "localhost" ? tag : `docker.io/${tag}`;
}

function parse(text: string, archive: string, member: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TaskFailure(`${member} in ${archive} is no JSON`);
  }
}

function notThere(archive: string, name: string, names: readonly string[]): TaskFailure {
  return new TaskFailure(
    `${archive} does not hold ${name}`,
    names.length > 0 ? `it holds ${names.map(fullName).join(", ")}` : "it names none of its images",
  );
}
