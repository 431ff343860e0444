/** The tools as reducers: what presses, drags and clicks mean, without a DOM. */

import { describe, expect, it } from "vitest";
import { boundsOf, encloses, type Point } from "../../../labelwidgets/js/canvas/geometry.ts";
import { Picking, type Placed, smallestFirst } from "../../../labelwidgets/js/canvas/picking.ts";
import "../../../labelwidgets/js/canvas/shapes/box.ts";
import { type Limits, shapeOf } from "../../../labelwidgets/js/canvas/shapes/registry.ts";
import {
  type Clicked,
  clickedAt,
  hovering,
  press,
  step,
} from "../../../labelwidgets/js/canvas/tools/edit.ts";
import {
  type Device,
  draftsOf,
  type Gesture,
  type Intent,
  type Pointer,
  type Scene,
  type Step,
} from "../../../labelwidgets/js/canvas/tools/gesture.ts";
import type { RegionJson } from "../../../labelwidgets/js/core/protocol.ts";
import { forSeeds } from "./seeded.ts";

const shape = shapeOf("boxes");
if (!shape) throw new Error("boxes are not registered");
const LIMITS: Limits = { image: { width: 400, height: 300 }, minSize: 1, rotatable: true };
const FIELD = "objects";

const box = (id: string, x: number, y: number, width: number, height: number): RegionJson => ({
  id,
  label: "car",
  score: 0.5,
  attributes: {},
  x,
  y,
  width,
  height,
  angle: 0,
});

interface Setting {
  regions?: RegionJson[];
  offered?: RegionJson[];
  selected?: string[];
  scale?: number;
  editable?: boolean;
  drawable?: boolean;
}

function sceneOf({
  regions = [],
  offered = [],
  selected = [],
  scale = 1,
  editable = true,
  drawable = true,
}: Setting): Scene {
  if (!shape) throw new Error("boxes are not registered");
  const drawn = new Picking();
  const suggested = new Picking(true);
  drawn.sync(FIELD, shape, regions);
  suggested.sync(FIELD, shape, offered);
  const chosen = selected.map(
    (id) => drawn.get(`${FIELD}\n${id}`) ?? (suggested.get(`${FIELD}\n${id}`) as Placed),
  );
  const sight = { scale, shown: { minX: -1e3, minY: -1e3, maxX: 1e3, maxY: 1e3 } };
  return {
    scale,
    image: LIMITS.image,
    editable,
    drawable: drawable && editable ? { field: FIELD, shape, limits: LIMITS } : null,
    selected: chosen,
    isSelected: (placed) => chosen.some(({ key }) => key === placed.key),
    limits: () => LIMITS,
    grip(at: Point, device: Device) {
      const [placed, ...more] = chosen;
      if (!placed || more.length > 0) return null;
      const handle = shape.grip(placed.region, at, (device === "touch" ? 16 : 7) / scale, sight, LIMITS);
      return handle && { placed, handle };
    },
    stack: (at) => [...drawn.at(at, 4 / scale), ...suggested.at(at, 4 / scale)].sort(smallestFirst),
    enclosed: (bounds) => drawn.within(bounds).filter((placed) => encloses(bounds, placed)),
  };
}

type How = Partial<Omit<Pointer, "at" | "screen" | "phase">>;

const pointer = (phase: Pointer["phase"], x: number, y: number, scale: number, how: How = {}): Pointer => ({
  phase,
  at: { x, y },
  screen: { x: x * scale, y: y * scale },
  device: "mouse",
  shift: false,
  alt: false,
  mod: false,
  ...how,
});

