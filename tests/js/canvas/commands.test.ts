// @vitest-environment happy-dom
/** Everything a pointer can do is done by keys: on the real answer, selection, history and keymap. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Board, type RegionDesk } from "../../../labelwidgets/js/canvas/board.ts";
import { Camera } from "../../../labelwidgets/js/canvas/camera.ts";
import { bindCommands } from "../../../labelwidgets/js/canvas/commands.ts";
import "../../../labelwidgets/js/canvas/shapes/box.ts";
import { Answer } from "../../../labelwidgets/js/core/annotations.ts";
import type { DeskTask, Phase, Suggestion } from "../../../labelwidgets/js/core/desk.ts";
import { History } from "../../../labelwidgets/js/core/history.ts";
import { Keymap } from "../../../labelwidgets/js/core/keymap.ts";
import type { BoxesJson, BoxJson, State } from "../../../labelwidgets/js/core/protocol.ts";
import { Scope } from "../../../labelwidgets/js/core/scope.ts";
import { Selection } from "../../../labelwidgets/js/core/selection.ts";
import { Cell } from "../../../labelwidgets/js/core/signal.ts";
import { Taxonomy } from "../../../labelwidgets/js/core/taxonomy.ts";

const FIELD = "objects";

const label = (name: string) => ({
  id: name,
  name,
  title: name,
  color: "#1f77b4",
  hotkey: null,
  description: "",
  aliases: [],
  parent: null,
});

const boxes = (rotatable: boolean): BoxesJson => ({
  kind: "boxes",
  name: FIELD,
  title: "Objects",
  help: "",
  required: false,
  labels: [label("car"), label("person")],
  attributes: [],
  rotatable,
  min_count: 0,
  max_count: null,
  min_size: 1,
});

const box = (id: string, x: number, y: number, width = 40, height = 30): BoxJson => ({
  id,
  label: "car",
  score: null,
  attributes: {},
  x,
  y,
  width,
  height,
  angle: 0,
});

const taskOf = (id: number) => ({ push: { id } }) as unknown as DeskTask;

/** A desk with 400 x 300 px on a stage of the same size, all shown at about 1:1. */
function open(
  regions: BoxJson[] = [],
  { offered = [] as BoxJson[], rotatable = true, phase = "working" as Phase } = {},
) {
  const schema = { fields: [boxes(rotatable)], version: 1 };
  const scope = new Scope();
  const answer = new Answer(schema);
  answer.load({ [FIELD]: regions as never });
  const history = new History(answer);
  const selection = new Selection(answer);
  selection.setField(FIELD);
  const keymap = new Keymap(schema, {}, false);
  const taxonomy = new Taxonomy(schema.fields[0]?.labels ?? []);
  const suggestion = new Cell<Suggestion | null>(
    offered.length > 0
      ? { model: "m", version: "1", score: null, values: { [FIELD]: offered as never } }
      : null,
  );
  const decided: [string, string[]][] = [];
  const task = new Cell<DeskTask | null>(taskOf(1));
  const desk: RegionDesk = {
    state: new Cell({ schema } as unknown as State),
    task,
    queue: new Cell([]),
    phase: new Cell<Phase>(phase),
    answer,
    selection,
    suggestion,
    keymap,
    media: { full: async () => new Blob([]), tile: async () => new Blob([]) },
    taxonomy: () => taxonomy,
    acceptRegions: (_, ids) => decided.push(["accept", [...ids]]),
    rejectRegions: (_, ids) => decided.push(["reject", [...ids]]),
    fail: () => true,
  };
  const camera = new Camera();
  camera.resize({ width: 424, height: 324 });
  camera.open({ width: 400, height: 300 });
  const board = new Board(desk, camera);
  board.ready = true;
  board.reload();
  scope.own(answer.values.subscribe(() => board.sync()));
  const said: string[] = [];
  const toggled: string[] = [];
  let pointer: { x: number; y: number } | null = null;
  let running = false;
  const commands = bindCommands({
    desk,
    board,
    camera,
    scope,
    pointer: () => pointer,
    cancel: () => {
      const was = running;
      running = false;
      return was;
    },
    say: (words) => said.push(words),
    toggle: (what) => toggled.push(what),
  });
  return {
    answer,
    board,
    camera,
    commands,
    decided,
    history,
    said,
    scope,
    selection,
    suggestion,
    task,
    toggled,
    regions: () => answer.regions(FIELD) as unknown as BoxJson[],
    selected: () => [...selection.ids.value],
    run: (id: string) => keymap.run(id),
    /** A key that is pressed and held: `times` events, then its release. */
    hold(id: string, times = 1, shiftKey = false) {
      const event = new KeyboardEvent("keydown", { shiftKey });
      const ran = Array.from({ length: times }, () => keymap.run(id, event));
      window.dispatchEvent(new KeyboardEvent("keyup"));
      return ran;
    },
    point: (at: { x: number; y: number } | null) => {
      pointer = at;
    },
    begin: () => {
      running = true;
    },
  };
}

