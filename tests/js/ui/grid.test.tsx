// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { DeskTask } from "../../../labelwidgets/js/core/desk.ts";
import { Many } from "../../../labelwidgets/js/core/many.ts";
import type { TaskPush } from "../../../labelwidgets/js/core/protocol.ts";
import { mountFrame } from "../../../labelwidgets/js/ui/frame.tsx";
import { gridMove, gridSurface } from "../../../labelwidgets/js/ui/grid.tsx";
import { between, meets } from "../../../labelwidgets/js/ui/lasso.ts";
import { common, Tiles, tileState } from "../../../labelwidgets/js/ui/tiles.ts";
import { choice, openBench, push, settled } from "../core/fakes.ts";
import { all, button, click, doing, one, press } from "./page.tsx";

const cat = { model: "clip", version: "1", score: 0.7, values: { animal: "cat" } };

/** A grid of `n` tiles on a desk with a kernel; tile 5 is broken, tile 6 has a suggestion. */
async function openGrid(n = 8, field = choice()) {
  const bench = await openBench([field], { tasks: 0, state: { mode: "grid" } });
  const parts: { [id: number]: Partial<TaskPush> } = {
    5: { media: { kind: "image", name: "item-5", broken: "the file is empty" } },
    6: { predictions: [cat] },
  };
  bench.kernel.say({
    kind: "push",
    tasks: Array.from({ length: n }, (_, i) => push(i + 1, parts[i + 1])),
    left: 40,
  });
  const tiles = new Tiles(bench.desk, new Many(bench.desk));
  const host = document.createElement("div");
  document.body.replaceChildren(host);
  doing(() => mountFrame(host, tiles.desk, gridSurface(tiles), { alone: true }));
  const grid = one(host, ".lw-grid");
  const said = () => Object.fromEntries([...tiles.answers.value].map(([id, values]) => [id, values.animal]));
  const tile = (id: number) => all(host, ".lw-tile")[id - 1] as HTMLElement;
  return { ...bench, tiles, host, grid, said, tile };
}

describe("labeling", () => {
  it("a label key answers all selected tiles at once", async () => {
    const { grid, tile, said, host } = await openGrid();
    click(tile(1));
    click(tile(3), { shiftKey: true });
    press(grid, "1");
    expect(said()).toEqual({ 1: "cat", 2: "cat", 3: "cat" });
    expect(tile(2).className).toContain("lw-done");
    expect(tile(2).textContent).toContain("cat");
    expect(one(host, ".lw-first").textContent).toContain("Submit 3");
  });

  it("without a selection it answers the tile at the cursor, and goes on to the next open one", async () => {
    const { grid, said } = await openGrid();
    for (const key of ["1", "2", "1", "2", "1"]) press(grid, key);
    // 5 can't be shown: nobody can say what it is.
    expect(said()).toEqual({ 1: "cat", 2: "dog", 3: "cat", 4: "dog", 6: "cat" });
  });

  it("the bar's buttons do the same, and show what the selection has in common", async () => {
    const { host, tile, said } = await openGrid();
    click(tile(1));
    click(tile(2));
    const [, dog] = all(host, ".lw-bar [role=radio]");
    click(dog as HTMLElement);
    expect(said()).toEqual({ 1: "dog", 2: "dog" });
    expect(dog?.getAttribute("aria-checked")).toBe("true");
    click(tile(3));
    expect(dog?.getAttribute("aria-checked")).toBe("false");
  });

  it("undo takes back the last label, then the last page", async () => {
    const { grid, tiles, tile, said, kernel } = await openGrid();
    press(grid, "1");
    click(tile(2));
    press(grid, "2");
    press(grid, "z", { ctrlKey: true });
    expect(said()).toEqual({ 1: "cat" });
    press(grid, "Enter");
    await settled();
    press(grid, "z", { ctrlKey: true });
    await settled();
    expect(kernel.ofKind("undo").length).toBe(1);
    expect(tiles.tasks.value.some(({ push: { id } }) => id === 1)).toBe(true);
  });

  it("a suggestion is shown as such and accepted by its key", async () => {
    const { grid, tile, said, host } = await openGrid();
    expect(tile(6).className).toContain("lw-guess");
    expect(tile(6).textContent).toContain("suggested");
    expect(tile(6).textContent).toContain("70 %");
    click(tile(6));
    expect(one(host, ".lw-notice").textContent).toContain("Suggestion of clip");
    press(grid, ".");
    expect(said()).toEqual({ 6: "cat" });
  });
});

