/** Values that tell when they change: synchronous, without a framework. */

export interface Signal<T> {
  readonly value: T;
  /** `fn` hears later values (not the present one); returns a function that stops it. */
  subscribe(fn: (value: T) => void): () => void;
}

let depth = 0;
const waiting = new Set<() => void>();

/** Runs `fn`; those who listen hear of all its changes once, at its end. */
export function batch<T>(fn: () => T): T {
  depth += 1;
  try {
    return fn();
  } finally {
    depth -= 1;
    if (depth === 0) flush();
  }
}

function flush(): void {
  const due = [...waiting];
  waiting.clear();
  for (const tell of due) tell();
}

class Listeners<T> {
  readonly #fns = new Set<(value: T) => void>();

  get size(): number {
    return this.#fns.size;
  }

  /** Wrapped, so that one function subscribed twice is told twice and stopped separately. */
  add(fn: (value: T) => void): () => void {
    const own = (value: T) => fn(value);
    this.#fns.add(own);
    return () => {
      this.#fns.delete(own);
    };
  }

  tell(value: T): void {
    for (const fn of [...this.#fns]) {
      // One panel that fails must not keep the others from hearing.
      try {
        if (this.#fns.has(fn)) fn(value);
      } catch (error) {
        console.error("labelwidgets: a listener failed", error);
      }
    }
  }
}

/** A signal that can be set. */
export class Cell<T> implements Signal<T> {
  #value: T;
  readonly #listeners = new Listeners<T>();
  readonly #tell = () => this.#listeners.tell(this.#value);

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    if (depth > 0) waiting.add(this.#tell);
    else this.#tell();
  }

  update(fn: (value: T) => T): void {
    this.set(fn(this.#value));
  }

  subscribe(fn: (value: T) => void): () => void {
    return this.#listeners.add(fn);
  }
}

/** Values of a list of signals. */
type ValuesOf<S extends readonly Signal<unknown>[]> = {
  [K in keyof S]: S[K] extends Signal<infer T> ? T : never;
};

/**
 * A signal computed from others. It listens to them only while somebody listens to it, so it needs no
 * end of its own; in between it is computed when read and when a source has changed.
 */
export function derived<const S extends readonly Signal<unknown>[], T>(
  sources: S,
  fn: (...values: ValuesOf<S>) => T,
): Signal<T> {
  const listeners = new Listeners<T>();
  let seen: unknown[] | null = null;
  let value: T;
  /** What listeners heard last: somebody may read between a source's change and its telling. */
  let told: T;
  let stop: (() => void)[] = [];

  function read(): T {
    const now = sources.map((source) => source.value);
    if (seen === null || now.some((each, i) => !Object.is(each, seen?.[i]))) {
      value = fn(...(now as ValuesOf<S>));
      seen = now;
    }
    return value;
  }

  function check(): void {
    const now = read();
    if (Object.is(now, told)) return;
    told = now;
    listeners.tell(now);
  }

  return {
    get value() {
      return read();
    },
    subscribe(listener) {
      if (listeners.size === 0) {
        told = read();
        stop = sources.map((source) => source.subscribe(check));
      }
      const drop = listeners.add(listener);
      return () => {
        drop();
        if (listeners.size === 0) for (const end of stop.splice(0)) end();
      };
    },
  };
}
