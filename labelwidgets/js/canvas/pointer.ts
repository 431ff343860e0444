/** From DOM pointer, wheel and space-bar events to the tools, to panning and to pinching. */

import type { Scope } from "../core/scope.ts";
import type { Board } from "./board.ts";
import type { Camera } from "./camera.ts";
import type { Point } from "./geometry.ts";
import { type Clicked, clickedAt, hovering, press, step } from "./tools/edit.ts";
import type { Device, Gesture, Pointer } from "./tools/gesture.ts";
import { toImage, type View, WheelReader } from "./viewport.ts";

export interface PointerEvents {
  /** A gesture began, went on, or ended (null). */
  gesture(gesture: Gesture | null): void;
  /** The pointer is over a region, or over none. */
  hover(id: string | null): void;
  /** Where the guide lines cross; null hides them. */
  guide(at: Point | null): void;
}

interface Tooling {
  readonly kind: "tool";
  readonly id: number;
  readonly gesture: Gesture;
}

interface Panning {
  readonly kind: "pan";
  readonly id: number;
  readonly last: Point;
}

interface Pinching {
  readonly kind: "pinch";
  readonly ids: readonly [number, number];
  readonly from: View;
  readonly before: readonly [Point, Point];
}

/** `spent`: until all fingers are up; what is left of a pinch must not draw. */
type Doing = Tooling | Panning | Pinching | { readonly kind: "nothing" } | { readonly kind: "spent" };

const MIDDLE = 1;
const NOTHING: Doing = { kind: "nothing" };

export class PointerInput {
  readonly #stage: HTMLElement;
  readonly #camera: Camera;
  readonly #board: Board;
  readonly #told: PointerEvents;
  readonly #mac: boolean;
  readonly #down = new Map<number, { readonly screen: Point; readonly device: Device }>();
  readonly #wheel = new WheelReader();
  #doing: Doing = NOTHING;
  #clicked: Clicked | null = null;
  #space = false;
  #last: Pointer | null = null;

