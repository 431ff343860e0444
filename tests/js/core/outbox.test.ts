import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Outbox } from "../../../labelwidgets/js/core/outbox.ts";
import type { Act } from "../../../labelwidgets/js/core/protocol.ts";
import { Scope } from "../../../labelwidgets/js/core/scope.ts";
import { DiskShelf, type Owner } from "../../../labelwidgets/js/core/shelf.ts";
import { FakeDisk, settled } from "./fakes.ts";

let count = 0;

function someone(part: Partial<Owner> = {}): Owner {
  count += 1;
  return { store: `store-${count}`, session: "street", user: "ann", ...part };
}

function act(id: string, part: Partial<Act> = {}): Act {
  return { kind: "submit", id, task: 1, values: { animal: "cat" }, ...part };
}

function outbox(owner: Owner, disk = new DiskShelf(owner)): Outbox {
  return new Outbox(owner, new Scope(), disk);
}

/** What another page load would find. */
async function found(owner: Owner): Promise<Outbox> {
  const other = outbox(owner);
  await other.load();
  return other;
}

afterEach(() => {
  vi.useRealTimers();
});

describe("on IndexedDB", () => {
  it("keeps acts in the order they were made, for the next page load", async () => {
    const owner = someone();
    const box = outbox(owner);
    const ids = Array.from({ length: 30 }, (_, i) => `${(i * 7) % 30}`);
    for (const id of ids) box.put(act(id));
    await box.settled;
    expect(box.kept.value).toBe("disk");
    expect((await found(owner)).pending().map(({ id }) => id)).toEqual(ids);
  });

  it("keeps that order though the clock's milliseconds differ and ids sort otherwise", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const owner = someone();
    const box = outbox(owner);
    for (const [i, id] of ["c", "a", "b"].entries()) {
      vi.setSystemTime(1_000 + i);
      box.put(act(id));
    }
    await box.settled;
    expect((await found(owner)).pending().map(({ id }) => id)).toEqual(["c", "a", "b"]);
  });

  it("keeps what was put before the storage was open", async () => {
    const owner = someone();
    const box = outbox(owner);
    box.put(act("a"));
    box.put(act("b"));
    box.drop("a");
    await box.settled;
    expect((await found(owner)).pending().map(({ id }) => id)).toEqual(["b"]);
  });

  it("asks for strict durability of what is kept", async () => {
    const owner = someone();
    const box = outbox(owner);
    await box.load();
    const begun = vi.spyOn(IDBDatabase.prototype, "transaction");
    box.put(act("a"));
    const committed = vi.spyOn(IDBTransaction.prototype, "commit");
    // In the same turn: nothing is waited for first, so that a page that goes next has written.
    expect(begun).toHaveBeenLastCalledWith(["acts", "drafts"], "readwrite", { durability: "strict" });
    box.saveDraft("1/1", { animal: "cat" });
    expect(begun).toHaveBeenLastCalledWith(["acts", "drafts"], "readwrite", { durability: "strict" });
    expect(committed).toHaveBeenCalledOnce();
    // An act that comes back is known by its id.
    box.drop("a");
    expect(begun).toHaveBeenLastCalledWith(["acts", "drafts"], "readwrite", { durability: "relaxed" });
    vi.restoreAllMocks();
    await box.settled;
  });

  it("forgets on ack, and drops the draft with the answer in one write", async () => {
    const owner = someone();
    const box = outbox(owner);
    box.saveDraft("1/1", { animal: "dog" });
    box.saveDraft("2/1", { animal: "bird" });
    box.put(act("a"), { draft: "1/1" });
    box.drop("a");
    await box.settled;
    const next = await found(owner);
    expect(next.entries.value).toEqual([]);
    expect(next.draft("1/1")).toBeNull();
    expect(next.draft("2/1")).toEqual({ animal: "bird" });
  });

  it("keeps a refused answer with its reason until another replaces it", async () => {
    const owner = someone();
    const box = outbox(owner);
    box.put(act("a"));
    box.refuse("a", { code: "label", reason: "no such label", field: "animal" });
    await box.settled;
    const next = await found(owner);
    expect(next.pending()).toEqual([]);
    expect(next.get("a")?.refused).toEqual({ code: "label", reason: "no such label", field: "animal" });
    next.put(act("b"), { replaces: "a" });
    await next.settled;
    expect((await found(owner)).entries.value.map(({ act: { id } }) => id)).toEqual(["b"]);
  });

  it("never shows one person's, session's or store's work to another", async () => {
    const owner = someone();
    const box = outbox(owner);
    box.put(act("a"));
    box.saveDraft("1/1", { animal: "dog" });
    await box.settled;
    for (const other of [
      { user: "bob" },
      { session: "other" },
      { store: "elsewhere" },
      { user: "an" },
      { user: "annn" },
    ]) {
      const theirs = await found({ ...owner, ...other });
      expect(theirs.entries.value).toEqual([]);
      expect(theirs.draft("1/1")).toBeNull();
    }
  });

  it("does not bring back what was dropped while the disk was being read", async () => {
    const owner = someone();
    const first = outbox(owner);
    first.put(act("a"));
    first.saveDraft("1/1", { animal: "dog" });
    await first.settled;
    const box = outbox(owner);
    const loading = box.load();
    box.drop("a");
    box.dropDraft("1/1");
    await loading;
    expect(box.entries.value).toEqual([]);
    expect(box.draft("1/1")).toBeNull();
  });

  it("opens again after another tab had it closed for an upgrade", async () => {
    const owner = someone();
    const shelf = new DiskShelf(owner);
    const box = outbox(owner, shelf);
    await box.load();
    const closing = vi.spyOn(IDBDatabase.prototype, "close");
    const upgrade = indexedDB.open("labelwidgets", 2);
    // Refused as we are at version 1 again below: the point is that our connection let go.
    await new Promise((resolve) => {
      upgrade.onupgradeneeded = () => upgrade.transaction?.abort();
      upgrade.onerror = resolve;
      upgrade.onsuccess = resolve;
    });
    expect(closing).toHaveBeenCalled();
    closing.mockRestore();
    box.put(act("after"));
    await box.settled;
    expect(box.kept.value).toBe("disk");
    expect((await found(owner)).pending().map(({ id }) => id)).toEqual(["after"]);
  });
});

