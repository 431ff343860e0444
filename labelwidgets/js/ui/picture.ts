/** A picture to look at: fitted, zoomed and dragged; no drawing on it. */

import type { Desk, DeskTask } from "../core/desk.ts";
import type { Scope } from "../core/scope.ts";

/** Zoom per wheel notch and per key. */
const STEP = 1.25;
const MOST = 16;

export interface View {
  /** CSS pixels per pixel of the picture. */
  scale: number;
  x: number;
  y: number;
}

interface Size {
  width: number;
  height: number;
}

/** The view that shows all of `item` in `box`; a small one at most twice as large as life. */
export function fitted(item: Size, box: Size): View {
  const scale = Math.min(box.width / item.width, box.height / item.height, 2) || 1;
  return { scale, x: (box.width - item.width * scale) / 2, y: (box.height - item.height * scale) / 2 };
}

/** `view` zoomed by `factor` about a point of the box; not smaller than fitted. */
export function zoomed(
  view: View,
  factor: number,
  at: { x: number; y: number },
  item: Size,
  box: Size,
): View {
  const least = fitted(item, box);
  const scale = Math.min(MOST, view.scale * factor);
  if (scale <= least.scale) return least;
  const by = scale / view.scale;
  return held({ scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by }, item, box);
}

/** `view` moved back so that the picture covers the box where it is larger, and stays inside where not. */
export function held({ scale, x, y }: View, item: Size, box: Size): View {
  const along = (offset: number, length: number, room: number) =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, offset));
  return { scale, x: along(x, item.width * scale, box.width), y: along(y, item.height * scale, box.height) };
}

/** Where the browser finds the picture of a task; null when it has none. */
export function sourceOf({ push, media }: DeskTask): string | null {
  const { url, type } = push.media;
  if (media) return URL.createObjectURL(new Blob([media as BlobPart], { type: type ?? "" }));
  return url && /^https?:\/\//i.test(url) ? url : null;
}

interface Prepared {
  image: HTMLImageElement;
  url: string;
}

/** Pictures of the task on the desk and those ahead, decoded before they are needed. */
class Album {
  readonly #made = new Map<number, Prepared>();

  get(task: DeskTask): HTMLImageElement | null {
    const made = this.#made.get(task.push.id) ?? this.#make(task);
    return made?.image ?? null;
  }

  /** Forgets every picture but those of `ids`. */
  keep(ids: ReadonlySet<number>): void {
    for (const [id, { url }] of this.#made) {
      if (ids.has(id)) continue;
      URL.revokeObjectURL(url);
      this.#made.delete(id);
    }
  }

  #make(task: DeskTask): Prepared | null {
    const url = sourceOf(task);
    if (url === null) return null;
    const image = new Image();
    Object.assign(image, { decoding: "sync", draggable: false, alt: task.push.media.name ?? "", src: url });
    // A picture that can't be decoded shows its name; the kernel has checked it, so this is rare.
    image.decode?.().catch(() => {});
    const made = { image, url };
    this.#made.set(task.push.id, made);
    return made;
  }
}

/** Shows the pictures of `desk` in `host` until `scope` ends. */
export class Picture {
  readonly #host: HTMLElement;
  readonly #desk: Desk;
  readonly #scope: Scope;
  readonly #album = new Album();
  #image: HTMLImageElement | null = null;
  #task: DeskTask | null = null;
  #item: Size = { width: 1, height: 1 };
  #view: View = { scale: 1, x: 0, y: 0 };

