/** The host's model behind one interface, and questions to the kernel that are answered by id. */
import type { Ack, Act, ActKind, Json, Refuse, Reply } from "./protocol.ts";
import type { Scope } from "./scope.ts";

/** What of anywidget's model (AFM) is used; every host has it. */
export interface AfmModel {
  get(trait: string): unknown;
  on(event: string, fn: (...args: never[]) => void): void;
  off(event: string, fn: (...args: never[]) => void): void;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[] | ArrayBufferView[]): void;
  /** The model manager of Jupyter hosts; others have none. */
  widget_manager?: { get_model(id: string): Promise<AfmModel> };
}

export type Deliver = (content: unknown, buffers: readonly BufferLike[]) => void;
export type BufferLike = DataView | ArrayBuffer | Uint8Array;

/** The shim's queue: tells what came since the model was there, then what comes; returns how to stop. */
export type Inbox = (deliver: Deliver) => () => void;

/** One file of the front end, carried by a hidden model of the kernel as its `source` and its `style`. */
export interface Part {
  name: string;
  /** Of source and style: equal parts are evaluated once per page. */
  digest: string;
  /** Id of the hidden model. */
  model: string;
}

/** The kernel-owned trait `_bundle`. */
export interface Parts {
  /** Each may import from those before it; the default export of the last is the widget's `Bundle`. */
  parts: Part[];
  /** Evaluated when they are wanted; each may import from the first part. */
  later: Part[];
}

/** Evaluates one of the later parts, or tells why it can't be had; asked again, it tries again. */
export type Later = (name: string) => Promise<unknown>;

/** Draws another widget of the same kernel, by the id of its model; settles once it stands there. */
export type Show = (id: string, into: HTMLElement, until: AbortSignal) => Promise<void>;

/** The default export of a widget's own part. What it mounts ends with `signal`. */
export interface Bundle {
  mount(model: AfmModel, el: HTMLElement, inbox: Inbox, signal: AbortSignal, later: Later, show: Show): void;
}

/** What the desk needs of a host; tests have one without a browser. */
export interface Host {
  get(trait: string): unknown;
  onTrait(trait: string, fn: () => void): void;
  /** False when the host could not even take it. */
  send(act: Act): boolean;
  onMessage(fn: (reply: Reply, buffers: readonly Uint8Array[]) => void): void;
}

export function hostOf(model: AfmModel, inbox: Inbox, scope: Scope): Host {
  return {
    get: (trait) => model.get(trait),
    onTrait(trait, fn) {
      const heard = () => fn();
      model.on(`change:${trait}`, heard);
      scope.own(() => model.off(`change:${trait}`, heard));
    },
    send(act) {
      try {
        model.send(act);
        return true;
      } catch {
        // The comm is closed: the heartbeat finds out, the outbox keeps the act.
        return false;
      }
    },
    onMessage(fn) {
      scope.own(
        inbox((content, buffers) => {
          if (isReply(content)) fn(content, buffers.map(bytesOf));
        }),
      );
    },
  };
}

/** A view on the bytes of a buffer, however the host hands it over. */
export function bytesOf(buffer: BufferLike): Uint8Array {
  if (buffer instanceof Uint8Array) return buffer;
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function isReply(content: unknown): content is Reply {
  const kind = (content as { kind?: unknown } | null)?.kind;
  return kind === "ack" || kind === "refuse" || kind === "push";
}

/** The kernel's "no", with its reason for people. */
export class Refusal extends Error {
  readonly code: string;
  readonly field: string | null;

  constructor(refuse: Refuse) {
    super(refuse.reason);
    this.name = "Refusal";
    this.code = refuse.code;
    this.field = refuse.field ?? null;
  }
}

export interface Answered {
  reply: { [field: string]: Json };
  buffers: readonly Uint8Array[];
}

interface Question {
  act: Act;
  settle(outcome: Answered | Error): void;
}

/** Questions that wait for their answer as long as it takes; asked again when the kernel is back. */
export class Questions {
  readonly #send: (act: Act) => void;
  readonly #scope: Scope;
  readonly #open = new Map<string, Question>();

  constructor(send: (act: Act) => void, scope: Scope) {
    this.#send = send;
    this.#scope = scope;
  }

  /** Rejects with a Refusal, or with the signal's reason when it aborts. */
  ask(kind: ActKind, fields: Record<string, Json>, signal = this.#scope.abortSignal): Promise<Answered> {
    const act: Act = { ...fields, kind, id: newId() };
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const stop = this.#scope.listen(signal, "abort", () => this.#settle(act.id, signal.reason));
      const settle = (outcome: Answered | Error) => {
        stop();
        if ("reply" in outcome) resolve(outcome);
        else reject(outcome);
      };
      this.#open.set(act.id, { act, settle });
      this.#send(act);
    });
  }

  /** Takes a reply; false when it answers no question. */
  take(reply: Ack | Refuse, buffers: readonly Uint8Array[]): boolean {
    return this.#settle(reply.id, reply.kind === "ack" ? { reply, buffers } : new Refusal(reply));
  }

  /** Asks everything open once more. */
  again(): void {
    for (const { act } of this.#open.values()) this.#send(act);
  }

  #settle(id: string, outcome: Answered | Error): boolean {
    const question = this.#open.get(id);
    this.#open.delete(id);
    question?.settle(outcome);
    return question !== undefined;
  }
}

/** A random id of 128 bits; `crypto.randomUUID` is missing on pages without https that aren't on localhost. */
export function newId(): string {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
