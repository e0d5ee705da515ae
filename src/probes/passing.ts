/** A part of one kind's answers that changes by itself, such as the time. */
export interface PassingPart<T> {
  /** The kind's name. */
  readonly kind: string;
  /** The text of an answer without it. */
  withoutText(output: string): string;
  /**
   * The answer with that part unknown: what does not depend on it is planned as before. Not there:
   * no plan depends on it.
   */
  blurred?(answer: T): T;
}