type Opened = ReturnType<typeof open>;
let desk: Opened;

const start = (...args: Parameters<typeof open>): Opened => {
  desk = open(...args);
  return desk;
};

beforeEach(() => {
  start();
});
afterEach(() => desk.scope.dispose());

describe("a box without a pointer", () => {
  it("is made in the middle of what is seen, with the first label, and selected", () => {
    expect(desk.run("new")).toBe(true);
    const [made] = desk.regions();
    expect(made).toMatchObject({ label: "car", score: null });
    expect((made?.x ?? 0) + (made?.width ?? 0) / 2).toBeCloseTo(200, 0);
    expect(desk.selected()).toEqual([made?.id]);
    expect(desk.said[0]).toMatch(/^New box\. car, \d/);
  });

  it("gets the active label", () => {
    desk.selection.setLabel(FIELD, "person");
    desk.run("new");
    expect(desk.regions()[0]?.label).toBe("person");
  });

  it("is made where the view is", () => {
    desk.camera.zoom(8, { x: 0, y: 0 });
    desk.run("new");
    const { minX, maxX } = desk.camera.shown;
    expect(desk.regions()[0]?.x).toBeGreaterThan(minX);
    expect(desk.regions()[0]?.x).toBeLessThan(maxX);
  });

  it("is moved, resized and turned", () => {
    start([box("a", 100, 100)]);
    desk.run("next");
    desk.hold("right");
    desk.hold("down", 1, true);
    desk.hold("wider");
    desk.hold("shorter", 1, true);
    desk.hold("turn-right");
    expect(desk.regions()[0]).toMatchObject({ width: 41, height: 20, angle: 1, score: null });
    desk.hold("turn-left");
    expect(desk.regions()[0]).toMatchObject({ x: 101, y: 110, width: 41, height: 20, angle: 0 });
  });

  it("is not turned where boxes may not be", () => {
    start([box("a", 100, 100)], { rotatable: false });
    desk.run("next");
    expect(desk.hold("turn-right")).toEqual([false]);
    expect(desk.regions()[0]?.angle).toBe(0);
  });

  it("stays inside the image however long a key is held", () => {
    start([box("a", 100, 100)]);
    desk.run("next");
    desk.hold("left", 200);
    desk.hold("taller", 80, true);
    expect(desk.regions()[0]).toMatchObject({ x: 0, y: 100, height: 200 });
  });
});

describe("a held key", () => {
  it("is one step of undo", () => {
    start([box("a", 100, 100)]);
    desk.run("next");
    desk.hold("right", 12);
    desk.hold("down", 3);
    expect(desk.regions()[0]).toMatchObject({ x: 112, y: 103 });
    desk.history.undo();
    expect(desk.regions()[0]).toMatchObject({ x: 112, y: 100 });
    desk.history.undo();
    expect(desk.regions()[0]).toMatchObject({ x: 100, y: 100 });
    expect(desk.history.canUndo).toBe(false);
  });

  it("moves several together, and stops them together at the edge", () => {
    start([box("a", 5, 100), box("b", 100, 100)]);
    desk.run("select-all");
    desk.hold("left", 9);
    expect(desk.regions().map(({ x }) => x)).toEqual([0, 95]);
  });

  it("does nothing without a selection, so that the page may scroll", () => {
    expect(desk.hold("left")).toEqual([false]);
  });
});

describe("selecting", () => {
  it("goes through regions and then suggestions, both ways around, and tells which", () => {
    start([box("a", 0, 0), box("b", 50, 50)], { offered: [box("guess", 100, 100)] });
    const seen = [0, 1, 2, 3].map(() => {
      desk.run("next");
      return desk.selected()[0];
    });
    expect(seen).toEqual(["a", "b", "guess", "a"]);
    desk.run("previous");
    expect(desk.selected()).toEqual(["guess"]);
    expect(desk.said.at(-1)).toBe("car, 40 × 30 px at 100, 100, suggested. 3 of 3");
  });

  it("leaves in steps: the gesture, the selection, then the widget", () => {
    start([box("a", 0, 0)]);
    desk.run("next");
    desk.begin();
    expect(desk.run("leave")).toBe(true);
    expect(desk.selected()).toEqual(["a"]);
    expect(desk.run("leave")).toBe(true);
    expect(desk.selected()).toEqual([]);
    expect(desk.run("leave")).toBe(false);
  });
});