/** A drag from the first point over the others; the last step and all intents. */
function drag(
  setting: Setting,
  points: [number, number][],
  how: How = {},
): { intents: Intent[]; during: Gesture[]; last: Step } {
  const scene = sceneOf(setting);
  const [first, ...rest] = points;
  let gesture: Gesture | null = press(
    pointer("down", first?.[0] ?? 0, first?.[1] ?? 0, scene.scale, how),
    scene,
  );
  const intents: Intent[] = [];
  const during: Gesture[] = [];
  let last: Step = { gesture, intents: [] };
  rest.forEach(([x, y], i) => {
    const phases: Pointer["phase"][] = i === rest.length - 1 ? ["move", "up"] : ["move"];
    for (const phase of phases) {
      if (!gesture) return;
      last = step(gesture, pointer(phase, x, y, scene.scale, how), scene, null);
      gesture = last.gesture;
      if (gesture) during.push(gesture);
      intents.push(...last.intents);
    }
  });
  return { intents, during, last };
}

function click(setting: Setting, x: number, y: number, how: How = {}, clicked: Clicked | null = null) {
  const scene = sceneOf(setting);
  const down = pointer("down", x, y, scene.scale, how);
  const taken = step(press(down, scene), { ...down, phase: "up" }, scene, clicked);
  return { ids: idsOf(taken.intents[0]), intent: taken.intents[0], clicked: clickedAt(down, taken) };
}

const idsOf = (intent: Intent | undefined): string[] =>
  intent?.act === "select" ? intent.placed.map(({ region }) => region.id) : [];

const NESTED = [box("large", 10, 10, 200, 200), box("small", 60, 60, 40, 40)];

describe("drawing", () => {
  it("makes a box between press and release", () => {
    const { intents } = drag({}, [
      [50, 60],
      [80, 100],
      [120, 160],
    ]);
    expect(intents).toEqual([
      { act: "create", field: FIELD, geometry: { x: 50, y: 60, width: 70, height: 100, angle: 0 } },
    ]);
  });

  it("is clipped to the image while it goes on", () => {
    const { during } = drag({}, [
      [350, 250],
      [500, 400],
      [600, 500],
    ]);
    for (const gesture of during) {
      if (gesture.kind === "draw") expect(gesture.geometry).toMatchObject({ width: 50, height: 50 });
    }
    expect(during.some(({ kind }) => kind === "draw")).toBe(true);
  });

  it("takes a click for no box, whatever the zoom", () => {
    for (const scale of [0.1, 1, 20]) {
      const { intents } = drag({ scale }, [
        [50, 60],
        [50 + 2 / scale, 60 + 2 / scale],
      ]);
      expect(intents).toEqual([{ act: "select", placed: [], mode: "replace" }]);
    }
  });

  it("takes a slip along one direction for no box", () => {
    expect(
      drag({}, [
        [50, 60],
        [120, 61],
      ]).intents,
    ).toEqual([]);
  });

  it("needs a longer way with a finger than with a mouse", () => {
    const way: [number, number][] = [
      [50, 60],
      [56, 66],
    ];
    expect(drag({}, way).intents[0]?.act).toBe("create");
    expect(drag({}, way, { device: "touch" }).intents[0]?.act).toBe("select");
  });

  it("goes on inside of other regions, which a click would select", () => {
    expect(
      drag({ regions: NESTED }, [
        [70, 70],
        [90, 90],
      ]).intents[0]?.act,
    ).toBe("create");
    expect(click({ regions: NESTED }, 70, 70).ids).toEqual(["small"]);
  });

  it("goes on inside of the selected region with Ctrl", () => {
    const setting = { regions: NESTED, selected: ["large"] };
    expect(
      drag(setting, [
        [150, 150],
        [180, 180],
      ]).intents[0]?.act,
    ).toBe("put");
    expect(
      drag(
        setting,
        [
          [150, 150],
          [180, 180],
        ],
        { mod: true },
      ).intents[0]?.act,
    ).toBe("create");
  });

  it("does not happen where nothing can be drawn", () => {
    const { last } = drag({ drawable: false }, [
      [50, 60],
      [80, 100],
    ]);
    expect(last).toEqual({ gesture: null, intents: [] });
  });

  it("draws outside of the image nothing", () => {
    expect(
      drag({}, [
        [-50, -60],
        [-10, -20],
      ]).intents,
    ).toEqual([]);
  });
});

