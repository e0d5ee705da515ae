/** A list of exactly N values of one type. */
export type Exactly<N extends number, T, Made extends T[] = []> = Made["length"] extends N
  ? Made
  : Exactly<N, T, [...Made, T]>;
