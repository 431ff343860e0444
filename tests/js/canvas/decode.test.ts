/** Decoding ahead: each picture once, the next ones before they are needed, within memory. */

import { describe, expect, it } from "vitest";
import { type Bitmap, Decoder } from "../../../labelwidgets/js/canvas/decode.ts";
import type { DeskTask } from "../../../labelwidgets/js/core/desk.ts";
import type { TaskPush } from "../../../labelwidgets/js/core/protocol.ts";

const BYTES = 100 * 100 * 4;

function task(id: number, media: Uint8Array | null = new Uint8Array([id])): DeskTask {
  const push = { id, media: { kind: "image", width: 100, height: 100 } } as unknown as TaskPush;
  return { push, media, again: false };
}

function decoderOf(pictures: number) {
  const decoded: number[] = [];
  const closed: number[] = [];
  const decoder = new Decoder(pictures * BYTES, async ({ push }): Promise<Bitmap> => {
    decoded.push(push.id);
    if (push.id < 0) throw new Error("broken");
    return { source: {} as ImageBitmap, width: 100, height: 100, close: () => closed.push(push.id) };
  });
  return { decoder, decoded, closed };
}

const settle = () => new Promise((done) => setTimeout(done, 0));

describe("the decoder", () => {
  it("decodes a picture once, however often it is asked for", async () => {
    const { decoder, decoded } = decoderOf(3);
    const one = task(1);
    expect(await decoder.get(one)).toBe(await decoder.get(one));
    // A comment replaces the task, not its bytes.
    await decoder.get({ ...one, push: { ...one.push, flagged: true } });
    expect(decoded).toEqual([1]);
  });

  it("decodes anew when the bytes are others", async () => {
    const { decoder, decoded, closed } = decoderOf(3);
    await decoder.get(task(1));
    await decoder.get(task(1));
    await settle();
    expect(decoded).toEqual([1, 1]);
    expect(closed).toEqual([1]);
  });

  it("decodes ahead what fits into memory, in order", () => {
    const { decoder, decoded } = decoderOf(3);
    const current = task(1);
    void decoder.get(current);
    decoder.prepare(current, [task(2), task(3), task(4)]);
    expect(decoded).toEqual([1, 2, 3]);
  });

  it("lets go of those that were seen longest ago, never of what is needed", async () => {
    const { decoder, closed } = decoderOf(2);
    const all = [1, 2, 3, 4].map((id) => task(id));
    for (const each of all) {
      await decoder.get(each);
      decoder.prepare(each, []);
      await settle();
    }
    expect(closed).toEqual([1, 2]);
  });

  it("never lets go of what is on the desk or comes next", async () => {
    const { decoder, closed } = decoderOf(2);
    const [current, next, old] = [task(1), task(2), task(3)] as const;
    for (const each of [current, next, old]) await decoder.get(each);
    decoder.prepare(current, [next]);
    await settle();
    expect(closed).toEqual([3]);
  });

  it("keeps the failure of a picture decoded ahead for when it is shown", async () => {
    const { decoder } = decoderOf(3);
    const broken = task(-1);
    decoder.prepare(null, [broken]);
    await settle();
    await expect(decoder.get(broken)).rejects.toThrow("broken");
  });

  it("closes everything at the end", async () => {
    const { decoder, closed } = decoderOf(3);
    await decoder.get(task(1));
    await decoder.get(task(2));
    decoder.dispose();
    await settle();
    expect(closed).toEqual([1, 2]);
  });
});