describe("submitting", () => {
  it("sends each answered tile as an act of its own, and asks for more", async () => {
    const { grid, tile, kernel, tiles } = await openGrid();
    click(tile(1));
    click(tile(4), { shiftKey: true });
    press(grid, "2");
    press(grid, "Enter");
    await settled();
    const acts = kernel.ofKind("submit");
    expect(acts.map(({ task, values }) => [task, values])).toEqual(
      [1, 2, 3, 4].map((task) => [task, { animal: "dog" }]),
    );
    expect(new Set(acts.map(({ id }) => id)).size).toBe(4);
    expect(tiles.tasks.value.map(({ push: { id } }) => id)).toEqual([5, 6, 7, 8]);
    expect(kernel.ofKind("tiles").length).toBe(1);
    expect(tiles.ready.value).toBe(0);
  });

  it("of nothing sends nothing", async () => {
    const { grid, kernel } = await openGrid();
    expect(press(grid, "Enter").defaultPrevented).toBe(true);
    expect(kernel.ofKind("submit")).toEqual([]);
  });
});

describe("skipping", () => {
  it("what can't be shown, and what is selected, each as an act of its own", async () => {
    const { tile, tiles, kernel, host } = await openGrid();
    click(tile(2));
    click(tile(5));
    click(button(host, "Skip"));
    await settled();
    expect(kernel.ofKind("skip").map(({ task }) => task)).toEqual([2, 5]);
    expect(tiles.tasks.value.map(({ push: { id } }) => id)).toEqual([1, 3, 4, 6, 7, 8]);
  });
});

describe("selecting", () => {
  it("Space and arrows, Shift extends, Escape deselects", async () => {
    const { grid, tiles } = await openGrid();
    press(grid, " ");
    expect([...tiles.selected.value]).toEqual([1]);
    press(grid, "ArrowRight");
    expect(tiles.selected.value.size).toBe(0);
    press(grid, "End", { shiftKey: true });
    expect(tiles.selected.value.size).toBe(7);
    expect(grid.getAttribute("aria-activedescendant")).toBe(all(grid, "[role=option]")[7]?.id);
    press(grid, "Escape");
    expect(tiles.selected.value.size).toBe(0);
  });

  it("all, and a click on nothing", async () => {
    const { grid, tiles } = await openGrid();
    press(grid, "a", { ctrlKey: true });
    expect(tiles.selected.value.size).toBe(8);
    click(grid);
    expect(tiles.selected.value.size).toBe(0);
  });
});

it("says what a tile is", async () => {
  const { tile } = await openGrid();
  const named = (id: number) =>
    (tile(id).getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .map((each) => document.getElementById(each)?.textContent)
      .join(" ");
  expect(named(1)).toContain("not labeled");
  expect(named(5)).toContain("the file is empty");
  expect(tileState({ push: push(1, { predictions: [cat] }) } as DeskTask, { animal: "cat" })).toBe("done");
});

it("zooms", async () => {
  const { grid } = await openGrid();
  press(grid, "+");
  expect(grid.style.getPropertyValue("--lw-tile")).toBe("200px");
});

it("small parts", () => {
  expect(common([{ a: 1 }, { a: 1 }], "a")).toBe(1);
  expect(common([{ a: 1 }, undefined], "a")).toBeNull();
  expect(gridMove("ArrowDown", 1, 4, 5)).toBe(1);
  expect(gridMove("ArrowDown", 0, 4, 5)).toBe(4);
  expect(gridMove("x", 0, 4, 5)).toBe(-1);
  expect(between({ x: 9, y: 1 }, { x: 2, y: 5 })).toEqual({ left: 2, top: 1, right: 9, bottom: 5 });
  const unit = { left: 0, top: 0, right: 1, bottom: 1 };
  expect([
    meets(unit, { ...unit, left: 0.5, right: 2 }),
    meets(unit, { ...unit, left: 1, right: 2 }),
  ]).toEqual([true, false]);
});
