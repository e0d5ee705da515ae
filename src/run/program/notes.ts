/** Our own notes cannot be written, so nothing is changed; or somebody has removed them. */
export const NOTES = {
  stuck: {
    message:
      "the changes that are about to be made cannot be recorded in Hullwright's directory on the host (/var/lib/hullwright, or ~/.local/state/hullwright of the user)",
    hint: "check its free space and permissions",
  },
  gone: {
    message: "Hullwright's directory on the host was removed while it worked there",
    hint: "run again; the changes of this run until then cannot be rolled back",
  },
};
