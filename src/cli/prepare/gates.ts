/** A moment that others wait for. */
class Gate {
  readonly opened: Promise<void>;
  open: () => void = () => undefined;

  constructor() {
    this.opened = new Promise((resolve) => (this.open = resolve));
  }
}

/** What must not begin before a run is checked so far. */
export class Gates {
  /** Nobody is logged in on for a mistake that every host would show. */
  readonly logIn = new Gate();
  /** Nobody is asked for a passphrase for a run that is refused the next moment. */
  readonly askPeople = new Gate();
}