describe("clicking", () => {
  it("selects the smallest region there", () => {
    expect(click({ regions: NESTED }, 80, 80).ids).toEqual(["small"]);
    expect(click({ regions: NESTED }, 150, 150).ids).toEqual(["large"]);
  });

  it("keeps a selected region rather than one below the pointer that is smaller", () => {
    expect(click({ regions: NESTED, selected: ["large"] }, 80, 80).ids).toEqual(["large"]);
  });

  it("goes through what overlaps when repeated at one place", () => {
    const regions = [...NESTED, box("middle", 40, 40, 90, 90)];
    const seen: string[] = [];
    let clicked: Clicked | null = null;
    let selected: string[] = [];
    for (let i = 0; i < 4; i++) {
      const taken = click({ regions, selected }, 80, 80, {}, clicked);
      selected = taken.ids;
      clicked = taken.clicked;
      seen.push(...taken.ids);
    }
    expect(seen).toEqual(["small", "middle", "large", "small"]);
  });

  it("starts anew at another place", () => {
    const first = click({ regions: NESTED }, 80, 80);
    expect(click({ regions: NESTED, selected: first.ids }, 95, 95, {}, first.clicked).ids).toEqual(["small"]);
  });

  it("adds and removes with Shift", () => {
    const taken = click({ regions: NESTED, selected: ["large"] }, 80, 80, { shift: true });
    expect(taken.intent).toMatchObject({ act: "select", mode: "toggle" });
    expect(taken.ids).toEqual(["small"]);
  });

  it("deselects where nothing is, but not with Shift", () => {
    expect(click({ regions: NESTED, selected: ["large"] }, 350, 250).intent).toMatchObject({
      placed: [],
      mode: "replace",
    });
    expect(click({ regions: NESTED, selected: ["large"] }, 350, 250, { shift: true }).intent).toMatchObject({
      placed: [],
      mode: "add",
    });
  });
});

describe("moving", () => {
  it("takes the selected region along and says that a person did it", () => {
    const { intents } = drag({ regions: NESTED, selected: ["small"] }, [
      [80, 80],
      [90, 85],
      [100, 70],
    ]);
    expect(intents).toEqual([
      {
        act: "put",
        drafts: [
          expect.objectContaining({
            region: { ...box("small", 80, 50, 40, 40), score: null },
            suggested: false,
          }),
        ],
      },
    ]);
  });

  it("takes all selected ones along, as far as the outermost can go", () => {
    const { intents } = drag({ regions: NESTED, selected: ["small", "large"] }, [
      [80, 80],
      [0, 80],
      [-100, 80],
    ]);
    const [intent] = intents;
    if (intent?.act !== "put") throw new Error("nothing was put");
    expect(intent.drafts.map(({ region }) => region.x)).toEqual([50, 0]);
  });

  it("goes along one axis with Shift held after it began", () => {
    const scene = sceneOf({ regions: NESTED, selected: ["small"] });
    const down = press(pointer("down", 80, 80, 1), scene);
    const begun = step(down, pointer("move", 90, 82, 1), scene, null);
    if (!begun.gesture) throw new Error("nothing began");
    const held = step(begun.gesture, pointer("up", 110, 85, 1, { shift: true }), scene, null);
    expect(held.intents).toMatchObject([{ drafts: [{ region: { x: 90, y: 60 } }] }]);
  });

  it("takes an unselected region by its edge", () => {
    const { intents } = drag({ regions: NESTED }, [
      [60, 75],
      [70, 75],
      [90, 75],
    ]);
    expect(intents.map(({ act }) => act)).toEqual(["select", "put"]);
    expect(idsOf(intents[0])).toEqual(["small"]);
  });

  it("takes over a suggestion that is moved", () => {
    const { intents } = drag({ offered: [box("guess", 60, 60, 40, 40)], selected: ["guess"] }, [
      [80, 80],
      [90, 90],
    ]);
    expect(intents).toMatchObject([
      { act: "put", drafts: [{ suggested: true, region: { x: 70, y: 70, score: null } }] },
    ]);
  });

  it("never leaves the image", () => {
    forSeeds(300, (random) => {
      const to: [number, number] = [random.between(-500, 900), random.between(-500, 900)];
      const { intents } = drag({ regions: NESTED, selected: ["small"] }, [[80, 80], to]);
      const put = intents.at(-1);
      if (put?.act !== "put") return;
      const region = put.drafts[0]?.region ?? box("none", 0, 0, 1, 1);
      expect(encloses({ minX: 0, minY: 0, maxX: 400, maxY: 300 }, shape.bounds(region))).toBe(true);
    });
  });

  it("changes nothing of what is read-only", () => {
    expect(
      drag({ regions: NESTED, selected: ["small"], editable: false }, [
        [80, 80],
        [90, 90],
      ]).intents,
    ).toEqual([]);
  });

  it("leaves the regions as they were while it goes on: a cancelled gesture has done nothing", () => {
    const before = structuredClone(NESTED);
    drag({ regions: NESTED, selected: ["small"] }, [
      [80, 80],
      [90, 90],
      [100, 100],
    ]);
    expect(NESTED).toEqual(before);
  });
});

