/**
 * How long before it was read a file must have been left alone, in seconds: a change in the same
 * moment could not be told by its times, as clocks of file systems are that coarse.
 */
export const SETTLED_SECONDS = 2;