  constructor(host: HTMLElement, desk: Desk, scope: Scope) {
    this.#host = host;
    this.#desk = desk;
    this.#scope = scope;
    host.className = "lw-picture";
    scope.observeResize(host, () => this.#fit());
    scope.own(() => this.#album.keep(new Set()));
    this.#listen();
    this.#bind();
  }

  show(task: DeskTask): void {
    this.#task = task;
    this.#image = this.#album.get(task);
    this.#host.replaceChildren(...(this.#image ? [this.#image] : []));
    this.#prepare(task);
    const { width, height } = task.push.media;
    const size = (of: HTMLImageElement | null) => {
      this.#item = { width: width ?? (of?.naturalWidth || 1), height: height ?? (of?.naturalHeight || 1) };
      this.#fit();
    };
    size(this.#image);
    if (this.#image && !width)
      this.#scope.listen(this.#image, "load", () => this.#task === task && size(this.#image));
  }

  #prepare(task: DeskTask): void {
    const ahead = this.#desk.queue.value.slice(0, 3);
    for (const next of ahead) if (next.push.media.kind === "image") this.#album.get(next);
    this.#album.keep(new Set([task, ...ahead].map(({ push }) => push.id)));
  }

  get #box(): Size {
    return { width: this.#host.clientWidth || 1, height: this.#host.clientHeight || 1 };
  }

  #fit(): void {
    this.#place(fitted(this.#item, this.#box));
  }

  #place(view: View): void {
    this.#view = view;
    if (!this.#image) return;
    const { scale, x, y } = view;
    Object.assign(this.#image.style, {
      width: `${this.#item.width}px`,
      height: `${this.#item.height}px`,
      transform: `translate(${x}px, ${y}px) scale(${scale})`,
      imageRendering: scale >= 3 ? "pixelated" : "auto",
    });
  }

  #zoom(factor: number, at = { x: this.#box.width / 2, y: this.#box.height / 2 }): boolean {
    this.#place(zoomed(this.#view, factor, at, this.#item, this.#box));
    if (this.#task?.push.media.tiled && factor > 1) void this.#sharpen(this.#task);
    return true;
  }

  /** The picture was pushed reduced: asks once for the whole of it. */
  async #sharpen(task: DeskTask): Promise<void> {
    const image = this.#image;
    if (!image || image.dataset.whole) return;
    image.dataset.whole = "asked";
    try {
      const url = URL.createObjectURL(await this.#desk.media.full(task.push.id));
      this.#scope.listen(image, "load", () => URL.revokeObjectURL(url), { once: true });
      image.src = url;
    } catch {
      // The reduced picture stays; the next zoom asks again.
      delete image.dataset.whole;
    }
  }

  #listen(): void {
    const host = this.#host;
    this.#scope.listen(
      host,
      "wheel",
      (event) => {
        // Scrolling a notebook past the widget must not stop here: first click, then the wheel zooms.
        const inUse = host.closest(".lw-root")?.contains(host.ownerDocument.activeElement);
        if (!event.ctrlKey && !inUse) return;
        event.preventDefault();
        const { left, top } = host.getBoundingClientRect();
        this.#zoom(STEP ** (-event.deltaY / 100), { x: event.clientX - left, y: event.clientY - top });
      },
      { passive: false },
    );
    this.#scope.listen(host, "pointerdown", (event) => {
      if (event.button !== 0) return;
      host.setPointerCapture(event.pointerId);
    });
    this.#scope.listen(host, "pointermove", (event) => {
      if (!host.hasPointerCapture(event.pointerId)) return;
      const { scale, x, y } = this.#view;
      this.#place(held({ scale, x: x + event.movementX, y: y + event.movementY }, this.#item, this.#box));
    });
    this.#scope.listen(host, "dblclick", () => this.#fit());
  }

  #bind(): void {
    const { keymap } = this.#desk;
    const whole = () => {
      this.#fit();
      return true;
    };
    this.#scope.own(keymap.bind("zoom-in", () => this.#zoom(STEP)));
    this.#scope.own(keymap.bind("zoom-out", () => this.#zoom(1 / STEP)));
    this.#scope.own(keymap.bind("fit", whole));
    this.#scope.own(keymap.bind("actual-size", () => this.#zoom(1 / this.#view.scale)));
  }
}