describe("copies", () => {
  it("lie aside of what they copy, with ids of their own", () => {
    start([box("a", 100, 100)]);
    desk.run("next");
    desk.run("copy");
    desk.run("paste");
    desk.run("paste");
    const xs = desk.regions().map(({ x }) => x);
    expect(xs[0]).toBe(100);
    expect(xs[1]).toBeGreaterThan(100);
    expect(xs[2]).toBeGreaterThan(xs[1] ?? 0);
    expect(new Set(desk.regions().map(({ id }) => id)).size).toBe(3);
    expect(desk.selected()).toEqual([desk.regions()[2]?.id]);
  });

  it("lie where they were on another item", () => {
    start([{ ...box("a", 100, 100), label: "person", score: 0.5 }]);
    desk.run("next");
    desk.run("copy");
    desk.answer.load({ [FIELD]: [] });
    desk.task.set(taskOf(2));
    desk.run("paste");
    expect(desk.regions()).toEqual([
      { ...box("a", 100, 100), label: "person", id: expect.any(String), score: null },
    ]);
  });

  it("are cut at the edge of a smaller image", () => {
    start([box("a", 350, 100)]);
    desk.run("next");
    desk.run("copy");
    desk.answer.load({ [FIELD]: [] });
    desk.task.set(taskOf(2));
    desk.camera.open({ width: 370, height: 300 });
    desk.run("paste");
    expect(desk.regions()[0]).toMatchObject({ x: 350, width: 20 });
  });

  it("are made of the selection at once by duplicating, as one step of undo", () => {
    start([box("a", 100, 100), box("b", 200, 100)]);
    desk.run("select-all");
    desk.run("duplicate");
    expect(desk.regions()).toHaveLength(4);
    expect(desk.selected()).toHaveLength(2);
    desk.history.undo();
    expect(desk.regions()).toHaveLength(2);
  });

  it("are none without a selection: the browser's own copy stays", () => {
    expect(desk.run("copy")).toBe(false);
    expect(desk.run("paste")).toBe(false);
  });
});

describe("deciding", () => {
  it("deletes what was drawn and rejects what was suggested", () => {
    start([box("a", 0, 0), box("b", 50, 50)], { offered: [box("guess", 100, 100)] });
    desk.run("next");
    desk.run("delete");
    expect(desk.regions().map(({ id }) => id)).toEqual(["b"]);
    desk.selection.select(["guess"]);
    desk.run("delete");
    expect(desk.decided).toEqual([["reject", ["guess"]]]);
    expect(desk.regions()).toHaveLength(1);
  });

  it("is about the selected suggestions only, else left to the desk", () => {
    start([box("a", 0, 0)], { offered: [box("one", 100, 100), box("two", 200, 100)] });
    expect(desk.run("accept")).toBe(false);
    desk.selection.select(["two"]);
    expect(desk.run("accept")).toBe(true);
    desk.selection.select(["one"]);
    expect(desk.run("reject")).toBe(true);
    expect(desk.decided).toEqual([
      ["accept", ["two"]],
      ["reject", ["one"]],
    ]);
  });

  it("takes over a suggestion that is nudged", () => {
    start([], { offered: [{ ...box("guess", 100, 100), score: 0.9 }] });
    desk.selection.select(["guess"]);
    desk.hold("right");
    expect(desk.decided).toEqual([["accept", ["guess"]]]);
    expect(desk.regions()).toEqual([box("guess", 101, 100)]);
  });
});

describe("what is read-only", () => {
  it("can be looked at and selected, not changed", () => {
    start([box("a", 100, 100)], { phase: "viewing" });
    desk.run("next");
    expect(desk.selected()).toEqual(["a"]);
    for (const id of ["new", "delete", "duplicate", "right", "wider", "turn-right"])
      expect(desk.run(id)).toBe(false);
    expect(desk.regions()).toEqual([box("a", 100, 100)]);
    expect(desk.run("zoom-in")).toBe(true);
  });

  it("also is so before the picture is there", () => {
    desk.board.ready = false;
    expect(desk.run("new")).toBe(false);
  });
});

describe("the view", () => {
  it("zooms about the pointer, fits and shows actual pixels", () => {
    desk.point({ x: 100, y: 80 });
    const before = desk.camera.view.value;
    desk.run("zoom-in");
    const { scale } = desk.camera.view.value;
    expect(scale).toBeCloseTo(before.scale * 1.25, 9);
    desk.run("fit");
    expect(desk.camera.view.value).toEqual(before);
    desk.run("zoom-in");
    desk.run("actual-size");
    expect(desk.camera.view.value.scale).toBe(1);
  });

  it("follows a region that leaves it", () => {
    start([box("a", 100, 100)]);
    desk.run("next");
    desk.camera.zoom(6, { x: 120, y: 110 });
    desk.hold("right", 60);
    expect(desk.camera.shown.maxX).toBeGreaterThan(200);
  });

  it("shows and hides regions and guide lines", () => {
    desk.run("hide");
    desk.run("guides");
    expect(desk.toggled).toEqual(["regions", "guides"]);
  });

  it("tells the frame which commands there are", () => {
    expect(desk.commands.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["new", "hide", "zoom-in", "zoom-out", "fit"]),
    );
  });
});
