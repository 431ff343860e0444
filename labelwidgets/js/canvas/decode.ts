/** From a task's bytes or address to a picture that can be drawn; decoded once, ahead of need. */

import type { DeskTask, Media } from "../core/desk.ts";
import type { Size } from "./geometry.ts";

export interface Bitmap extends Size {
  readonly source: ImageBitmap | HTMLImageElement;
  close(): void;
}

/** Decodes away from the main thread and keeps the pixels; EXIF orientation is applied. */
export async function decodeBlob(blob: Blob): Promise<Bitmap> {
  const source = await createImageBitmap(blob, { imageOrientation: "from-image" });
  return { source, width: source.width, height: source.height, close: () => source.close() };
}

/** Loads a picture that the browser may fetch itself; other origins need not allow its pixels to be read. */
export async function decodeUrl(url: string): Promise<Bitmap> {
  const image = new Image();
  image.decoding = "async";
  image.referrerPolicy = "no-referrer";
  image.src = url;
  await image.decode();
  return {
    source: image,
    width: image.naturalWidth,
    height: image.naturalHeight,
    close: () => image.removeAttribute("src"),
  };
}

/** Bytes that came with the task, else an address, else (examples of instructions) what the kernel is asked for. */
export async function decodeTask({ media, push }: DeskTask, from: Media): Promise<Bitmap> {
  if (push.media.broken !== undefined) throw new Error(push.media.broken);
  if (media) return decodeBlob(new Blob([media as BlobPart], { type: push.media.type ?? "" }));
  return push.media.url ? decodeUrl(push.media.url) : decodeBlob(await from.full(push.id));
}

const BYTES_PER_PX = 4;

/** Memory of a decoded picture. */
export function bytesOf({ width, height }: Size): number {
  return width * height * BYTES_PER_PX;
}

interface Kept {
  readonly task: DeskTask;
  readonly bitmap: Promise<Bitmap>;
  bytes: number;
}

/**
 * Decoded pictures by task: the one on the desk, those that come next, and the last ones as far as memory
 * allows, so that neither "next" nor "back" waits for a decoder.
 */
export class Decoder {
  readonly #kept = new Map<number, Kept>();
  readonly #budget: number;
  readonly #decode: (task: DeskTask) => Promise<Bitmap>;

  /** `budget` in bytes of pixels. */
  constructor(budget: number, decode: (task: DeskTask) => Promise<Bitmap>) {
    this.#budget = budget;
    this.#decode = decode;
  }

  get(task: DeskTask): Promise<Bitmap> {
    const known = this.#kept.get(task.push.id);
    if (known && isSame(known.task, task)) return this.#touch(known);
    if (known) this.#close(known);
    return this.#start(task);
  }

  /** Decodes ahead, one after another in order, while all fits into the budget. */
  prepare(current: DeskTask | null, coming: readonly DeskTask[]): void {
    let room = this.#budget - (current ? expectedBytes(current) : 0);
    for (const task of coming) {
      room -= expectedBytes(task);
      if (room < 0) break;
      // A picture that fails says so when its task is on the desk.
      this.get(task).catch(() => {});
    }
    const needed = new Set([current, ...coming].map((task) => task?.push.id));
    this.#trim(needed);
  }

  dispose(): void {
    for (const kept of [...this.#kept.values()]) this.#close(kept);
  }

  #start(task: DeskTask): Promise<Bitmap> {
    const kept: Kept = { task, bitmap: this.#decode(task), bytes: expectedBytes(task) };
    this.#kept.set(task.push.id, kept);
    kept.bitmap.then(
      (bitmap) => {
        kept.bytes = bytesOf(bitmap);
      },
      () => {},
    );
    return kept.bitmap;
  }

  /** Most recently used last. */
  #touch(kept: Kept): Promise<Bitmap> {
    this.#kept.delete(kept.task.push.id);
    this.#kept.set(kept.task.push.id, kept);
    return kept.bitmap;
  }

  #trim(needed: ReadonlySet<number | undefined>): void {
    let bytes = [...this.#kept.values()].reduce((sum, kept) => sum + kept.bytes, 0);
    for (const kept of [...this.#kept.values()]) {
      if (bytes <= this.#budget) return;
      if (needed.has(kept.task.push.id)) continue;
      bytes -= kept.bytes;
      this.#close(kept);
    }
  }

  #close(kept: Kept): void {
    this.#kept.delete(kept.task.push.id);
    kept.bitmap.then(
      (bitmap) => bitmap.close(),
      () => {},
    );
  }
}

/** A comment or a flag replaces the task, not its picture. */
function isSame(a: DeskTask, b: DeskTask): boolean {
  return (
    a.media === b.media &&
    a.push.media.url === b.push.media.url &&
    a.push.media.broken === b.push.media.broken
  );
}

function expectedBytes({ push: { media } }: DeskTask): number {
  return media.tiled
    ? bytesOf({ width: 2048, height: 2048 })
    : bytesOf({ width: media.width ?? 0, height: media.height ?? 0 });
}