describe("last words of a page that goes", () => {
  function storage(): Map<string, string> {
    const items = new Map<string, string>();
    const methods = {
      setItem: (name: string, text: string) => items.set(name, text),
      getItem: (name: string) => items.get(name) ?? null,
      removeItem: (name: string) => items.delete(name),
    };
    const keys = {
      ownKeys: () => [...items.keys()],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    };
    vi.stubGlobal(
      "localStorage",
      new Proxy(methods, { ...keys, get: (_, name) => methods[name as "getItem"] }),
    );
    return items;
  }

  afterEach(() => void vi.unstubAllGlobals());

  /** A page whose writes are begun and never done. */
  function dying(owner: Owner): Outbox {
    const shelf = new DiskShelf(owner);
    shelf.write = () => new Promise(() => {});
    return outbox(owner, shelf);
  }

  it("are what is not known to be written, and are moved to the disk by the next", async () => {
    const items = storage();
    const owner = someone();
    const going = dying(owner);
    going.put(act("a"));
    going.put(act("b"));
    going.drop("b");
    going.saveDraft("2/1", { animal: "do" });
    going.saveDraft("2/1", { animal: "dog" });
    going.lastWords();
    expect(items.size).toBe(1);
    const next = await found(owner);
    expect(next.pending().map(({ id }) => id)).toEqual(["a"]);
    expect(next.draft("2/1")).toEqual({ animal: "dog" });
    await vi.waitFor(() => expect(items.size).toBe(0));
    expect((await found(owner)).draft("2/1")).toEqual({ animal: "dog" });
    expect((await found({ ...owner, user: "bob" })).draft("2/1")).toBeNull();
  });

  it("win over an older draft on the disk", async () => {
    storage();
    const owner = someone();
    const before = outbox(owner);
    before.saveDraft("2/1", { animal: "old" });
    await before.settled;
    const going = dying(owner);
    going.saveDraft("2/1", { animal: "new" });
    going.lastWords();
    expect((await found(owner)).draft("2/1")).toEqual({ animal: "new" });
  });

  it("are not needed when all is written, and unsaid by a page that comes back", async () => {
    const items = storage();
    const owner = someone();
    const calm = outbox(owner);
    calm.put(act("a"));
    await calm.settled;
    calm.lastWords();
    expect(items.size).toBe(0);
    const going = dying(owner);
    going.put(act("b"));
    going.lastWords();
    going.unsayLastWords();
    expect(items.size).toBe(0);
  });

  it("do no harm where that storage is blocked or holds nonsense", async () => {
    const items = storage();
    const owner = someone();
    items.set(`labelwidgets/${JSON.stringify([owner.store, owner.session, owner.user])}/x`, "{broken");
    const box = await found(owner);
    expect(box.kept.value).toBe("disk");
    vi.stubGlobal("localStorage", undefined);
    const going = dying(owner);
    going.put(act("b"));
    expect(() => going.lastWords()).not.toThrow();
  });
});

