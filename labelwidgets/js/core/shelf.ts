/** Where unacknowledged acts and drafts lie: IndexedDB, or this page's memory where storage is blocked. */
import { newId } from "./model.ts";
import type { Act, Values } from "./protocol.ts";

/** Whose work it is. Never a path: JupyterHub shares one origin among people. */
export interface Owner {
  /** Random UUID of the store. */
  store: string;
  session: string;
  user: string;
}

export interface Kept {
  act: Act;
  /** Clock of the page when it was made, and a count within the page: acts are replayed in this order. */
  at_ms: number;
  n: number;
  /** The kernel's "no": kept until the person has dealt with it. */
  refused: { code: string; reason: string; field: string | null } | null;
}

/** Unsubmitted work by task key. */
export interface Draft {
  key: string;
  values: Values;
}

export interface Load {
  acts: Kept[];
  drafts: Draft[];
}

/** One write: all of it or nothing. */
export interface Write {
  acts?: Kept[];
  drafts?: Draft[];
  dropActs?: string[];
  dropDrafts?: string[];
}

export interface Shelf {
  load(): Promise<Load>;
  /** Begun at once, in order; resolves when it is durable. */
  write(write: Write): Promise<void>;
  /** Notes, before it returns, what may not be written: the page is gone in the next moment. */
  note?(unwritten: Load): void;
  /** The page has come back after all. */
  unnote?(): void;
}

/** Lives as long as the page, so that a cell that is run again finds it. */
export class MemoryShelf implements Shelf {
  readonly #acts: Map<string, Kept>;
  readonly #drafts: Map<string, Draft>;

  constructor(owner: Owner) {
    const page = globalThis as {
      __labelwidgets_memory?: Map<string, [Map<string, Kept>, Map<string, Draft>]>;
    };
    page.__labelwidgets_memory ??= new Map();
    const key = JSON.stringify(keyOf(owner));
    const mine = page.__labelwidgets_memory.get(key) ?? [new Map(), new Map()];
    page.__labelwidgets_memory.set(key, mine);
    [this.#acts, this.#drafts] = mine;
  }

  async load(): Promise<Load> {
    return { acts: [...this.#acts.values()], drafts: [...this.#drafts.values()] };
  }

  async write({ acts = [], drafts = [], dropActs = [], dropDrafts = [] }: Write): Promise<void> {
    for (const kept of acts) this.#acts.set(kept.act.id, kept);
    for (const draft of drafts) this.#drafts.set(draft.key, draft);
    for (const id of dropActs) this.#acts.delete(id);
    for (const key of dropDrafts) this.#drafts.delete(key);
  }
}

const NAME = "labelwidgets";
const VERSION = 1;

/** IndexedDB with strict durability: what is written survives the browser's death. */
export class DiskShelf implements Shelf {
  readonly #owner: Owner;
  readonly #factory: IDBFactory | undefined;
  readonly #page = newId();
  #database: IDBDatabase | null = null;
  #opening: Promise<IDBDatabase> | null = null;

  constructor(owner: Owner, factory: () => IDBFactory | undefined = () => globalThis.indexedDB) {
    this.#owner = owner;
    // Even naming it throws in a sandboxed frame of some browsers.
    this.#factory = attempt(factory);
  }

  async load(): Promise<Load> {
    const transaction = (await this.#open()).transaction(["acts", "drafts"], "readonly");
    const mine = IDBKeyRange.bound(keyOf(this.#owner), [...keyOf(this.#owner), []]);
    const [acts, drafts] = await Promise.all([
      done<Kept[]>(transaction.objectStore("acts").getAll(mine)),
      done<Draft[]>(transaction.objectStore("drafts").getAll(mine)),
    ]);
    return this.#withNotes({ acts, drafts });
  }

  /** One write in five that is begun as the page goes is lost in Chromium; this storage writes at once. */
  note(unwritten: Load): void {
    attempt(() => localStorage.setItem(this.#notes + this.#page, JSON.stringify(unwritten)));
  }

  unnote(): void {
    attempt(() => localStorage.removeItem(this.#notes + this.#page));
  }

  get #notes(): string {
    return `${NAME}/${JSON.stringify(keyOf(this.#owner))}/`;
  }

  /** Adds what pages that are gone have noted, and moves it to where it belongs. */
  #withNotes(load: Load): Load {
    const names = attempt(() => Object.keys(localStorage).filter((name) => name.startsWith(this.#notes)));
    for (const name of names ?? []) {
      const noted = attempt(() => JSON.parse(localStorage.getItem(name) ?? "") as Load);
      if (!noted) continue;
      const keys = new Set(noted.drafts.map(({ key }) => key));
      load.acts.push(...noted.acts);
      load.drafts = [...load.drafts.filter(({ key }) => !keys.has(key)), ...noted.drafts];
      // Not written, they stay noted.
      this.write(noted).then(
        () => localStorage.removeItem(name),
        () => {},
      );
    }
    return load;
  }

  write(write: Write): Promise<void> {
    // With the database open the transaction begins in this very turn: a page that dies next still has it.
    if (this.#database) return this.#put(this.#database, write);
    return this.#open().then((database) => this.#put(database, write));
  }

  async #put(
    database: IDBDatabase,
    { acts = [], drafts = [], dropActs = [], dropDrafts = [] }: Write,
  ): Promise<void> {
    // What is dropped and comes back is sent once more and known by its id: no need to wait for the disk.
    const durability = acts.length + drafts.length > 0 ? "strict" : "relaxed";
    const transaction = database.transaction(["acts", "drafts"], "readwrite", { durability });
    const owner = keyOf(this.#owner);
    const owned = { ...this.#owner };
    const [actStore, draftStore] = [transaction.objectStore("acts"), transaction.objectStore("drafts")];
    for (const kept of acts) actStore.put({ ...kept, ...owned, id: kept.act.id });
    for (const draft of drafts) draftStore.put({ ...draft, ...owned });
    for (const id of dropActs) actStore.delete([...owner, id]);
    for (const task of dropDrafts) draftStore.delete([...owner, task]);
    // Without it the browser waits for the page once more, and a page that goes now would lose the write.
    transaction.commit?.();
    await finished(transaction);
  }

  #open(): Promise<IDBDatabase> {
    this.#opening ??= this.#request().catch((error) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #request(): Promise<IDBDatabase> {
    if (!this.#factory) throw new Error("this browser has no storage for pages");
    const request = this.#factory.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const path = ["store", "session", "user"];
      request.result.createObjectStore("acts", { keyPath: [...path, "id"] });
      request.result.createObjectStore("drafts", { keyPath: [...path, "key"] });
    };
    const database = await done(request);
    database.onclose = () => this.#forget();
    // A newer version in another tab may upgrade; this one opens again at its next write.
    database.onversionchange = () => {
      database.close();
      this.#forget();
    };
    this.#database = database;
    return database;
  }

  #forget(): void {
    this.#database = null;
    this.#opening = null;
  }
}

function keyOf({ store, session, user }: Owner): string[] {
  return [store, session, user];
}

function attempt<T>(fn: () => T): T | undefined {
  try {
    return fn();
  } catch {
    return undefined;
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's storage failed"));
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the browser's storage failed"));
  });
}
