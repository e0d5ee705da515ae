/** How to take back what was written down since it was begun. */
export class Journal {
  /** Whether writes are recorded. */
  isOn = false;
  private readonly undo: (() => void)[] = [];

  // Begins to write down: what was written before stays as it is for good.
  begin(): void {
    this.isOn = true;
    this.undo.length = 0;
  }

  // Writes nothing down any more, and forgets what it has.
  end(): void {
    this.isOn = false;
    this.undo.length = 0;
  }

  // Notes how to take one write back.
  note(undo: () => void): void {
    if (this.isOn) this.undo.push(undo);
  }

  // Takes back all writes since it was begun, the last one first.
  takeBack(): void {
    this.isOn = false;
    for (let undo = this.undo.pop(); undo; undo = this.undo.pop()) undo();
    this.isOn = true;
  }
}

/** A map whose writes can be undone. A key that was removed and is restored comes last. */
export class RecordedMap<K, V> extends Map<K, V> {
  private readonly journal: Journal;

  constructor(journal: Journal) {
    super();
    this.journal = journal;
  }

  override set(key: K, value: V): this {
    if (this.journal.isOn) this.note(key);
    return super.set(key, value);
  }

  override delete(key: K): boolean {
    if (this.journal.isOn && this.has(key)) this.note(key);
    return super.delete(key);
  }

  override clear(): void {
    if (this.journal.isOn) for (const key of this.keys()) this.note(key);
    super.clear();
  }

  // Records the present value of a key, and whether it exists.
  private note(key: K): void {
    const before = super.get(key);
    this.journal.note(this.has(key) ? () => super.set(key, before as V) : () => super.delete(key));
  }
}