describe("where storage is blocked", () => {
  const throws = (owner: Owner) =>
    new DiskShelf(owner, () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    });
  const failsLater = (owner: Owner) => {
    const factory = new IDBFactory();
    factory.open = () => {
      const request = new EventTarget() as IDBOpenDBRequest;
      Object.defineProperty(request, "error", { value: new DOMException("Internal error", "UnknownError") });
      queueMicrotask(() => (request as unknown as { onerror(): void }).onerror());
      return request;
    };
    return new DiskShelf(owner, () => factory);
  };

  it.each([
    ["naming it throws", throws],
    ["there is none", (owner: Owner) => new DiskShelf(owner, () => undefined)],
    ["opening ends in an error", failsLater],
  ])("works in memory and says so: %s", async (_, disk) => {
    const owner = someone();
    const box = outbox(owner, disk(owner));
    box.put(act("a"));
    await box.load();
    await box.settled;
    expect(box.kept.value).toBe("memory");
    expect(box.reason.value).not.toBe("");
    expect(box.pending().map(({ id }) => id)).toEqual(["a"]);
  });

  it("hands what is in memory to a cell that is run again in the same page", async () => {
    const owner = someone();
    const box = outbox(owner, throws(owner));
    await box.load();
    box.put(act("a"));
    box.put(act("b"));
    box.drop("a");
    await box.settled;
    const again = outbox(owner, throws(owner));
    await again.load();
    expect(again.pending().map(({ id }) => id)).toEqual(["b"]);
  });

  it("notices that the disk fails later, and loses nothing", async () => {
    const disk = new FakeDisk();
    const box = new Outbox(someone(), new Scope(), disk);
    await box.load();
    box.put(act("a"));
    await box.settled;
    expect(box.kept.value).toBe("disk");
    disk.fails = "The quota has been exceeded.";
    box.put(act("b"));
    await box.settled;
    expect(box.kept.value).toBe("memory");
    expect(box.reason.value).toBe("The quota has been exceeded.");
    expect(box.pending().map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("does not claim to keep anything while the storage won't open", async () => {
    vi.useFakeTimers();
    const never = { load: () => new Promise<never>(() => {}), write: () => new Promise<never>(() => {}) };
    const box = new Outbox(someone(), new Scope(), never);
    box.put(act("a"));
    void box.load();
    vi.advanceTimersByTime(5_000);
    await settled();
    expect(box.kept.value).toBe("memory");
    expect(box.pending()).toHaveLength(1);
  });
});
