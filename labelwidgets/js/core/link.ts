/** Whether the kernel is there: a heartbeat while somebody works, silence noticed, return noticed. */
import type { Scope } from "./scope.ts";
import { Cell, type Signal } from "./signal.ts";

export const BEAT_MS = 20_000;
export const SILENCE_MS = 10_000;
export const PAUSE_MS = 600_000;

export interface LinkState {
  /** When the first thing was sent that has not been answered; null while the kernel answers. */
  since: Date | null;
  /** No input for ten minutes: the heartbeat is held, so that an idle kernel can be culled. */
  paused: boolean;
}

export class Link {
  readonly #scope: Scope;
  readonly #beat: () => void;
  readonly #now: () => number;
  readonly #state = new Cell<LinkState>({ since: null, paused: false });
  #waiting: (() => void) | null = null;
  #input: number;
  #beaten: number;
  #hidden = false;

  constructor(scope: Scope, beat: () => void, now: () => number = Date.now) {
    this.#scope = scope;
    this.#beat = beat;
    this.#now = now;
    this.#input = now();
    this.#beaten = now();
    scope.interval(() => this.#tick(), BEAT_MS);
  }

  get state(): Signal<LinkState> {
    return this.#state;
  }

  /** Something was sent that the kernel must answer. */
  sent(): void {
    if (this.#waiting || this.#state.value.since) return;
    const since = new Date(this.#now());
    this.#waiting = this.#scope.timeout(() => {
      this.#waiting = null;
      this.#set({ since });
      // What was sent may wait behind a running cell while later messages have a thread of their own (JupyterLab).
      this.#send();
    }, SILENCE_MS);
  }

  /** Anything came from the kernel; true when it comes after a silence. */
  heard(): boolean {
    this.#waiting?.();
    this.#waiting = null;
    const silent = this.#state.value.since !== null;
    this.#set({ since: null });
    return silent;
  }

  /** The person moved, pressed or scrolled. */
  input(): void {
    this.#input = this.#now();
    if (!this.#state.value.paused) return;
    this.#set({ paused: false });
    this.#send();
  }

  hide(hidden: boolean): void {
    this.#hidden = hidden;
    if (!hidden && this.#now() - this.#beaten > BEAT_MS) this.#tick();
  }

  #tick(): void {
    if (this.#now() - this.#input > PAUSE_MS) this.#set({ paused: true });
    else if (!this.#hidden) this.#send();
  }

  #send(): void {
    this.#beaten = this.#now();
    this.#beat();
  }

  #set(part: Partial<LinkState>): void {
    const { value: state } = this.#state;
    const next = { ...state, ...part };
    if (next.since !== state.since || next.paused !== state.paused) this.#state.set(next);
  }
}
