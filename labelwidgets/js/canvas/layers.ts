/** The DOM of a surface: three canvases on top of each other, guide lines, a lasso, a message. */

import type { Size } from "./geometry.ts";
import { between, sameView, type View } from "./viewport.ts";

/** A canvas that knows for which view it was painted, so that a gesture can move it without painting. */
export class Layer {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  #painted: View | null = null;
  #ratio = 1;

  constructor(host: HTMLElement) {
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    Object.assign(this.canvas.style, {
      position: "absolute",
      left: "0",
      top: "0",
      transformOrigin: "0 0",
      pointerEvents: "none",
      // Below the stage's focus ring.
      zIndex: "-1",
    });
    const context = this.canvas.getContext("2d");
    if (!context)
      throw new Error("This browser gives no 2D canvas: too many are open, or it is switched off.");
    this.context = context;
    host.append(this.canvas);
  }

  /** Empties it when the size has changed. */
  resize(stage: Size, ratio: number): void {
    const [width, height] = [Math.round(stage.width * ratio), Math.round(stage.height * ratio)];
    if (this.canvas.width === width && this.canvas.height === height && this.#ratio === ratio) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.style.width = `${width / ratio}px`;
    this.canvas.style.height = `${height / ratio}px`;
    this.#ratio = ratio;
    this.#painted = null;
  }

  isFor(view: View): boolean {
    return this.#painted !== null && sameView(this.#painted, view);
  }

  /** Whether moving it shows exactly what painting it would. */
  isScaledFor(view: View): boolean {
    return this.#painted?.scale === view.scale;
  }

  /** Shows what was painted as it lies in `view`. */
  moveTo(view: View): void {
    if (this.#painted) this.canvas.style.transform = between(this.#painted, view);
  }

  /** Ready to be painted wholly anew, in CSS px. */
  begin(view: View): CanvasRenderingContext2D {
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    this.#painted = view;
    this.canvas.style.transform = "none";
    return context;
  }
}

export interface Layers {
  /** Takes the pointer and the focus. */
  readonly stage: HTMLElement;
  readonly picture: Layer;
  readonly settled: Layer;
  readonly active: Layer;
  readonly guides: readonly [across: HTMLElement, down: HTMLElement];
  readonly lasso: HTMLElement;
  readonly message: HTMLElement;
  /** Tells screen readers. */
  readonly live: HTMLElement;
}

export function buildLayers(host: HTMLElement): Layers {
  const stage = element(host, {
    position: "absolute",
    inset: "0",
    overflow: "hidden",
    outlineOffset: "-2px",
    contain: "strict",
    userSelect: "none",
  });
  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  const [picture, settled, active] = [new Layer(stage), new Layer(stage), new Layer(stage)];
  const guides = [guide(stage, "row"), guide(stage, "column")] as const;
  const lasso = element(stage, { position: "absolute", left: "0", top: "0", pointerEvents: "none" });
  lasso.className = "lw-lasso";
  lasso.hidden = true;
  const message = element(host, {});
  message.className = "lw-state";
  message.hidden = true;
  const live = element(host, {});
  live.className = "lw-unseen";
  live.setAttribute("aria-live", "polite");
  return { stage, picture, settled, active, guides, lasso, message, live };
}

function element(host: HTMLElement, style: Partial<CSSStyleDeclaration>): HTMLElement {
  const made = document.createElement("div");
  Object.assign(made.style, style);
  host.append(made);
  return made;
}

/** A hair line, light with a dark rim, so that it shows on any photo without hiding it. */
function guide(host: HTMLElement, way: "row" | "column"): HTMLElement {
  const made = element(host, {
    position: "absolute",
    left: "0",
    top: "0",
    width: way === "row" ? "100%" : "1px",
    height: way === "row" ? "1px" : "100%",
    background: "rgba(255,255,255,0.65)",
    outline: "1px solid rgba(0,0,0,0.2)",
    pointerEvents: "none",
  });
  made.hidden = true;
  return made;
}
