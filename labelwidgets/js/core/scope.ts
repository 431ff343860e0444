/** Ownership of everything that must end: listeners, timers, frames, observers. The only file that starts them. */

type Dispose = () => void;

type EventOf<T extends EventTarget, K extends string> = T extends Window
  ? K extends keyof WindowEventMap
    ? WindowEventMap[K]
    : Event
  : T extends Document
    ? K extends keyof DocumentEventMap
      ? DocumentEventMap[K]
      : Event
    : K extends keyof HTMLElementEventMap
      ? HTMLElementEventMap[K]
      : Event;

/**
 * Ends what it started: children first, then last in, first out; an error in one doesn't keep the others
 * from ending, and what is registered after the end is disposed at once.
 */
export class Scope {
  readonly #owned = new Set<Dispose>();
  readonly #children = new Set<Scope>();
  readonly #abort = new AbortController();
  readonly #parent: Scope | null;

  constructor(parent: Scope | null = null) {
    this.#parent = parent;
  }

  /** Aborted when the scope ends; for fetches, decoders and asks. */
  get abortSignal(): AbortSignal {
    return this.#abort.signal;
  }

  get disposed(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Registers `dispose`; returns a function that runs it early, once. */
  own(dispose: Dispose): Dispose {
    const once = () => {
      if (this.#owned.delete(once)) dispose();
    };
    this.#owned.add(once);
    if (this.disposed) contained(once);
    return once;
  }

  child(): Scope {
    const child = new Scope(this);
    if (this.disposed) child.dispose();
    else this.#children.add(child);
    return child;
  }

  /** A child that has ended is not kept. */
  private forget(child: Scope): void {
    this.#children.delete(child);
  }

  /** Returns a function that stops listening. */
  listen<T extends EventTarget, K extends string>(
    target: T,
    type: K,
    fn: (event: EventOf<T, K>) => void,
    options?: AddEventListenerOptions,
  ): Dispose {
    if (this.disposed) return nothing;
    const listener = fn as (event: Event) => void;
    target.addEventListener(type, listener, options);
    // Without the options a capturing listener would stay.
    return this.own(() => target.removeEventListener(type, listener, options));
  }

  /** Runs `fn` once after `delay_ms`; returns a function that cancels. */
  timeout(fn: () => void, delay_ms: number): Dispose {
    if (this.disposed) return nothing;
    const id = setTimeout(() => {
      end();
      fn();
    }, delay_ms);
    const end = this.own(() => clearTimeout(id));
    return end;
  }

  interval(fn: () => void, period_ms: number): Dispose {
    if (this.disposed) return nothing;
    const id = setInterval(fn, period_ms);
    return this.own(() => clearInterval(id));
  }

  /** Runs `fn` before the next paint; returns a function that cancels. */
  frame(fn: (time_ms: number) => void): Dispose {
    if (this.disposed) return nothing;
    const id = requestAnimationFrame((time_ms) => {
      end();
      fn(time_ms);
    });
    const end = this.own(() => cancelAnimationFrame(id));
    return end;
  }

  observeResize(element: Element, fn: (entry: ResizeObserverEntry) => void): Dispose {
    if (this.disposed) return nothing;
    const observer = new ResizeObserver((entries) => {
      for (const entry of entries) fn(entry);
    });
    observer.observe(element);
    return this.own(() => observer.disconnect());
  }

  dispose(): void {
    if (this.disposed) return;
    this.#abort.abort();
    for (const child of [...this.#children].reverse()) contained(() => child.dispose());
    for (const dispose of [...this.#owned].reverse()) contained(dispose);
    this.#parent?.forget(this);
  }
}

/** A scope that ends when `signal` aborts: the root of one mounted view. */
export function scopeOf(signal: AbortSignal): Scope {
  const scope = new Scope();
  if (signal.aborted) scope.dispose();
  else scope.own(listenOnce(signal, () => scope.dispose()));
  return scope;
}

function listenOnce(signal: AbortSignal, fn: () => void): Dispose {
  signal.addEventListener("abort", fn, { once: true });
  return () => signal.removeEventListener("abort", fn);
}

function contained(fn: () => void): void {
  try {
    fn();
  } catch (error) {
    console.error("labelwidgets: ending a part of the widget failed", error);
  }
}

function nothing(): void {}
