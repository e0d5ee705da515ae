/** Names under which the machine itself can be meant without standing in the inventory. */
export const LOCAL_NAMES = ["localhost", "127.0.0.1", "::1"];
