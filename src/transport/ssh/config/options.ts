import { configValue, type SshConfig } from "./config.ts";
import { fromKeys } from "../../../records.ts";

/** Who does what an option of ssh's configuration says. */
export interface SshOption {
  /**
   * `here`: Hullwright's own SSH does it. `openssh`: the system's ssh is used for the host.
   * `needless`: it changes nothing.
   */
  by: "here" | "openssh" | "needless";
  note: string;
  /** Values that turn an option off, besides `no`, `false` and `none`. */
  off?: readonly string[];
}

const here = (note: string): SshOption => ({ by: "here", note });
const needless = (note: string): SshOption => ({ by: "needless", note });
const openssh = (note: string, ...off: string[]): SshOption => ({ by: "openssh", note, off });

const ADDRESS = here("Where to connect to.");
const HOST_KEY = here("How the host's key is checked.");
const LOGIN = here("What is tried for the login, and in which order.");
const ALGORITHMS = here("Which algorithms are offered, of those that both have.");
const FORWARDING = needless("Nothing is forwarded: the connection serves only Hullwright.");
const SESSION = needless("It is about how a person's session looks or ends.");
const WIRE = needless("It changes how the connection is carried, not where it leads.");
const CANONICAL = here("ssh answers with the canonical name.");
const GSSAPI = openssh("If the host only accepts Kerberos, the system's ssh logs in.", "yes");