  constructor(
    stage: HTMLElement,
    camera: Camera,
    board: Board,
    told: PointerEvents,
    mac: boolean,
    scope: Scope,
  ) {
    this.#stage = stage;
    this.#camera = camera;
    this.#board = board;
    this.#told = told;
    this.#mac = mac;
    scope.listen(stage, "pointerdown", (event) => this.#pressed(event));
    scope.listen(stage, "pointermove", (event) => this.#moved(event));
    scope.listen(stage, "pointerup", (event) => this.#lifted(event));
    scope.listen(stage, "pointercancel", (event) => this.#lost(event));
    scope.listen(stage, "pointerleave", () => this.#left());
    scope.listen(stage, "wheel", (event) => this.#rolled(event), { passive: false });
    // The middle button would start the browser's own scrolling.
    scope.listen(stage, "mousedown", (event) => event.button === MIDDLE && event.preventDefault());
    scope.listen(stage, "keydown", (event) => this.#keyed(event, true));
    scope.listen(stage, "keyup", (event) => this.#keyed(event, false));
    scope.listen(stage, "blur", () => this.#holdSpace(false));
  }

  /** Where the pointer is over the stage, in screen px. */
  get at(): Point | null {
    return this.#last?.screen ?? null;
  }

  /** Ends the running gesture as if it had not been; false when there was none. */
  cancel(): boolean {
    if (this.#doing.kind !== "tool") return false;
    this.#release(this.#doing.id);
    this.#doing = this.#down.size > 0 ? { kind: "spent" } : NOTHING;
    this.#told.gesture(null);
    this.#told.guide(null);
    return true;
  }

  /** The task under the pointer has changed. */
  reset(): void {
    this.cancel();
    this.#clicked = null;
  }

  /** What is under the resting pointer may have changed. */
  refresh(): void {
    if (this.#doing.kind === "nothing" && this.#last) this.#hover(this.#last);
  }

  #pressed(event: PointerEvent): void {
    const device = deviceOf(event);
    // On macOS a click with Ctrl opens the context menu.
    if ((event.button !== 0 && event.button !== MIDDLE) || (this.#mac && event.ctrlKey)) return;
    this.#stage.focus({ preventScroll: true });
    // A palm that rests while a pen draws.
    if (device === "touch" && [...this.#down.values()].some((other) => other.device === "pen")) return;
    const screen = this.#screenOf(event);
    this.#down.set(event.pointerId, { screen, device });
    this.#capture(event.pointerId);
    if (this.#down.size === 2 && device === "touch") this.#startPinch();
    else if (this.#down.size === 1) this.#start(event, this.#pointer(event, "down"));
  }

  #start(event: PointerEvent, pointer: Pointer): void {
    this.#told.hover(null);
    if (event.button === MIDDLE || this.#space) this.#startPan(event.pointerId, pointer.screen);
    else this.#startTool(event.pointerId, press(pointer, this.#board));
  }

  #startTool(id: number, gesture: Gesture): void {
    this.#doing = { kind: "tool", id, gesture };
    this.#told.gesture(gesture);
  }

  #startPan(id: number, last: Point): void {
    this.#doing = { kind: "pan", id, last };
    this.#stage.style.cursor = "grabbing";
    this.#told.guide(null);
  }

  #startPinch(): void {
    this.cancel();
    const [a, b] = [...this.#down.keys()] as [number, number];
    this.#doing = { kind: "pinch", ids: [a, b], from: this.#camera.view.value, before: this.#fingers(a, b) };
    this.#told.guide(null);
  }

  #fingers(a: number, b: number): [Point, Point] {
    const at = (id: number): Point => this.#down.get(id)?.screen ?? { x: 0, y: 0 };
    return [at(a), at(b)];
  }

  #moved(event: PointerEvent): void {
    const pointer = this.#pointer(event, "move");
    this.#last = event.pointerType === "touch" ? null : pointer;
    const known = this.#down.get(event.pointerId);
    if (known) this.#down.set(event.pointerId, { ...known, screen: pointer.screen });
    const doing = this.#doing;
    if (doing.kind === "nothing") this.#hover(pointer);
    else if (doing.kind === "pinch")
      this.#camera.pinch(doing.from, doing.before, this.#fingers(...doing.ids));
    else if (doing.kind === "pan" && doing.id === event.pointerId) this.#panned(doing, pointer.screen);
    else if (doing.kind === "tool" && doing.id === event.pointerId) this.#tool(doing, pointer);
  }

  #panned({ id, last }: Panning, screen: Point): void {
    this.#doing = { kind: "pan", id, last: screen };
    this.#camera.pan(screen.x - last.x, screen.y - last.y);
  }

  #tool({ id, gesture }: Tooling, pointer: Pointer): void {
    const taken = step(gesture, pointer, this.#board, this.#clicked);
    const ended = taken.gesture === null;
    // Nothing to drag there and nothing to draw: the picture itself is dragged.
    if (ended && pointer.phase === "move") this.#startPan(id, pointer.screen);
    if (pointer.phase === "up") this.#clicked = clickedAt(pointer, taken);
    if (taken.gesture) this.#doing = { kind: "tool", id, gesture: taken.gesture };
    else if (pointer.phase === "up") this.#doing = NOTHING;
    this.#told.gesture(taken.gesture);
    this.#board.carryOut(taken.intents);
    this.#told.guide(taken.gesture?.kind === "draw" ? pointer.screen : null);
  }

  #lifted(event: PointerEvent): void {
    if (!this.#down.delete(event.pointerId)) return;
    this.#release(event.pointerId);
    const doing = this.#doing;
    if (doing.kind === "tool" && doing.id === event.pointerId) this.#tool(doing, this.#pointer(event, "up"));
    else if (doing.kind === "pinch") this.#doing = { kind: "spent" };
    else if (doing.kind === "pan" && doing.id === event.pointerId) this.#doing = NOTHING;
    if (this.#down.size === 0) this.#doing = NOTHING;
    if (this.#last) this.#hover(this.#pointer(event, "move"));
  }

  #lost(event: PointerEvent): void {
    this.#down.delete(event.pointerId);
    this.cancel();
    if (this.#down.size === 0) this.#doing = NOTHING;
  }

  #left(): void {
    this.#last = null;
    if (this.#doing.kind !== "nothing") return;
    this.#told.hover(null);
    this.#told.guide(null);
  }

  #hover(pointer: Pointer): void {
    const { cursor, placed } = hovering(pointer, this.#board);
    this.#stage.style.cursor = this.#space ? "grab" : cursor;
    this.#told.hover(placed?.region.id ?? null);
    this.#told.guide(
      cursor === "crosshair" && !this.#space && pointer.device !== "touch" ? pointer.screen : null,
    );
  }

  #rolled(event: WheelEvent): void {
    // An example lies in a text that is to be scrolled: it takes the wheel only when it has the focus itself.
    const root = this.#stage.closest(".lw-view, .lw-root") ?? this.#stage;
    const meaning = this.#wheel.read(event, root.contains(document.activeElement));
    if (meaning.act === "page") return;
    const went =
      meaning.act === "zoom"
        ? this.#camera.zoom(meaning.factor, this.#screenOf(event)) || true
        : this.#camera.pan(meaning.dx, meaning.dy);
    // With nothing to pan the page scrolls.
    if (!went) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #keyed(event: KeyboardEvent, down: boolean): void {
    if (event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      this.#holdSpace(down);
    } else if (MODIFIERS.has(event.key)) this.#modified(event);
  }

  #holdSpace(down: boolean): void {
    if (this.#space === down) return;
    this.#space = down;
    this.refresh();
  }

  /** Shift or Alt pressed in the middle of a drag acts at once, without waiting for the pointer to move. */
  #modified({ shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent): void {
    if (!this.#last) return;
    const held = { shift: shiftKey, alt: altKey, mod: this.#mac ? metaKey : ctrlKey };
    this.#last = { ...this.#last, ...held };
    const doing = this.#doing;
    if (doing.kind === "tool" && doing.gesture.kind !== "press") this.#tool(doing, this.#last);
    else this.refresh();
  }

  #capture(id: number): void {
    // A pointer that is gone already (a synthetic event, a lifted pen) can't be captured; the gesture goes on.
    try {
      this.#stage.setPointerCapture(id);
    } catch {}
  }

  #release(id: number): void {
    if (this.#stage.hasPointerCapture(id)) this.#stage.releasePointerCapture(id);
  }

  #screenOf(event: MouseEvent): Point {
    const { left, top } = this.#stage.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  #pointer(event: PointerEvent, phase: Pointer["phase"]): Pointer {
    const screen = this.#screenOf(event);
    return {
      phase,
      screen,
      at: toImage(this.#camera.view.value, screen),
      device: deviceOf(event),
      shift: event.shiftKey,
      alt: event.altKey,
      mod: this.#mac ? event.metaKey : event.ctrlKey,
    };
  }
}

const MODIFIERS: ReadonlySet<string> = new Set(["Shift", "Alt", "Control", "Meta"]);

function deviceOf({ pointerType }: PointerEvent): Device {
  return pointerType === "touch" || pointerType === "pen" ? pointerType : "mouse";
}
