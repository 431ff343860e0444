import { describe, expect, it } from "vitest";
import { Many } from "../../../labelwidgets/js/core/many.ts";
import { choice, openBench, settled } from "./fakes.ts";

describe("many at once", () => {
  it("answers many at once, as one step", async () => {
    const b = await openBench([choice()], { tasks: 6, state: { mode: "grid" } });
    const many = new Many(b.desk);
    expect(b.desk.phase.value).toBe("working");
    expect(b.desk.task.value).toBeNull();
    const ids = b.desk.queue.value.map(({ push: { id } }) => id);
    expect(ids).toEqual([1, 2, 3]);
    expect(many.submit([{ task: 1, values: {} }])).toBe(false);
    expect(b.desk.problems.value[0]?.field).toBe("animal");
    expect(many.submit(ids.map((task) => ({ task, values: { animal: "cat" } })))).toBe(true);
    await settled();
    expect(b.kernel.stored("animal").map(([task]) => task)).toEqual([1, 2, 3]);
    expect(b.desk.queue.value.map(({ push: { id } }) => id)).toEqual([4, 5, 6]);
    b.desk.undo();
    await settled();
    expect(b.kernel.stored("animal")).toEqual([]);
    expect(b.desk.queue.value.map(({ push: { id } }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(b.desk.canUndo.value).toBe(false);
  });

  it("skips many at once, as one step", async () => {
    const b = await openBench([choice()], { tasks: 6, state: { mode: "grid" } });
    const many = new Many(b.desk);
    expect(many.skip([77], "dark")).toBe(false);
    expect(many.skip([1, 3], "dark")).toBe(true);
    await settled();
    expect(b.kernel.ofKind("skip").map(({ task, reason }) => [task, reason])).toEqual([
      [1, "dark"],
      [3, "dark"],
    ]);
    expect(b.desk.queue.value[0]?.push.id).toBe(2);
    b.desk.undo();
    await settled();
    expect(b.kernel.ofKind("undo")).toHaveLength(2);
    expect(b.desk.queue.value.slice(0, 3).map(({ push: { id } }) => id)).toEqual([1, 3, 2]);
  });

  it("is nothing for a widget that shows one at a time", async () => {
    const b = await openBench([choice()]);
    expect(new Many(b.desk).submit([{ task: 1, values: { animal: "cat" } }])).toBe(false);
  });

  it("asks for more", async () => {
    const b = await openBench([choice()], { tasks: 1, state: { mode: "grid" } });
    const more = new Many(b.desk).more(50);
    expect(b.kernel.ofKind("tiles")[0]).toMatchObject({ n: 50 });
    await more;
  });
});
