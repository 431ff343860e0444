import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TaskPush, Values } from "../../../labelwidgets/js/core/protocol.ts";
import { showCase } from "../../../labelwidgets/js/core/showcase.ts";
import { firstOf } from "../../../labelwidgets/js/core/tray.ts";
import {
  type Bench,
  box,
  boxes,
  choice,
  FakeDisk,
  FakeKernel,
  label,
  openBench,
  push,
  pushOf,
  settled,
  spans,
  startBench,
  stateOfFields,
} from "./fakes.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

const opened: Bench[] = [];
async function bench(...args: Parameters<typeof openBench>): Promise<Bench> {
  const made = await openBench(...args);
  opened.push(made);
  return made;
}

afterEach(() => {
  for (const { scope } of opened.splice(0)) scope.dispose();
  vi.useRealTimers();
});

const TWO = [choice(), boxes()];
const onDesk = ({ desk }: Bench) => desk.task.value?.push.id ?? null;

describe("instant next", () => {
  it("shows the next task in the very turn of the submit, the kernel asleep", async () => {
    const b = await bench([choice()]);
    b.kernel.slow = true;
    expect(onDesk(b)).toBe(1);
    b.desk.pick({ field: "animal", label: "dog" });
    expect(onDesk(b)).toBe(2);
    expect(b.desk.answer.values.value).toEqual({ animal: null });
    expect(b.desk.saving.value).toMatchObject({ state: "saving", pending: 1 });
    b.kernel.settle();
    expect(b.desk.saving.value).toMatchObject({ state: "saved", pending: 0 });
    expect(b.kernel.stored("animal")).toEqual([[1, "dog"]]);
  });

  it("stores 200 answers given as fast as the page can, in order, once each", async () => {
    const b = await bench([choice()], { tasks: 200 });
    for (let i = 0; i < 200; i += 1) {
      expect(onDesk(b)).toBe(i + 1);
      b.desk.pick({ field: "animal", label: i % 2 ? "cat" : "dog" });
      // Every third answer outruns the look-ahead.
      if (i % 3 === 2) await settled();
    }
    await settled();
    const stored = b.kernel.stored("animal");
    expect(stored.map(([task]) => task)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    expect(stored.map(([, value]) => value).every((value, i) => value === (i % 2 ? "cat" : "dog"))).toBe(
      true,
    );
    expect([...b.kernel.records.values()].every(({ length }) => length === 1)).toBe(true);
    expect(b.disk.acts.size).toBe(0);
    expect(b.desk.phase.value).toBe("finished");
    // One message per answer, and one hello: nothing chatters.
    expect(b.kernel.sent).toHaveLength(201);
  });

  it("waits when the look-ahead is used up, and goes on when more comes", async () => {
    const b = await bench([choice()], { tasks: 5 });
    b.kernel.slow = true;
    for (let i = 0; i < 3; i += 1) b.desk.pick({ field: "animal", label: "cat" });
    expect(b.desk.phase.value).toBe("loading");
    expect(b.desk.submit()).toBe(false);
    b.kernel.settle();
    expect(b.desk.phase.value).toBe("working");
    expect(onDesk(b)).toBe(4);
  });

  it("paints the first task from its trait, before the kernel has said anything", async () => {
    const kernel = new FakeKernel(stateOfFields([choice()]), [push(1)]);
    const header = new TextEncoder().encode(
      JSON.stringify(pushOf([push(1, { media: { kind: "image", buffer: 0, name: "a.png" } })], 4)),
    );
    const bytes = new Uint8Array([...new Uint8Array(4), ...header, 9, 8, 7]);
    new DataView(bytes.buffer).setUint32(0, header.length, true);
    kernel.first = new DataView(bytes.buffer);
    kernel.hears = false;
    const b = await bench([], { kernel });
    expect(b.desk.phase.value).toBe("working");
    expect([...(b.desk.task.value?.media ?? [])]).toEqual([9, 8, 7]);
    kernel.say(pushOf([push(1), push(2)]));
    expect(b.desk.queue.value.map(({ push: { id } }) => id)).toEqual([2]);
    expect(firstOf(new DataView(new ArrayBuffer(0)))).toBeNull();
    expect(firstOf(null)).toBeNull();
  });

  it("takes a push as often as it comes, and not for what is answered", async () => {
    const b = await bench([choice()]);
    b.kernel.slow = true;
    b.desk.pick({ field: "animal", label: "cat" });
    b.kernel.say(pushOf([push(1), push(2), push(3)], 2));
    b.kernel.say(pushOf([push(3), push(2), push(1)], 2));
    expect(onDesk(b)).toBe(2);
    expect(b.desk.queue.value.map(({ push: { id } }) => id)).toEqual([3]);
    // A later round of the same task is another asking.
    b.kernel.say(pushOf([push(1, { round: 2 })], 1));
    expect(b.desk.queue.value.map(({ push: { id, round } }) => [id, round])).toEqual([
      [3, 1],
      [1, 2],
    ]);
  });
});

describe("submitting", () => {
  it("says what is missing and sends nothing", async () => {
    const b = await bench([choice(), boxes({ min_count: 1 })]);
    expect(b.desk.submit()).toBe(false);
    expect(b.desk.problems.value.map(({ field }) => field)).toEqual(["animal", "objects"]);
    b.desk.fill("animal", "cat");
    expect(b.desk.problems.value.map(({ field }) => field)).toEqual(["objects"]);
    b.desk.answer.put("objects", [box("a", { label: null })]);
    expect(b.desk.submit()).toBe(false);
    expect(b.desk.problems.value[0]?.reason).toMatch(/no label/);
    expect(b.kernel.ofKind("submit")).toEqual([]);
  });

  it("carries values, times without idleness, schema and confidence", async () => {
    vi.setSystemTime(1_000_000);
    const b = await bench(TWO);
    vi.setSystemTime(1_010_000);
    b.desk.fill("animal", "cat");
    b.desk.setConfidence("unsure");
    // Coffee: only half a minute of it counts.
    vi.setSystemTime(1_610_000);
    expect(b.desk.submit()).toBe(true);
    await settled();
    expect(b.kernel.ofKind("submit")[0]).toMatchObject({
      task: 1,
      round: 1,
      values: { animal: "cat", objects: [] },
      confidence: "unsure",
      prediction: null,
      schema: 3,
      times: {
        shown_at: new Date(1_000_000).toISOString(),
        first_act_at: new Date(1_010_000).toISOString(),
        submitted_at: new Date(1_610_000).toISOString(),
        seconds: 40,
      },
    });
    expect(b.desk.confidence.value).toBeNull();
  });

  it("toggles several options in the schema's order, and takes back an optional one", async () => {
    const b = await bench([choice({ multiple: true }), choice({ name: "other", required: false })]);
    for (const name of ["bird", "cat", "dog", "cat", "cat"]) b.desk.pick({ field: "animal", label: name });
    expect(b.desk.answer.value("animal")).toEqual(["cat", "dog", "bird"]);
    b.desk.pick({ field: "other", label: "cat" });
    b.desk.pick({ field: "other", label: "cat" });
    expect(b.desk.answer.value("other")).toBeNull();
    expect(onDesk(b)).toBe(1);
  });

  it("offers a label first to a surface on which something else is selected", async () => {
    const b = await bench([boxes()]);
    b.desk.answer.put("objects", [box("a")]);
    b.desk.selection.select(["a"]);
    const asked: string[] = [];
    const stop = b.desk.onPick(({ label }) => asked.push(label) > 0);
    b.desk.pick({ field: "objects", label: "person" });
    expect(b.desk.answer.region("objects", "a")?.label).toBe("car");
    expect(b.desk.selection.label("objects")).toBe("car");
    stop();
    b.desk.pick({ field: "objects", label: "person" });
    expect(b.desk.answer.region("objects", "a")?.label).toBe("person");
    expect(asked).toEqual(["person"]);
  });

  it("takes the last span away without saying that there is no answer", async () => {
    const b = await bench([spans({ unanswerable: true })]);
    expect(b.desk.answer.value("entities")).toBeNull();
    b.desk.answer.put("entities", [box("a")]);
    b.desk.answer.remove("entities", ["a"]);
    expect(b.desk.answer.value("entities")).toBeNull();
    b.desk.answer.set("entities", []);
    expect(b.desk.answer.value("entities")).toEqual([]);
  });

  it("relabels the selected regions in one step, or chooses what is drawn next", async () => {
    const b = await bench(TWO);
    expect(b.desk.selection.label("objects")).toBe("car");
    b.desk.answer.put("objects", [box("a"), box("b"), box("c")]);
    b.desk.selection.select(["a", "c"]);
    b.desk.pick({ field: "objects", label: "person" });
    expect(b.desk.answer.regions("objects").map((region) => region.label)).toEqual([
      "person",
      "car",
      "person",
    ]);
    expect(b.desk.selection.label("objects")).toBe("person");
    b.desk.undo();
    expect(b.desk.answer.regions("objects").map((region) => region.label)).toEqual(["car", "car", "car"]);
  });

  it("lets a taxonomy answer with a path, leaves only unless inner nodes may be", async () => {
    const nodes = [label("animal"), label("dog", "d", "animal"), label("plant")];
    const tree = {
      kind: "taxonomy",
      name: "what",
      title: "",
      help: "",
      required: true,
      multiple: false,
    } as const;
    const b = await bench([{ ...tree, partial: false, nodes }, choice()]);
    b.desk.pick({ field: "what", label: "animal" });
    expect(b.desk.answer.value("what")).toBeNull();
    b.desk.pick({ field: "what", label: "animal > dog" });
    expect(b.desk.answer.value("what")).toEqual(["animal", "dog"]);
  });

  it("only skips what can't be shown", async () => {
    const kernel = new FakeKernel(stateOfFields([choice()]), [
      push(1, { media: { kind: "image", broken: "truncated" } }),
      push(2),
    ]);
    const b = await bench([], { kernel });
    b.desk.pick({ field: "animal", label: "cat" });
    expect(onDesk(b)).toBe(1);
    expect(b.desk.problems.value[0]?.reason).toMatch(/skip it/);
    expect(b.desk.skip("broken")).toBe(true);
    await settled();
    expect(kernel.skipped).toEqual(new Set([1]));
    expect(kernel.ofKind("skip")[0]).toMatchObject({ task: 1, reason: "broken" });
  });

  it("only skips what the surface can't show", async () => {
    const b = await bench([choice()], { tasks: 2 });
    expect(b.desk.fail("no picture of a kind that the browser knows")).toBe(true);
    expect(b.desk.task.value?.push.media.broken).toBe("no picture of a kind that the browser knows");
    b.desk.pick({ field: "animal", label: "cat" });
    expect(onDesk(b)).toBe(1);
    expect(b.desk.submit()).toBe(false);
    expect(b.desk.skip("broken")).toBe(true);
    expect(onDesk(b)).toBe(2);
    expect(b.desk.task.value?.push.media.broken).toBeUndefined();
  });

  it("changes nothing where the store is read-only", async () => {
    const b = await bench([choice()], { state: { read_only: "damaged" } });
    expect(b.desk.phase.value).toBe("viewing");
    b.desk.pick({ field: "animal", label: "cat" });
    expect([b.desk.submit(), b.desk.skip(""), b.desk.undo(), b.desk.redo(), b.desk.back()]).not.toContain(
      true,
    );
    expect(b.desk.fail("no picture")).toBe(false);
    expect(b.kernel.kinds()).toEqual(["hello"]);
  });
});

describe("nothing lost", () => {
  it("replays after a reload what was never acknowledged, in order, and shows none of it again", async () => {
    const disk = new FakeDisk();
    const first = await bench([choice()], { disk, tasks: 6 });
    first.kernel.speaks = false;
    for (const name of ["cat", "dog", "bird"]) first.desk.pick({ field: "animal", label: name });
    await settled();
    expect(first.desk.saving.value.pending).toBe(3);
    first.scope.dispose();

    const { kernel } = first;
    // The kernel had stored them; only its acks were lost. It still pushes by what it knew.
    kernel.speaks = true;
    const again = await bench([], { kernel, disk });
    expect(again.desk.saving.value).toMatchObject({ state: "saved", pending: 0 });
    // Each once more, though the disk is read both at the start and in answer to the hello.
    expect(kernel.ofKind("submit")).toHaveLength(6);
    expect([...kernel.records.values()].map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(kernel.stored("animal").map(([, value]) => value)).toEqual(["cat", "dog", "bird"]);
    expect(onDesk(again)).toBe(4);
    expect(disk.acts.size).toBe(0);
  });

  it("takes an answered task off the desk when the outbox is read after `first` was painted", async () => {
    const disk = new FakeDisk();
    const first = await bench([choice()], { disk });
    first.kernel.hears = false;
    first.desk.pick({ field: "animal", label: "cat" });
    await settled();
    const { kernel } = first;
    const again = await bench([], { kernel, disk });
    kernel.say(pushOf([push(1), push(2)]));
    expect(onDesk(again)).toBe(2);
  });

  it("sends again after a silence, when the kernel is back", async () => {
    const b = await bench([choice()]);
    b.kernel.hears = false;
    b.desk.pick({ field: "animal", label: "cat" });
    await vi.advanceTimersByTimeAsync(9_000);
    expect(b.desk.saving.value.state).toBe("saving");
    const since = b.desk.saving.value;
    expect(since.since).toBeNull();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(b.desk.saving.value).toMatchObject({ state: "offline", pending: 1 });
    expect(b.desk.saving.value.since).toBeInstanceOf(Date);
    b.kernel.hears = true;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(b.desk.saving.value).toMatchObject({ state: "saved", pending: 0, since: null });
    expect(b.kernel.stored("animal")).toEqual([[1, "cat"]]);
  });

  it("recognises another kernel behind the page by its beat, says hello and replays", async () => {
    const b = await bench([choice()]);
    b.kernel.hears = false;
    b.desk.pick({ field: "animal", label: "cat" });
    b.kernel.hears = true;
    b.kernel.state = { ...b.kernel.state, kernel: "kernel-2" };
    await vi.advanceTimersByTimeAsync(20_000);
    expect(b.kernel.kinds().filter((kind) => kind !== "beat")).toEqual([
      "hello",
      "submit",
      "hello",
      "submit",
    ]);
    expect(b.kernel.stored("animal")).toEqual([[1, "cat"]]);
    b.kernel.change({ kernel: "kernel-3" });
    expect(b.kernel.kinds().at(-1)).toBe("hello");
  });

  it("asks a store that could not write again, and says so meanwhile", async () => {
    const b = await bench([choice()]);
    b.kernel.refuses = ({ kind }) =>
      kind === "submit" ? { code: "store", reason: "The disk is full." } : null;
    b.desk.pick({ field: "animal", label: "cat" });
    await settled();
    expect(b.desk.saving.value).toMatchObject({ state: "offline", pending: 1 });
    expect(b.desk.saving.value.reason).toMatch(/The disk is full/);
    expect(b.desk.refused.value).toEqual([]);
    b.kernel.refuses = () => null;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(b.desk.saving.value).toMatchObject({ state: "saved", pending: 0 });
    expect(b.kernel.stored("animal")).toEqual([[1, "cat"]]);
  });

  it("says when this browser keeps nothing", async () => {
    const disk = new FakeDisk();
    disk.fails = "blocked";
    const b = await bench([choice()], { disk });
    expect(b.desk.kept.value).toBe("memory");
    b.kernel.slow = true;
    b.desk.pick({ field: "animal", label: "cat" });
    await settled();
    expect(b.desk.saving.value).toMatchObject({ state: "memory", pending: 1 });
    expect(b.desk.saving.value.reason).toBe("blocked");
  });

  it("stops at the door when the kernel refuses the person", async () => {
    const kernel = new FakeKernel(stateOfFields([choice()]), [push(1)]);
    kernel.refuses = ({ kind }) =>
      kind === "hello" ? { code: "rights", reason: "You have left the project." } : null;
    const b = await bench([], { kernel });
    expect(b.desk.phase.value).toBe("broken");
    expect(b.desk.trouble.value).toBe("You have left the project.");
    expect(b.desk.barred.value).toBe("rights");
  });
});

describe("access that has ended", () => {
  const ENDED = { code: "ended", reason: "The access of Ann has ended." };

  it("is said with how much was not taken; nothing is sent or thrown away any more", async () => {
    const b = await bench([choice()]);
    b.desk.pick({ field: "animal", label: "cat" });
    await settled();
    b.kernel.refuses = () => ENDED;
    b.desk.pick({ field: "animal", label: "dog" });
    await settled();
    expect(b.desk.phase.value).toBe("broken");
    expect(b.desk.trouble.value).toBe(
      "The access of Ann has ended. 1 answer was not taken; it is kept in this browser.",
    );
    expect(b.desk.saving.value).toMatchObject({ state: "offline", pending: 1, reason: ENDED.reason });
    expect([b.desk.task.value, b.desk.queue.value, b.desk.canBack.value]).toEqual([null, [], false]);
    const sent = b.kernel.sent.length;
    expect(b.desk.submit()).toBe(false);
    b.desk.courier.hello();
    b.desk.courier.leave();
    await expect(b.desk.courier.ask("goto", { task: 1 })).rejects.toMatchObject({ code: "ended" });
    await settled();
    expect(b.kernel.sent.length).toBe(sent);
    expect(b.desk.courier.outbox.pending()).toMatchObject([{ kind: "submit", values: { animal: "dog" } }]);
  });

  it("is noticed by the heartbeat, and leaves nothing to be sorry for when all is stored", async () => {
    const b = await bench([choice()]);
    b.kernel.refuses = ({ kind }) => (kind === "beat" ? ENDED : null);
    b.desk.courier.tell("beat", { tasks: [1] });
    await settled();
    expect(b.desk.phase.value).toBe("broken");
    expect(b.desk.trouble.value).toBe(ENDED.reason);
    expect(b.desk.barred.value).toBe("ended");
    expect(b.desk.saving.value.state).toBe("saved");
  });

  it("is forgotten by the next page load, which sends what was kept", async () => {
    const first = await bench([choice()]);
    first.kernel.refuses = () => ENDED;
    first.desk.pick({ field: "animal", label: "cat" });
    await settled();
    expect(first.desk.phase.value).toBe("broken");
    const kernel = new FakeKernel(first.kernel.state, [push(1), push(2)]);
    const again = await bench([], { kernel, disk: first.disk });
    await settled();
    expect(again.desk.phase.value).toBe("working");
    expect(kernel.stored("animal")).toEqual([[1, "cat"]]);
    expect(again.desk.saving.value).toMatchObject({ state: "saved", pending: 0 });
  });
});

describe("a refused answer", () => {
  async function refused() {
    const b = await bench(TWO);
    b.kernel.refuses = ({ kind, task }) =>
      kind === "submit" && task === 1 ? { code: "label", reason: "no such animal", field: "animal" } : null;
    b.desk.fill("animal", "cat");
    b.desk.answer.put("objects", [box("a")]);
    b.desk.submit();
    await settled();
    return b;
  }

  it("comes back after the task at hand, with its values and the kernel's reason", async () => {
    const b = await refused();
    expect(onDesk(b)).toBe(2);
    expect(b.desk.refused.value).toMatchObject([
      { task: 1, code: "label", reason: "no such animal", field: "animal" },
    ]);
    expect(b.disk.acts.size).toBe(1);
    expect(b.desk.canBack.value).toBe(false);
    b.desk.fill("animal", "dog");
    b.desk.submit();
    expect(onDesk(b)).toBe(1);
    expect(b.desk.answer.value("animal")).toBe("cat");
    expect(b.desk.answer.regions("objects")).toHaveLength(1);
    expect(b.desk.problems.value).toEqual([{ field: "animal", reason: "no such animal" }]);
  });

  it("is kept until a corrected answer takes its place", async () => {
    const b = await refused();
    b.kernel.refuses = () => null;
    await b.desk.reopen(b.desk.refused.value[0]?.id ?? "");
    expect(onDesk(b)).toBe(1);
    expect(b.desk.problems.value).toEqual([{ field: "animal", reason: "no such animal" }]);
    b.desk.fill("animal", "bird");
    expect(b.desk.submit()).toBe(true);
    await settled();
    expect(b.desk.refused.value).toEqual([]);
    expect(b.disk.acts.size).toBe(0);
    expect(b.kernel.stored("animal")).toEqual([[1, "bird"]]);
    expect(onDesk(b)).toBe(2);
  });

  it("survives a reload and can be taken up again, or dropped", async () => {
    const b = await refused();
    b.scope.dispose();
    b.kernel.refuses = () => null;
    const again = await bench([], { kernel: b.kernel, disk: b.disk });
    const [kept] = again.desk.refused.value;
    expect(kept).toMatchObject({ task: 1, reason: "no such animal" });
    await again.desk.reopen(kept?.id ?? "");
    expect(onDesk(again)).toBe(1);
    expect(again.desk.answer.value("animal")).toBe("cat");
    again.desk.discard(kept?.id ?? "");
    await settled();
    expect(again.desk.refused.value).toEqual([]);
    expect(again.disk.acts.size).toBe(0);
  });

  it("that the person has gone back to is marked where it lies", async () => {
    const b = await bench(TWO);
    b.kernel.slow = true;
    b.kernel.refuses = ({ kind }) =>
      kind === "submit" ? { code: "label", reason: "no", field: "animal" } : null;
    b.desk.fill("animal", "cat");
    b.desk.submit();
    b.desk.back();
    b.kernel.settle();
    expect(b.desk.problems.value).toEqual([{ field: "animal", reason: "no" }]);
    b.kernel.refuses = () => null;
    b.desk.submit();
    b.kernel.settle();
    expect(b.kernel.stored("animal")).toEqual([[1, "cat"]]);
    expect(b.desk.refused.value).toEqual([]);
  });

  it("that was taken back in the meantime needs no undo", async () => {
    const b = await bench(TWO);
    b.kernel.slow = true;
    b.kernel.refuses = ({ kind }) =>
      kind === "submit"
        ? { code: "label", reason: "no" }
        : kind === "undo"
          ? { code: "gone", reason: "?" }
          : null;
    b.desk.fill("animal", "cat");
    b.desk.submit();
    b.desk.undo();
    b.kernel.settle();
    expect(onDesk(b)).toBe(1);
    expect(b.desk.refused.value.map(({ kind }) => kind)).toEqual(["submit"]);
    b.kernel.refuses = () => null;
    b.desk.submit();
    b.kernel.settle();
    expect(b.desk.refused.value).toEqual([]);
    expect(b.desk.saving.value.pending).toBe(0);
  });
});

describe("undo across answers", () => {
  it("takes the previous answer back and goes on undoing it, and redo gives it again", async () => {
    const b = await bench(TWO);
    b.desk.fill("animal", "cat");
    b.desk.answer.put("objects", [box("a")]);
    b.desk.submit();
    b.desk.fill("animal", "dog");
    await settled();
    expect(b.desk.undo()).toBe(true);
    expect(onDesk(b)).toBe(2);
    expect(b.desk.undo()).toBe(true);
    expect(onDesk(b)).toBe(1);
    expect(b.desk.task.value?.again).toBe(false);
    expect(b.desk.answer.values.value).toEqual({ animal: "cat", objects: [box("a")] });
    await settled();
    expect(b.kernel.stored("animal")).toEqual([]);
    b.desk.undo();
    expect(b.desk.answer.regions("objects")).toEqual([]);
    b.desk.redo();
    expect(b.desk.answer.regions("objects")).toHaveLength(1);
    expect(b.desk.redo()).toBe(true);
    expect(onDesk(b)).toBe(2);
    await settled();
    expect(b.kernel.stored("animal")).toEqual([[1, "cat"]]);
    expect(b.desk.answer.value("animal")).toBeNull();
    expect(b.desk.redo()).toBe(true);
    expect(b.desk.answer.value("animal")).toBe("dog");
  });

  it("reaches ten answers back, skips too", async () => {
    const b = await bench([choice()], { tasks: 20 });
    for (let i = 0; i < 12; i += 1) {
      if (i === 11) b.desk.skip("dark");
      else b.desk.pick({ field: "animal", label: "cat" });
      await settled();
    }
    let count = 0;
    const seen: (number | null)[] = [];
    while (b.desk.canUndo.value && count < 100) {
      b.desk.undo();
      count += 1;
      if (seen.at(-1) !== onDesk(b)) seen.push(onDesk(b));
    }
    await settled();
    expect(seen).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    expect(b.kernel.stored("animal").map(([task]) => task)).toEqual([1, 2]);
    while (b.desk.canRedo.value) b.desk.redo();
    await settled();
    expect(b.kernel.stored("animal").map(([task]) => task)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(onDesk(b)).toBe(13);
  });

  it("forgets what redo would give once the person answers otherwise", async () => {
    const b = await bench([choice()]);
    b.desk.pick({ field: "animal", label: "cat" });
    b.desk.undo();
    expect(b.desk.canRedo.value).toBe(true);
    b.desk.pick({ field: "animal", label: "dog" });
    expect(b.desk.canRedo.value).toBe(false);
    await settled();
    expect(b.kernel.stored("animal")).toEqual([[1, "dog"]]);
  });

  it("takes back one answer per step where one choice is the answer", async () => {
    const b = await bench([choice()]);
    for (const name of ["cat", "dog", "bird"]) b.desk.pick({ field: "animal", label: name });
    b.desk.undo();
    expect([onDesk(b), b.desk.answer.value("animal")]).toEqual([3, "bird"]);
    b.desk.undo();
    await settled();
    expect([onDesk(b), b.desk.answer.value("animal")]).toEqual([2, "dog"]);
    expect(b.kernel.stored("animal")).toEqual([[1, "cat"]]);
  });

  it("has nothing to give again once the person has submitted anew", async () => {
    const b = await bench(TWO);
    b.desk.fill("animal", "cat");
    b.desk.submit();
    b.desk.undo();
    b.desk.submit();
    expect(b.desk.canRedo.value).toBe(false);
  });

  it("brings an older version back when the newer one is taken back", async () => {
    const b = await bench(TWO);
    b.desk.fill("animal", "cat");
    b.desk.submit();
    b.desk.back();
    b.desk.fill("animal", "dog");
    b.desk.submit();
    b.desk.undo();
    await settled();
    expect(b.kernel.stored("animal")).toEqual([[1, "cat"]]);
    expect(b.desk.task.value?.again).toBe(true);
    expect(b.desk.answer.value("animal")).toBe("dog");
    b.desk.undo();
    expect(b.desk.answer.value("animal")).toBe("cat");
    const before = b.kernel.sent.length;
    expect(b.desk.submit()).toBe(true);
    expect(b.kernel.sent).toHaveLength(before);
  });
});

describe("after a reload", () => {
  async function reloaded() {
    const b = await bench(TWO);
    for (const name of ["cat", "dog"]) {
      b.desk.fill("animal", name);
      b.desk.submit();
    }
    await settled();
    b.scope.dispose();
    return bench([], { kernel: b.kernel, disk: b.disk });
  }

  it("going back reaches the answers given before", async () => {
    const b = await reloaded();
    expect(b.desk.canBack.value).toBe(true);
    b.desk.back();
    await settled();
    expect([onDesk(b), b.desk.answer.value("animal"), b.desk.task.value?.again]).toEqual([2, "dog", true]);
    b.desk.back();
    await settled();
    expect([onDesk(b), b.desk.answer.value("animal")]).toEqual([1, "cat"]);
    expect(b.desk.back()).toBe(false);
    b.desk.submit();
    b.desk.submit();
    expect([onDesk(b), b.desk.task.value?.again]).toEqual([3, false]);
  });

  it("undo takes them back", async () => {
    const b = await reloaded();
    expect(b.desk.undo()).toBe(true);
    await settled();
    expect([onDesk(b), b.desk.answer.value("animal"), b.desk.task.value?.again]).toEqual([2, "dog", false]);
    expect(b.kernel.stored("animal")).toEqual([[1, "cat"]]);
    expect(b.desk.redo()).toBe(true);
    await settled();
    expect(b.kernel.stored("animal")).toEqual([
      [1, "cat"],
      [2, "dog"],
    ]);
  });

  it("undo leaves alone what was answered anew elsewhere", async () => {
    const b = await reloaded();
    b.kernel.records.get(2)?.push({ id: "newer", values: { animal: "bird" }, withdrawn: false });
    b.desk.undo();
    await settled();
    expect(b.kernel.stored("animal")).toEqual([
      [1, "cat"],
      [2, "bird"],
    ]);
    expect(b.kernel.ofKind("undo")).toEqual([]);
    expect(b.desk.said.value).toMatch(/changed elsewhere/);
  });

  it("undo reaches an answer that is still on its way", async () => {
    const disk = new FakeDisk();
    const b = await bench(TWO, { disk });
    b.desk.fill("animal", "cat");
    b.desk.submit();
    await settled();
    b.kernel.hears = false;
    b.desk.fill("animal", "dog");
    b.desk.submit();
    b.scope.dispose();
    b.kernel.hears = true;
    const again = await bench([], { kernel: b.kernel, disk });
    expect(onDesk(again)).toBe(3);
    again.desk.undo();
    await settled();
    expect([onDesk(again), again.desk.answer.value("animal")]).toEqual([2, "dog"]);
    expect(b.kernel.stored("animal")).toEqual([[1, "cat"]]);
  });
});

describe("what the kernel tells besides", () => {
  it("is believed: counts with each ack, and that nothing is left for this person", async () => {
    const b = await bench([choice()], { tasks: 1 });
    expect(b.desk.state.value.progress.done).toBe(0);
    const { schema } = b.desk.state.value;
    b.desk.pick({ field: "animal", label: "cat" });
    await settled();
    expect(b.desk.state.value.progress.done).toBe(1);
    // Titles were filled in once: panels may compare the schema by identity.
    expect(b.desk.state.value.schema).toBe(schema);
    b.kernel.say(pushOf([], 7));
    expect([b.desk.left.value, b.desk.phase.value]).toEqual([0, "finished"]);
    b.kernel.say(pushOf([push(9)], 6));
    expect([b.desk.left.value, b.desk.phase.value, onDesk(b)]).toEqual([6, "working", 9]);
  });

  it("does not end the work while the look-ahead is being filled", async () => {
    const b = await bench([choice()], { tasks: 9 });
    b.kernel.slow = true;
    for (let i = 0; i < 3; i += 1) b.desk.pick({ field: "animal", label: "cat" });
    b.kernel.say(pushOf([], 6));
    expect(b.desk.phase.value).toBe("loading");
  });
});

describe("going back", () => {
  it("opens the last answers without taking them back; unchanged ones are not sent again", async () => {
    const b = await bench(TWO);
    for (const name of ["cat", "dog"]) {
      b.desk.fill("animal", name);
      b.desk.submit();
    }
    b.desk.fill("animal", "bird");
    await settled();
    expect(b.desk.back()).toBe(true);
    expect(b.desk.back()).toBe(true);
    expect([onDesk(b), b.desk.task.value?.again]).toEqual([1, true]);
    // What is answered needs no lease.
    await vi.advanceTimersByTimeAsync(20_000);
    expect(b.kernel.ofKind("beat")[0]?.tasks).toEqual([3, 4, 5]);
    expect(b.desk.back()).toBe(false);
    expect(b.desk.answer.value("animal")).toBe("cat");
    b.desk.submit();
    expect([onDesk(b), b.desk.answer.value("animal")]).toEqual([2, "dog"]);
    b.desk.fill("animal", "bird");
    b.desk.submit();
    expect([onDesk(b), b.desk.task.value?.again]).toEqual([3, false]);
    // What had been begun there is still there, and can still be undone.
    expect(b.desk.answer.value("animal")).toBe("bird");
    b.desk.undo();
    expect([onDesk(b), b.desk.answer.value("animal")]).toEqual([3, null]);
    await settled();
    expect(b.kernel.ofKind("submit")).toHaveLength(3);
    expect(b.kernel.stored("animal")).toEqual([
      [1, "cat"],
      [2, "bird"],
    ]);
  });

  it("fetches an older task with its answer", async () => {
    const b = await bench(TWO);
    b.desk.fill("animal", "cat");
    b.desk.submit();
    await settled();
    b.scope.dispose();
    const again = await bench([], { kernel: b.kernel });
    await again.desk.goto(1);
    expect([onDesk(again), again.desk.task.value?.again]).toEqual([1, true]);
    expect(again.desk.answer.value("animal")).toBe("cat");
    again.desk.fill("animal", "dog");
    again.desk.submit();
    await settled();
    expect(b.kernel.stored("animal")).toEqual([[1, "dog"]]);
    expect(onDesk(again)).toBe(2);
  });

  it("asks again for an answer that is stale, though nothing is changed", async () => {
    const answer = {
      id: "old",
      values: { animal: "cat", objects: [] },
      status: "submitted",
      confidence: null,
    };
    const kernel = new FakeKernel(stateOfFields(TWO), [push(1, { answer, stale: true }), push(2)]);
    const b = await bench([], { kernel });
    expect(b.desk.task.value?.again).toBe(true);
    b.desk.submit();
    await settled();
    expect(kernel.stored("animal")).toEqual([[1, "cat"]]);
  });
});

describe("drafts", () => {
  it("are kept soon, told to the kernel when hands rest, and come back after a reload", async () => {
    const b = await bench(TWO);
    b.desk.fill("animal", "cat");
    await vi.advanceTimersByTimeAsync(500);
    expect([...b.disk.drafts.keys()]).toEqual(["1/1"]);
    expect(b.kernel.ofKind("draft")).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(b.kernel.ofKind("draft")).toHaveLength(1);
    b.scope.dispose();
    const again = await bench([], { kernel: b.kernel, disk: b.disk });
    expect(again.desk.answer.value("animal")).toBe("cat");
  });

  describe("read after their task was painted", () => {
    async function painted() {
      const b = await bench(TWO);
      b.desk.fill("animal", "cat");
      await vi.advanceTimersByTimeAsync(500);
      b.scope.dispose();
      let release = () => {};
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const load = b.disk.load.bind(b.disk);
      b.disk.load = () => gate.then(load);
      const again = startBench(b.kernel, b.disk);
      opened.push(again);
      await settled();
      expect([onDesk(again), again.desk.answer.value("animal")]).toEqual([1, null]);
      return { again, release };
    }

    it("are laid out", async () => {
      const { again, release } = await painted();
      release();
      await settled();
      expect(again.desk.answer.value("animal")).toBe("cat");
    });

    it("give way to what has been done since, even when that was undone", async () => {
      const { again, release } = await painted();
      again.desk.fill("animal", "dog");
      again.desk.undo();
      release();
      await settled();
      expect(again.desk.answer.value("animal")).toBeNull();
    });
  });

  it("are flushed when the task leaves the desk or the page goes, and gone with the answer", async () => {
    const b = await bench(TWO);
    b.desk.fill("animal", "cat");
    b.desk.leave();
    await settled();
    expect(b.disk.drafts.size).toBe(1);
    expect(b.kernel.drafts.get(1)).toEqual({ animal: "cat", objects: [] });
    expect(b.kernel.sent.at(-1)).toMatchObject({ kind: "leave", tasks: [1, 2, 3] });
    b.desk.submit();
    await settled();
    expect(b.disk.drafts.size).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(b.disk.drafts.size).toBe(0);
    expect(b.kernel.ofKind("draft")).toHaveLength(1);
  });

  it("are taken back when everything was undone", async () => {
    const b = await bench(TWO);
    b.desk.fill("animal", "cat");
    await vi.advanceTimersByTimeAsync(6_000);
    b.desk.undo();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(b.disk.drafts.size).toBe(0);
    expect(b.kernel.drafts.get(1)).toBeNull();
  });

  it("of the kernel's are shown where this computer has none", async () => {
    const kernel = new FakeKernel(stateOfFields(TWO), [push(1, { draft: { animal: "bird", objects: [] } })]);
    const b = await bench([], { kernel });
    expect(b.desk.answer.value("animal")).toBe("bird");
  });
});

describe("suggestions", () => {
  const predicted = (values: Values, part: Partial<TaskPush> = {}) =>
    push(1, { predictions: [{ model: "yolo", version: "8", score: 0.9, values }], ...part });
  const two = async (values: Values, part: Partial<TaskPush> = {}) =>
    bench([], { kernel: new FakeKernel(stateOfFields(TWO), [predicted(values, part), push(2)]) });
  const animal = async (values: Values) =>
    bench([], { kernel: new FakeKernel(stateOfFields([choice()]), [predicted(values), push(2)]) });

  it("are no answer until a person decides", async () => {
    const b = await two({ animal: "cat", objects: [box("p") as never] });
    expect(b.desk.suggestion.value?.model).toBe("yolo");
    expect(b.desk.answer.value("animal")).toBeNull();
    expect(b.desk.submit()).toBe(false);
    expect(b.desk.problems.value[0]?.reason).toMatch(/"." accepts it, "," rejects it/);
  });

  it("are accepted by one key, which is undone by one", async () => {
    const b = await two({ animal: "cat", objects: [box("p") as never] });
    b.desk.keymap.run("accept");
    expect(b.desk.suggestion.value).toBeNull();
    expect(b.desk.answer.values.value).toMatchObject({ animal: "cat", objects: [box("p")] });
    b.desk.undo();
    expect(b.desk.suggestion.value?.values).toMatchObject({ animal: "cat" });
    expect(b.desk.answer.value("animal")).toBeNull();
    b.desk.redo();
    b.desk.submit();
    await settled();
    const [sent] = b.kernel.ofKind("submit");
    expect(sent).toMatchObject({ prediction: "yolo:8", values: { animal: "cat", objects: [box("p")] } });
    expect(Object.keys(sent?.values as object)).toEqual(["animal", "objects"]);
  });

  it("are rejected by one key and leave no trace in the answer", async () => {
    const b = await two({ animal: "cat" });
    b.desk.keymap.run("reject");
    b.desk.fill("animal", "dog");
    b.desk.submit();
    await settled();
    expect(b.kernel.ofKind("submit")[0]).toMatchObject({ prediction: null, values: { animal: "dog" } });
  });

  it("are corrected by answering: one key in a single-choice task, as accepting is", async () => {
    const corrected = await animal({ animal: "cat" });
    corrected.desk.pick({ field: "animal", label: "dog" });
    await settled();
    expect(onDesk(corrected)).toBe(2);
    expect(corrected.kernel.ofKind("submit")[0]).toMatchObject({
      prediction: "yolo:8",
      values: { animal: "dog" },
    });
    const accepted = await animal({ animal: "cat" });
    accepted.desk.keymap.run("accept");
    await settled();
    expect(onDesk(accepted)).toBe(2);
    expect(accepted.kernel.stored("animal")).toEqual([[1, "cat"]]);
  });

  it("of regions are decided one by one; drawing another decides nothing", async () => {
    const b = await two({ objects: [box("p"), box("q"), box("r")] as never });
    b.desk.answer.put("objects", [box("mine")]);
    expect(b.desk.suggestion.value?.values.objects).toHaveLength(3);
    b.desk.acceptRegions("objects", ["q"]);
    b.desk.rejectRegions("objects", ["p"]);
    expect(b.desk.suggestion.value?.values.objects).toEqual([box("r")]);
    b.desk.rejectRegions("objects", ["r"]);
    expect(b.desk.suggestion.value).toBeNull();
    expect(b.desk.answer.regions("objects").map(({ id }) => id)).toEqual(["mine", "q"]);
    b.desk.fill("animal", "cat");
    b.desk.submit();
    await settled();
    expect(b.kernel.ofKind("submit")[0]).toMatchObject({ prediction: "yolo:8" });
    b.desk.undo();
    b.desk.undo();
    for (let i = 0; i < 3; i += 1) b.desk.undo();
    expect(b.desk.suggestion.value?.values.objects).toHaveLength(3);
  });

  it("are not made of an answered task, nor of fields the schema does not have", async () => {
    const answer = { id: "old", values: { animal: "dog" }, status: "submitted", confidence: null };
    expect((await two({ animal: "cat" }, { answer })).desk.suggestion.value).toBeNull();
    expect((await two({ colour: "red" })).desk.suggestion.value).toBeNull();
    expect((await two({ animal: null, objects: [] })).desk.suggestion.value).toBeNull();
  });

  it("half decided survive a reload", async () => {
    const b = await two({ animal: "cat", objects: [box("p")] as never });
    b.desk.acceptRegions("objects", ["p"]);
    await vi.advanceTimersByTimeAsync(500);
    b.scope.dispose();
    const again = await bench([], { kernel: b.kernel, disk: b.disk });
    expect(again.desk.answer.regions("objects")).toHaveLength(1);
    expect(again.desk.suggestion.value?.values).toEqual({ animal: "cat" });
  });
});

describe("comments and flags", () => {
  it("are shown at once, sent once, and kept until the store has them", async () => {
    const b = await bench(TWO);
    b.kernel.slow = true;
    b.desk.fill("animal", "cat");
    b.desk.comment("too dark", "r1");
    b.desk.comment("   ");
    b.desk.keymap.run("flag");
    b.desk.flag(true);
    expect(b.desk.task.value?.push.comments).toMatchObject([
      { author: "Ann", text: "too dark", region: "r1" },
    ]);
    expect(b.desk.task.value?.push.flagged).toBe(true);
    expect(b.desk.answer.value("animal")).toBe("cat");
    expect(b.kernel.kinds()).toEqual(["hello", "comment", "flag"]);
    expect(b.disk.acts.size).toBe(2);
    b.kernel.settle();
    await settled();
    expect(b.disk.acts.size).toBe(0);
  });
});

describe("the schema changes under an open widget", () => {
  it("keeps what still fits, and offers the new labels and keys", async () => {
    const b = await bench(TWO);
    b.desk.fill("animal", "cat");
    b.desk.taxonomy("animal");
    const schema = { fields: [choice({ options: [label("fox", "f"), label("cat", "1")] })], version: 4 };
    b.kernel.change({ schema });
    expect(b.desk.answer.values.value).toEqual({ animal: "cat" });
    expect(b.desk.taxonomy("animal").get("fox")?.title).toBe("fox");
    expect(b.desk.keymap.resolved.value.labels.has("f")).toBe(true);
    expect(b.desk.selection.field.value).toBe("animal");
    b.desk.pick({ field: "animal", label: "fox" });
    await settled();
    expect(b.kernel.ofKind("submit")[0]).toMatchObject({ schema: 4, values: { animal: "fox" } });
  });

  it("refuses a state without a schema in words", async () => {
    const kernel = new FakeKernel(stateOfFields([]), []);
    (kernel as { state: unknown }).state = {};
    await expect(openBench([], { kernel })).rejects.toThrow(/no schema; run the cell again/);
  });
});

describe("media", () => {
  it("are asked for when wanted, and asked again of a kernel that is back", async () => {
    const b = await bench(TWO);
    b.kernel.hears = false;
    const tile = b.desk.media.tile(1, 2, 3, 4);
    expect(b.kernel.ofKind("media")[0]).toMatchObject({ task: 1, what: "tile", level: 2, column: 3, row: 4 });
    await vi.advanceTimersByTimeAsync(11_000);
    b.kernel.hears = true;
    const say = b.kernel.say.bind(b.kernel);
    b.kernel.say = (reply) => {
      const isMedia = reply.kind === "ack" && b.kernel.ofKind("media").some(({ id }) => id === reply.id);
      say(isMedia ? { ...reply, type: "image/png" } : reply, isMedia ? [new Uint8Array([1, 2, 3])] : []);
    };
    await vi.advanceTimersByTimeAsync(20_000);
    const blob = await tile;
    expect([blob.type, blob.size]).toEqual(["image/png", 3]);
  });

  it("reject with the kernel's reason, or when nobody waits any more", async () => {
    const b = await bench(TWO);
    b.kernel.refuses = ({ kind }) =>
      kind === "media" ? { code: "media", reason: "The file is gone." } : null;
    await expect(b.desk.media.full(1)).rejects.toThrow("The file is gone.");
    b.kernel.hears = false;
    const controller = new AbortController();
    const tile = b.desk.media.tile(1, 0, 0, 0, controller.signal);
    controller.abort(new Error("scrolled away"));
    await expect(tile).rejects.toThrow("scrolled away");
    const late = b.desk.media.full(1);
    b.scope.dispose();
    await expect(late).rejects.toThrow();
  });
});

describe("the heartbeat", () => {
  it("beats once a second after the greeting, when the host has its thread for widgets", async () => {
    const b = await bench(TWO);
    expect(b.kernel.kinds()).toEqual(["hello"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(b.kernel.kinds()).toEqual(["hello", "beat"]);
  });

  it("renews what is held, pauses after ten idle minutes, and goes on with the next input", async () => {
    const b = await bench(TWO);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(b.kernel.ofKind("beat")[0]).toMatchObject({ tasks: [1, 2, 3] });
    await vi.advanceTimersByTimeAsync(620_000);
    expect(b.desk.saving.value.state).toBe("paused");
    const beats = b.kernel.ofKind("beat").length;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(b.kernel.ofKind("beat")).toHaveLength(beats);
  });
});

describe("a second tab", () => {
  it("does not show what was answered in the first, unless work has begun on it", async () => {
    vi.useRealTimers();
    const one = await bench([choice(), boxes()]);
    const two = await bench([], { kernel: one.kernel });
    const heard = () => new Promise((resolve) => setTimeout(resolve, 30));
    expect(onDesk(two)).toBe(1);
    one.desk.fill("animal", "cat");
    one.desk.submit();
    await heard();
    expect(onDesk(two)).toBe(2);
    two.desk.fill("animal", "dog");
    one.desk.fill("animal", "bird");
    one.desk.submit();
    await heard();
    expect(onDesk(two)).toBe(2);
    two.desk.submit();
    await heard();
    expect(onDesk(two)).toBe(3);
    expect(one.kernel.stored("animal")).toEqual([
      [1, "cat"],
      [2, "dog"],
    ]);
    one.desk.undo();
    await heard();
    expect(onDesk(one)).toBe(2);
  });
});

describe("a second tab whose last task was answered in the first", () => {
  it("asks for more once the store has that answer", async () => {
    vi.useRealTimers();
    const one = await bench([choice()], { tasks: 2 });
    const two = await bench([], { kernel: one.kernel });
    const before = one.kernel.ofKind("beat").length;
    for (let n = 0; n < 2; n++) {
      one.desk.fill("animal", "cat");
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    expect(onDesk(two)).toBeNull();
    expect(one.kernel.ofKind("beat").slice(before)).toContainEqual(expect.objectContaining({ tasks: [] }));
  });
});

describe("a view that is gone", () => {
  it("throws at nobody who still holds it", async () => {
    const b = await bench([choice()]);
    b.scope.dispose();
    expect(() => b.desk.pick({ field: "animal", label: "cat" })).not.toThrow();
    await settled();
    expect(b.disk.acts.size).toBe(1);
  });
});

describe("the commands of every widget", () => {
  it("work on the task", async () => {
    const b = await bench(TWO);
    const { keymap } = b.desk;
    keymap.run("unsure");
    expect(b.desk.confidence.value).toBe("unsure");
    // Handled even when something is missing.
    expect(keymap.run("submit")).toBe(true);
    expect(onDesk(b)).toBe(1);
    keymap.run("skip");
    expect(onDesk(b)).toBe(2);
    keymap.run("back");
    expect(onDesk(b)).toBe(1);
  });
});

describe("a show case", () => {
  it("shows an example that can't be changed, and sends nothing", async () => {
    const b = await bench(TWO);
    const answer = {
      id: "right",
      values: { animal: "cat", objects: [box("a")] as never },
      status: "gold",
      confidence: null,
    };
    const shown = showCase(b.desk, { caption: "a cat", task: push(-1, { answer }) });
    await settled();
    const before = b.kernel.sent.length;
    expect(shown.phase.value).toBe("viewing");
    expect(shown.answer.value("animal")).toBe("cat");
    shown.pick({ field: "animal", label: "dog" });
    expect(shown.submit()).toBe(false);
    expect(shown.answer.value("animal")).toBe("cat");
    expect(b.kernel.sent).toHaveLength(before);
    expect(shown.media).toBe(b.desk.media);
    b.scope.dispose();
    expect(shown.scope.disposed).toBe(true);
  });
});
