/** The value of Ansible's `omit`: a parameter with it counts as not given. */
export const OMIT = "__omit_place_holder__hullwright";

// Whether a value is Ansible's `omit`.
export function isOmitted(value: unknown): boolean {
  return value === OMIT;
}
