/** The view onto the image over time: what was asked of it, and whether it still shows the whole image. */

import { Cell, type Signal } from "../core/signal.ts";
import type { Bounds, Point, Size } from "./geometry.ts";
import {
  actual,
  clampView,
  panBy,
  pinch,
  type Room,
  reveal,
  sameView,
  shownBounds,
  stageCentre,
  type View,
  wholeView,
  zoomAt,
} from "./viewport.ts";

const NOWHERE: Size = { width: 0, height: 0 };

export class Camera {
  readonly view: Signal<View>;
  readonly #at = new Cell<View>({ scale: 1, x: 0, y: 0 });
  #room: Room = { image: NOWHERE, stage: NOWHERE };
  /** Nobody has moved it since it showed the whole: it goes on doing so when the stage changes. */
  #whole = true;

  constructor() {
    this.view = this.#at;
  }

  get stage(): Size {
    return this.#room.stage;
  }

  get image(): Size {
    return this.#room.image;
  }

  get isWhole(): boolean {
    return this.#whole;
  }

  get shown(): Bounds {
    return shownBounds(this.#at.value, this.#room.stage);
  }

  /** Another image, shown as a whole. */
  open(image: Size): void {
    this.#room = { ...this.#room, image };
    this.fit();
  }

  /** Keeps the middle of what was seen in the middle. */
  resize(stage: Size): void {
    const before = this.#room.stage;
    this.#room = { ...this.#room, stage };
    if (this.#whole) {
      this.fit();
      return;
    }
    const { scale, x, y } = this.#at.value;
    const middle = { x: x + (stage.width - before.width) / 2, y: y + (stage.height - before.height) / 2 };
    this.#at.set(clampView({ scale, ...middle }, this.#room));
  }

  fit(): void {
    this.#whole = true;
    if (this.#isReady) this.#at.set(wholeView(this.#room));
  }

  actual(): void {
    this.#move((view) => actual(view, this.#room));
  }

  /** By default about the middle of the stage; `at` in screen px. */
  zoom(factor: number, at: Point = stageCentre(this.#room.stage)): boolean {
    return this.#move((view) => zoomAt(view, at, factor, this.#room));
  }

  /** False when there was nowhere to go. */
  pan(dx: number, dy: number): boolean {
    return this.#move((view) => panBy(view, dx, dy, this.#room));
  }

  pinch(from: View, before: readonly [Point, Point], after: readonly [Point, Point]): void {
    this.#move(() => pinch(from, before, after, this.#room));
  }

  /** Moves as little as it takes to see `bounds`. */
  reveal(bounds: Bounds): void {
    this.#move((view) => reveal(view, bounds, this.#room));
  }

  get #isReady(): boolean {
    return this.#room.image.width > 0 && this.#room.stage.width > 0 && this.#room.stage.height > 0;
  }

  #move(to: (view: View) => View): boolean {
    if (!this.#isReady) return false;
    const next = to(this.#at.value);
    if (sameView(next, this.#at.value)) return false;
    this.#whole = false;
    this.#at.set(next);
    return true;
  }
}
