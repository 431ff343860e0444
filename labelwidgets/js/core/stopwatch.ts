/** How long a person worked on a task: time without input beyond 30 s, and with the page hidden, is left out. */
import type { Times } from "./protocol.ts";

export const IDLE_MS = 30_000;

export class Stopwatch {
  readonly #now: () => number;
  #shown: number;
  #firstAct: number | null = null;
  #worked_ms = 0;
  #counted: number;
  #hidden = false;

  /** `now` gives milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#shown = now();
    this.#counted = this.#shown;
  }

  /** Another task is shown. */
  start(): void {
    this.#shown = this.#now();
    this.#counted = this.#shown;
    this.#firstAct = null;
    this.#worked_ms = 0;
  }

  /** The person is there: moved, pressed, scrolled. */
  touch(): void {
    const now = this.#now();
    if (!this.#hidden) this.#worked_ms += Math.min(Math.max(now - this.#counted, 0), IDLE_MS);
    this.#counted = now;
  }

  /** The person has changed the answer. */
  act(): void {
    this.touch();
    this.#firstAct ??= this.#counted;
  }

  hide(hidden: boolean): void {
    this.touch();
    this.#hidden = hidden;
  }

  read(): Times {
    this.touch();
    const iso = (time_ms: number) => new Date(time_ms).toISOString();
    return {
      shown_at: iso(this.#shown),
      first_act_at: this.#firstAct === null ? null : iso(this.#firstAct),
      submitted_at: iso(this.#counted),
      seconds: Math.round(this.#worked_ms) / 1000,
    };
  }
}
