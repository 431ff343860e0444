/** A host's model without a kernel: holds the traits, acknowledges every act, serves tiles that it paints itself. */

import type { AfmModel, BufferLike, Deliver, Inbox } from "../../../labelwidgets/js/core/model.ts";
import type { Act, State, TaskPush, Values } from "../../../labelwidgets/js/core/protocol.ts";

export interface Task {
  push: TaskPush;
  bytes: Uint8Array | null;
}

/** Answers a `media` act: the bytes of a tile or of the whole picture. */
export type Serve = (act: Act) => Promise<Uint8Array>;

export interface Fake {
  model: AfmModel;
  inbox: Inbox;
  acts: Act[];
}

/** The trait `first`: little-endian length of the header, header, picture. */
export function firstTrait({ push, bytes }: Task, left: number): DataView {
  const header = new TextEncoder().encode(JSON.stringify({ kind: "push", tasks: [push], left }));
  const all = new Uint8Array(4 + header.length + (bytes?.length ?? 0));
  new DataView(all.buffer).setUint32(0, header.length, true);
  all.set(header, 4);
  if (bytes) all.set(bytes, 4 + header.length);
  return new DataView(all.buffer);
}

export function fakeModel(state: State, tasks: readonly Task[], serve: Serve): Fake {
  const acts: Act[] = [];
  const [first, ...rest] = tasks;
  const traits: Record<string, unknown> = { state, first: first ? firstTrait(first, rest.length) : null };
  let deliver: Deliver = () => {};
  const reply = (content: unknown, buffers: readonly BufferLike[] = []) =>
    queueMicrotask(() => deliver(content, buffers));
  const push = () => {
    const buffers = rest.flatMap(({ bytes }) => (bytes ? [bytes] : []));
    let at = 0;
    const pushed = rest.map((task) => ({
      ...task.push,
      media: task.bytes ? { ...task.push.media, buffer: at++ } : task.push.media,
    }));
    reply({ kind: "push", tasks: pushed, left: 0 }, buffers);
  };
  const model: AfmModel = {
    get: (trait) => traits[trait],
    on: () => {},
    off: () => {},
    send(content) {
      const act = content as Act;
      acts.push(act);
      if (act.kind === "media") serve(act).then((bytes) => reply({ kind: "ack", id: act.id }, [bytes]));
      else reply({ kind: "ack", id: act.id, kernel: state.kernel });
      if (act.kind === "hello") push();
    },
  };
  const inbox: Inbox = (heard) => {
    deliver = heard;
    return () => {};
  };
  return { model, inbox, acts };
}

const HUES = ["#1f77b4", "#d55e00", "#2a8f5b", "#b03aa0", "#8a6d00", "#6a5acd", "#c2185b", "#00838f"];

export function label(name: string, i: number) {
  return {
    id: name,
    name,
    title: name,
    color: HUES[i % HUES.length] as string,
    hotkey: i < 9 ? `${i + 1}` : null,
    description: "",
    aliases: [],
    parent: null,
  };
}

export function stateOf(labels: readonly string[], more: Partial<State> = {}): State {
  const base = { title: "", help: "", required: false };
  return {
    store: "bench",
    session: "bench",
    title: "street.db",
    user: { id: "ann", name: "Ann" },
    kernel: "k1",
    mode: "label",
    schema: {
      version: 1,
      fields: [
        {
          ...base,
          kind: "boxes",
          name: "objects",
          title: "Objects",
          labels: labels.map(label),
          attributes: [],
          rotatable: true,
          min_count: 0,
          max_count: null,
          min_size: 1,
        },
      ],
    },
    instructions: { html: "", minutes: 0, warning: "", version: 1, examples: [] },
    progress: { total: 300, done: 12, place: 12, skipped: 0, mine: 12, per_hour: 41 },
    options: { keys: {}, lookahead: 3, lease_seconds: 600, confidence: false, skip_reasons: [], columns: [] },
    read_only: "",
    ...more,
  };
}

export function taskOf(
  id: number,
  bytes: Uint8Array | null,
  media: TaskPush["media"],
  values: Values | null,
  predictions: TaskPush["predictions"] = [],
): Task {
  const push: TaskPush = {
    id,
    key: `k${id}`,
    round: 1,
    data: {},
    media: bytes ? { ...media, buffer: 0 } : media,
    answer: null,
    draft: values,
    predictions,
    comments: [],
    flagged: false,
    stale: false,
  };
  return { push, bytes };
}
