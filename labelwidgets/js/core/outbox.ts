/** Acts the store has not acknowledged, and drafts: known at once in the page, kept on disk behind it. */
import type { Act, Values } from "./protocol.ts";
import type { Scope } from "./scope.ts";
import {
  DiskShelf,
  type Draft,
  type Kept,
  MemoryShelf,
  type Owner,
  type Shelf,
  type Write,
} from "./shelf.ts";
import { Cell, type Signal } from "./signal.ts";

export type { Kept, Owner } from "./shelf.ts";

/** A browser may never answer the request to open its storage; then the notice must not say "kept". */
const OPENING_MS = 5_000;

/** Count within the page, so that acts of one millisecond keep their order. */
let count = 0;

export class Outbox {
  readonly #acts = new Map<string, Kept>();
  readonly #drafts = new Map<string, Draft>();
  /** Gone from here before the disk was read: must not come back with it. */
  readonly #gone = new Set<string>();
  readonly #kept = new Cell<"disk" | "memory">("disk");
  readonly #reason = new Cell("");
  readonly #entries = new Cell<readonly Kept[]>([]);
  readonly #memory: MemoryShelf;
  /** Writes begun and not known to be durable. */
  readonly #unsure = new Set<Write>();
  #shelf: Shelf;
  #last: Promise<void> = Promise.resolve();

  constructor(owner: Owner, scope: Scope, disk: Shelf = new DiskShelf(owner)) {
    this.#shelf = disk;
    this.#memory = new MemoryShelf(owner);
    scope.timeout(() => {
      if (!this.#opened) this.#say("memory", "this browser has not opened its storage");
    }, OPENING_MS);
  }

  #opened = false;

  /** "memory": kept only while this tab is open; `reason` says why. */
  get kept(): Signal<"disk" | "memory"> {
    return this.#kept;
  }

  get reason(): Signal<string> {
    return this.#reason;
  }

  /** Everything unacknowledged or refused, oldest first. */
  get entries(): Signal<readonly Kept[]> {
    return this.#entries;
  }

  /** What has to be sent until it is acknowledged, oldest first. */
  pending(): Act[] {
    return this.#entries.value.filter(({ refused }) => refused === null).map(({ act }) => act);
  }

  /** When everything put so far is as durable as it can be here. */
  get settled(): Promise<void> {
    return this.#last;
  }

  /** Reads what another page load, or another tab, has left. */
  async load(): Promise<void> {
    for (const shelf of new Set([this.#shelf, this.#memory])) {
      try {
        const { acts, drafts } = await shelf.load();
        for (const kept of acts) if (!this.#gone.has(kept.act.id)) this.#restore(kept);
        for (const draft of drafts) {
          if (!this.#drafts.has(draft.key) && !this.#gone.has(draft.key)) this.#drafts.set(draft.key, draft);
        }
        if (shelf === this.#shelf) this.#ready();
      } catch (error) {
        this.#toMemory(error);
      }
    }
    this.#tell();
  }

  /** Keeps an act; the draft of its task and the refused act it replaces go in the same write. */
  put(
    act: Act,
    { draft, replaces }: { draft?: string | undefined; replaces?: string | undefined } = {},
  ): void {
    const kept: Kept = { act, at_ms: Date.now(), n: ++count, refused: null };
    this.#acts.set(act.id, kept);
    if (replaces !== undefined) this.#forget(replaces);
    if (draft !== undefined) this.#forget(draft);
    this.#write({ acts: [kept], dropActs: replaces ? [replaces] : [], dropDrafts: draft ? [draft] : [] });
    this.#tell();
  }

  /** The store has it, or the person gave it up; false when it was not here. */
  drop(id: string): boolean {
    const there = this.#forget(id);
    this.#write({ dropActs: [id] });
    if (there) this.#tell();
    return there;
  }

  /** Another tab has dropped it. */
  forget(id: string): void {
    if (this.#forget(id)) this.#tell();
  }

  refuse(id: string, refused: NonNullable<Kept["refused"]>): void {
    const kept = this.#acts.get(id);
    if (!kept) return;
    const marked = { ...kept, refused };
    this.#acts.set(id, marked);
    this.#write({ acts: [marked] });
    this.#tell();
  }

  get(id: string): Kept | null {
    return this.#acts.get(id) ?? null;
  }

  draft(key: string): Values | null {
    return this.#drafts.get(key)?.values ?? null;
  }

  saveDraft(key: string, values: Values): void {
    const draft = { key, values };
    this.#gone.delete(key);
    this.#drafts.set(key, draft);
    this.#write({ drafts: [draft] });
  }

  dropDraft(key: string): void {
    this.#forget(key);
    this.#write({ dropDrafts: [key] });
  }

  /** The page is about to go: notes what is not known to be written. */
  lastWords(): void {
    const acts = [...this.#unsure].flatMap((write) => write.acts ?? []);
    const drafts = [...this.#unsure].flatMap((write) => write.drafts ?? []);
    const unwritten = {
      acts: acts.filter((kept) => this.#acts.get(kept.act.id) === kept),
      drafts: drafts.filter((draft) => this.#drafts.get(draft.key) === draft),
    };
    if (unwritten.acts.length + unwritten.drafts.length > 0) this.#shelf.note?.(unwritten);
  }

  /** The page has come back after all. */
  unsayLastWords(): void {
    this.#shelf.unnote?.();
  }

  #forget(key: string): boolean {
    this.#gone.add(key);
    this.#drafts.delete(key);
    return this.#acts.delete(key);
  }

  #restore(kept: Kept): void {
    const { act, at_ms, n, refused } = kept;
    if (!this.#acts.has(act.id)) this.#acts.set(act.id, { act, at_ms, n, refused });
  }

  #write(write: Write): void {
    this.#unsure.add(write);
    const wrote = this.#shelf
      .write(write)
      .then(
        () => this.#ready(),
        (error) => this.#toMemory(error),
      )
      .then(() => this.#unsure.delete(write));
    this.#last = Promise.all([this.#last, wrote]).then(() => undefined);
  }

  #ready(): void {
    this.#opened = true;
    if (this.#shelf !== this.#memory) this.#say("disk", "");
  }

  /** From the first failure on: what the disk has may be old, so all of it is kept in the page too. */
  #toMemory(error: unknown): void {
    this.#opened = true;
    this.#shelf = this.#memory;
    this.#memory.write({ acts: [...this.#acts.values()], drafts: [...this.#drafts.values()] });
    this.#say("memory", error instanceof Error ? error.message : String(error));
  }

  #say(kept: "disk" | "memory", reason: string): void {
    this.#reason.set(reason);
    this.#kept.set(kept);
  }

  #tell(): void {
    this.#entries.set([...this.#acts.values()].sort((a, b) => a.at_ms - b.at_ms || a.n - b.n));
  }
}