describe("handles", () => {
  it("come before everything else", () => {
    const { intents } = drag({ regions: [...NESTED, box("tiny", 95, 95, 8, 8)], selected: ["small"] }, [
      [100, 100],
      [110, 110],
      [120, 130],
    ]);
    expect(intents).toMatchObject([
      { act: "put", drafts: [{ region: { id: "small", x: 60, y: 60, width: 60, height: 70 } }] },
    ]);
  });

  it("turn the region", () => {
    const { intents } = drag({ regions: [box("a", 100, 100, 130, 60)], selected: ["a"] }, [
      [165, 74],
      [200, 90],
      [230, 130],
    ]);
    expect(intents).toMatchObject([{ drafts: [{ region: { angle: expect.closeTo(90, 6) } }] }]);
  });

  it("show the region as it would be in every step", () => {
    const { during } = drag({ regions: NESTED, selected: ["small"] }, [
      [100, 100],
      [110, 110],
      [120, 130],
    ]);
    const drafts = during
      .map((gesture) => draftsOf(gesture)[0]?.region.width)
      .filter((width) => width !== undefined);
    expect(drafts).toEqual([50, 60]);
  });
});

describe("the lasso", () => {
  it("adds what it encloses to the selection", () => {
    const regions = [...NESTED, box("far", 300, 200, 20, 20)];
    const { intents, during } = drag(
      { regions },
      [
        [5, 5],
        [150, 150],
        [250, 250],
      ],
      { shift: true },
    );
    const last = during.at(-1);
    expect(last?.kind === "marquee" && last.bounds).toEqual(
      boundsOf([
        { x: 5, y: 5 },
        { x: 250, y: 250 },
      ]),
    );
    expect(intents).toMatchObject([{ act: "select", mode: "add" }]);
    expect(idsOf(intents[0]).sort()).toEqual(["large", "small"]);
  });
});

describe("the cursor", () => {
  const cursor = (setting: Setting, x: number, y: number, how: How = {}) =>
    hovering(pointer("move", x, y, 1, how), sceneOf(setting));

  it("says what a press would do", () => {
    const setting = { regions: NESTED, selected: ["small"] };
    expect(cursor(setting, 80, 80).cursor).toBe("move");
    expect(cursor(setting, 100, 100).cursor).toBe("nwse-resize");
    expect(cursor(setting, 300, 250).cursor).toBe("crosshair");
    expect(cursor(setting, 150, 150).cursor).toBe("crosshair");
    expect(cursor(setting, 10, 150).cursor).toBe("pointer");
    expect(cursor(setting, 80, 80, { mod: true }).cursor).toBe("crosshair");
    expect(cursor({ regions: NESTED, editable: false }, 300, 250).cursor).toBe("grab");
  });

  it("comes with the region that a click would select", () => {
    expect(cursor({ regions: NESTED }, 80, 80).placed?.region.id).toBe("small");
    expect(cursor({ regions: NESTED }, 300, 250).placed).toBeNull();
    expect(cursor({ offered: [box("guess", 60, 60, 40, 40)] }, 80, 80).placed?.suggested).toBe(true);
  });
});
