/** More of an item than was pushed with its task: asked for when it is looked at. */
import type { Courier } from "./courier.ts";
import type { Media } from "./desk.ts";
import type { Json } from "./protocol.ts";

export function mediaOf(courier: Courier): Media {
  async function blob(fields: Record<string, Json>, signal?: AbortSignal): Promise<Blob> {
    const { reply, buffers } = await courier.ask("media", fields, signal);
    const type = typeof reply.type === "string" ? reply.type : "";
    return new Blob(buffers.slice(0, 1) as BlobPart[], { type });
  }
  return {
    full: (task) => blob({ task, what: "full", level: null, column: null, row: null }),
    tile: (task, level, column, row, signal) => blob({ task, what: "tile", level, column, row }, signal),
  };
}