/** Every key that `ssh -G` prints; a test holds it against the installed ssh. */
export const SSH_OPTIONS: Readonly<Record<string, SshOption>> = {
  host: ADDRESS,
  hostname: ADDRESS,
  port: ADDRESS,
  user: here("The user to log in as."),
  addressfamily: ADDRESS,
  bindaddress: ADDRESS,
  bindinterface: openssh("Only ssh can bind to an interface."),
  proxyjump: here(
    "The hosts in between, each checked and logged in on by its own configuration; one login each a run.",
  ),
  proxycommand: here("The program that carries the connection."),
  proxyusefdpass: openssh("Only ssh can take a connection from its proxy."),
  connecttimeout: here("How long connecting may take, where --timeout does not say."),
  connectionattempts: needless("A host that turns logins away is tried again anyway."),
  serveraliveinterval: here("How often a silent host is asked for a sign of life."),
  serveralivecountmax: here("How many of those may stay without answer."),
  tcpkeepalive: WIRE,
  identityfile: LOGIN,
  identitiesonly: LOGIN,
  identityagent: LOGIN,
  certificatefile: openssh("Only ssh can log in with certificates."),
  pkcs11provider: openssh("Only ssh can log in with the keys of a token."),
  securitykeyprovider: needless("Keys of security keys are always left to ssh."),
  addkeystoagent: needless("A passphrase is asked for once a run anyway."),
  preferredauthentications: LOGIN,
  pubkeyauthentication: LOGIN,
  passwordauthentication: LOGIN,
  kbdinteractiveauthentication: LOGIN,
  kbdinteractivedevices: needless("The host chooses its own."),
  numberofpasswordprompts: needless("A password that was refused is never tried again."),
  batchmode: here("Nobody is asked for a passphrase."),
  pubkeyacceptedalgorithms: openssh("Not needed but where it leaves none of the usual ones."),
  hostbasedauthentication: openssh("Only ssh can log in by the name of this machine."),
  hostbasedacceptedalgorithms: needless("It is about host-based logins, which are left to ssh."),
  enablesshkeysign: needless("It is about host-based logins, which are left to ssh."),
  gssapiauthentication: GSSAPI,
  gssapikeyexchange: openssh("Only ssh speaks Kerberos."),
  gssapidelegatecredentials: GSSAPI,
  gssapitrustdns: GSSAPI,
  gssapirenewalforcesrekey: GSSAPI,
  gssapiclientidentity: GSSAPI,
  gssapiserveridentity: GSSAPI,
  gssapikexalgorithms: needless("It is about Kerberos, which is left to ssh."),
  userknownhostsfile: HOST_KEY,
  globalknownhostsfile: HOST_KEY,
  hostkeyalias: HOST_KEY,
  stricthostkeychecking: HOST_KEY,
  hashknownhosts: HOST_KEY,
  revokedhostkeys: openssh("Only ssh can read lists of revoked keys."),
  knownhostscommand: openssh("Only ssh runs it."),
  verifyhostkeydns: openssh("Only ssh asks the name service for keys."),
  checkhostip: openssh("Only ssh looks at the address too."),
  nohostauthenticationforlocalhost: openssh("Only ssh makes this exception."),
  updatehostkeys: needless("Only a key that the host shows in the login is remembered."),
  visualhostkey: SESSION,
  fingerprinthash: SESSION,
  requiredrsasize: openssh("Only ssh looks at the length of RSA keys.", "1024"),
  hostkeyalgorithms: ALGORITHMS,
  kexalgorithms: ALGORITHMS,
  ciphers: ALGORITHMS,
  macs: ALGORITHMS,
  casignaturealgorithms: needless("It is about certificates, which are left to ssh."),
  compression: WIRE,
  ipqos: WIRE,
  rekeylimit: WIRE,
  channeltimeout: WIRE,
  obscurekeystroketiming: WIRE,
  controlmaster: needless("Hullwright always keeps one connection per host."),
  controlpath: needless("Hullwright always keeps one connection per host."),
  controlpersist: needless("Hullwright always keeps one connection per host."),
  setenv: here("What the session's environment holds, as far as the host lets it."),
  sendenv: needless("Tasks get what their environment says, not that of this machine."),
  forwardagent: openssh("Only ssh lends the agent to the host."),
  localcommand: openssh("Only ssh runs it."),
  permitlocalcommand: needless("It lets LocalCommand run, which is left to ssh."),
  refuseconnection: openssh("ssh says why it refuses."),
  remotecommand: openssh("ssh refuses it together with a command."),
  sessiontype: openssh("Only ssh has other sessions.", "default"),
  canonicalizehostname: CANONICAL,
  canonicaldomains: CANONICAL,
  canonicalizefallbacklocal: CANONICAL,
  canonicalizemaxdots: CANONICAL,
  canonicalizepermittedcnames: CANONICAL,
  ...fromKeys(
    [
      "forwardx11",
      "forwardx11trusted",
      "forwardx11timeout",
      "xauthlocation",
      "clearallforwardings",
      "exitonforwardfailure",
      "gatewayports",
      "localforward",
      "remoteforward",
      "dynamicforward",
      "permitremoteopen",
      "streamlocalbindmask",
      "streamlocalbindunlink",
      "tunnel",
      "tunneldevice",
    ],
    () => FORWARDING,
  ),
  ...fromKeys(
    [
      "requesttty",
      "stdinnull",
      "forkafterauthentication",
      "escapechar",
      "enableescapecommandline",
      "loglevel",
      "logverbose",
      "syslogfacility",
      "ignoreunknown",
      "tag",
      "versionaddendum",
      "warnweakcrypto",
    ],
    () => SESSION,
  ),
};

const OFF = ["no", "false", "none", ""];
/** Public key algorithms that logins here are made with. */
const SIGNATURES = ["ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256"];

// The options that only the system's ssh can do, as far as a host's configuration sets any.
export function optionsBeyond(config: SshConfig): string[] {
  return [...config.values.keys()].filter((key) => {
    const option = SSH_OPTIONS[key];
    const value = configValue(config, key) ?? "";
    if (key === "pubkeyacceptedalgorithms")
      return !SIGNATURES.every((one) => value.split(",").includes(one));
    return (
      option?.by === "openssh" &&
      !OFF.includes(value.toLowerCase()) &&
      !(option.off ?? []).includes(value)
    );
  });
}
