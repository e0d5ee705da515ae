import type { Json } from "../../value.ts";

export interface Made {
  kind: string;
  subject: string;
  after: Json;
  before?: Json;
}

/** What is known of a host: its answers, and what the tasks of this run have made of them. */
export interface Observed {
  /** Probe key (with who asked) -> the host's answer. */
  answers: Map<string, Json>;
  /** What executed changes made; it holds until something opaque ran. */
  changes: Made[];
  /** Behind which questions that may have changed the host they were made; undefined: none. */
  changesBehind?: string;
  /** The host does not answer yet: what it was not asked before cannot be known. */
  offline?: boolean;
}

/** Where a view begins that is not at the top of the play. */
export interface Begun {
  /** An earlier task of which it is not known yet what it changes. */
  expected?: string | undefined;
  /** The questions before that may have changed the host; "": none. */
  behind?: string;
}
