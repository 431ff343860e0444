/** What the frame knows of a surface: it draws the item of the desk into a host element. */

import type { Desk } from "../core/desk.ts";
import type { Scope } from "../core/scope.ts";
import type { Signal } from "../core/signal.ts";

export interface SurfaceHandle {
  focus(): void;
  /** What the primary act says; "Submit" without it. */
  readonly primary?: Signal<string>;
}

/** Draws into `host` until `scope` ends. */
export type Surface = (host: HTMLElement, desk: Desk, scope: Scope) => SurfaceHandle;
