import { IMAGE_NAME } from "../../shared/containerd/settings/image_name.ts";

/** What the text of a value must look like. */
export interface TextForm {
  pattern: RegExp;
  /** What the text is when it matches: "an absolute path". */
  is: string;
  hint: string;
}

export const RELEASE: TextForm = {
  pattern: /^\d+\.\d+\.\d+([-+~.][\w.+~-]+)?$/,
  is: "a release",
  hint: 'write all three numbers, without a "v" before them: "2.1.4"',
};

/** crun's releases may have two numbers alone. */
export const CRUN_RELEASE: TextForm = {
  pattern: /^\d+\.\d+(\.\d+)*$/,
  is: "a release of crun",
  hint: 'write it without a "v" before it: "1.28"',
};

export const SOURCE: TextForm = {
  pattern: /^((https?|ftp|file):\/\/[^\s/]*\/\S+|(?!\w+:\/\/)\S.*)$/i,
  is: "a URL to download from, or a path on the controller",
  hint: "write https://HOST/PATH, http://HOST/PATH, or a path",
};

export const CHECKSUM: TextForm = {
  pattern:
    /^(md5:[0-9a-f]{32}|sha1:[0-9a-f]{40}|sha224:[0-9a-f]{56}|sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}|(md5|sha\d+):(?=.*[/.])\S+)$/i,
  is: "a checksum",
  hint: "write sha256: and 64 hexadecimal digits, or sha256: and the URL of a file of checksums",
};

export const ABSOLUTE: TextForm = {
  pattern: /^\/[^\n]*$/,
  is: "an absolute path",
  hint: "write it with a slash at the beginning, such as /var/lib/containerd",
};

/** As ABSOLUTE, and one that can be compared with others. */
export const PLAIN_PATH: TextForm = {
  pattern: /^(\/|(\/(?!\.{1,2}(\/|$))[^/\n]+)+)$/,
  is: "an absolute path in its plain form",
  hint: "write it with a slash at the beginning and none at the end, without //, . and .., such as /var/lib/containerd",
};

export const DIRECTORY =
  "write it with a slash at the beginning and none at the end, such as /opt/cni/bin";

const OCTET = String.raw`(25[0-5]|2[0-4]\d|1?\d?\d)`;

export const SUBNET: TextForm = {
  pattern: new RegExp(
    String.raw`^((${OCTET}\.){3}${OCTET}/([89]|[12]\d|30)|(?=.*::)[\da-f:]+/(\d\d|1[01]\d|12[0-6]))$`,
    "i",
  ),
  is: "a network",
  hint: "write it as 10.88.0.0/16",
};

export const PROXY: TextForm = {
  pattern: /^((https?|socks5h?):\/\/)?[^\s/]+(:\d+)?\/?$/i,
  is: "the address of a proxy",
  hint: "write http://HOST:PORT",
};

export const ENVIRONMENT_NAME: TextForm = {
  pattern: /^[A-Za-z_]\w*$/,
  is: "the name of an environment variable",
  hint: "such a name consists of letters, digits and underscores, and does not begin with a digit",
};

export const ONE_LINE: TextForm = {
  pattern: /^[^\n\r\0]*$/,
  is: "a single line",
  hint: "remove the line breaks",
};

export const IMAGE: TextForm = {
  pattern: IMAGE_NAME,
  is: "the name of an image",
  hint: "write it in full, in small letters, such as registry.k8s.io/pause:3.10",
};

export const ARCHIVE: TextForm = {
  pattern: /^(?!\w+:\/\/)\S/,
  is: "a path on the controller",
  hint: "write the path of an archive that docker save made, or of an OCI archive",
};

export const SNAPSHOTTER: TextForm = {
  pattern: /^[\w.-]+$/,
  is: "the name of a snapshotter",
  hint: "such as overlayfs or native",
};

export const NAMESPACE: TextForm = {
  pattern: /^[A-Za-z0-9]+([._-]+[A-Za-z0-9]+)*$/,
  is: "a namespace of containerd",
  hint: "write it as default or k8s.io",
};
