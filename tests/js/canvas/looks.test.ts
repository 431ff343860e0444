/** How regions look: legible colours, a second sign, less detail for many, plates that don't hide each other. */

import { describe, expect, it } from "vitest";
import { Looks, lookOf, luminance } from "../../../labelwidgets/js/canvas/looks.ts";
import { type Drawn, detailFor, SUGGESTED_DASH } from "../../../labelwidgets/js/canvas/paint.ts";
import { FittingTexts, fitted, Plates, plateText } from "../../../labelwidgets/js/canvas/plates.ts";
import "../../../labelwidgets/js/canvas/shapes/box.ts";
import { shapeOf } from "../../../labelwidgets/js/canvas/shapes/registry.ts";
import type { LabelJson } from "../../../labelwidgets/js/core/protocol.ts";
import { Taxonomy } from "../../../labelwidgets/js/core/taxonomy.ts";
import { forSeeds } from "./seeded.ts";

const label = (name: string, color: string): LabelJson => ({
  id: name,
  name,
  title: name,
  color,
  hotkey: null,
  description: "",
  aliases: [],
  parent: null,
});

const contrast = (a: string, b: string): number => {
  const [light, dark] = [luminance(a), luminance(b)].sort((one, other) => other - one) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

describe("a label's look", () => {
  it("has ink that reads on any colour (WCAG AA)", () => {
    forSeeds(500, (random) => {
      const color = `#${random.whole(0, 0xffffff).toString(16).padStart(6, "0")}`;
      expect(contrast(color, lookOf("a", color, 0).ink)).toBeGreaterThanOrEqual(4.5);
    });
  });

  it("has one of four dash patterns by its place, none like a suggestion's", () => {
    const dashes = Array.from({ length: 8 }, (_, i) => JSON.stringify(lookOf("a", "#123456", i).dash));
    expect(new Set(dashes)).toHaveLength(4);
    expect(dashes[0]).toBe("[]");
    expect(dashes.slice(0, 4)).toEqual(dashes.slice(4));
    expect(dashes).not.toContain(JSON.stringify(SUGGESTED_DASH));
  });

  it("takes nothing for a colour that is none", () => {
    for (const color of ["red;background:url(//x)", "javascript:1", "", "#12", "#gggggg"]) {
      expect(lookOf("a", color, 0).color).toMatch(/^#[0-9a-f]{6}$/);
    }
    expect(luminance("#fff")).toBe(1);
  });

  it("is made once, and anew after labels changed", () => {
    let taxonomy = new Taxonomy([label("car", "#ff0000")]);
    const looks = new Looks(() => taxonomy);
    const red = looks.of("objects", "car");
    expect(looks.of("objects", "car")).toBe(red);
    taxonomy = new Taxonomy([label("car", "#0000ff")]);
    looks.forget();
    expect(looks.of("objects", "car").color).toBe("#0000ff");
  });

  it("exists for a label that the schema has no more, and for none", () => {
    const looks = new Looks(() => new Taxonomy([]));
    expect(looks.of("objects", "gone").title).toBe("gone");
    expect(looks.of("objects", null).title).toBe("");
  });
});

describe("detail", () => {
  it("falls with the number in sight", () => {
    const [few, some, many, masses] = [10, 150, 1000, 20000].map(detailFor);
    expect([few?.plates, some?.plates, many?.plates]).toEqual([true, true, false]);
    expect([many?.halo, masses?.halo]).toEqual([true, false]);
    expect(masses?.width).toBe(1);
  });
});

describe("name plates", () => {
  const shape = shapeOf("boxes");
  const look = lookOf("car", "#1f77b4", 0);
  const stage = { width: 800, height: 600 };
  const drawn = (x: number, y: number, width = 100, height = 80): Drawn => {
    if (!shape) throw new Error("boxes are not registered");
    const region = { id: `${x}`, label: "car", score: 0.87, attributes: {}, x, y, width, height, angle: 0 };
    return { field: "objects", region, shape, look };
  };

  /** Records where plates are put. */
  function painted(add: (plates: Plates) => void): { x: number; y: number; width: number }[] {
    const at: { x: number; y: number; width: number }[] = [];
    const canvas = {
      measureText: (text: string) => ({ width: text.length * 7 }),
      beginPath() {},
      roundRect: (x: number, y: number, width: number) => at.push({ x, y, width }),
      stroke() {},
      fill() {},
      fillText() {},
      setLineDash() {},
    } as unknown as CanvasRenderingContext2D;
    const plates = new Plates(canvas, new FittingTexts(), { scale: 1, x: 0, y: 0 }, stage, "12px sans-serif");
    add(plates);
    plates.paint();
    return at;
  }

  it("sit above their region, inside it at the upper edge, and within the stage", () => {
    expect(painted((plates) => plates.add(drawn(100, 100), "car"))).toEqual([{ x: 99, y: 81, width: 33 }]);
    expect(painted((plates) => plates.add(drawn(100, 5), "car"))[0]?.y).toBe(6);
    const [right] = painted((plates) => plates.add(drawn(790, 100), "car"));
    expect((right?.x ?? 0) + (right?.width ?? 0)).toBeLessThanOrEqual(stage.width);
  });

  it("give way to others and to tiny regions, but not that of the selected one", () => {
    expect(
      painted((plates) => [drawn(100, 100), drawn(110, 104)].map((each) => plates.add(each, "car"))),
    ).toHaveLength(1);
    expect(painted((plates) => plates.add(drawn(100, 100, 5, 5), "car"))).toHaveLength(0);
    expect(painted((plates) => plates.add(drawn(100, 100, 5, 5), "car", true))).toHaveLength(1);
  });

  it("leave out what is out of sight and what has no label", () => {
    expect(painted((plates) => plates.add(drawn(100, -500), "car"))).toHaveLength(0);
    expect(painted((plates) => plates.add(drawn(900, 100), "car"))).toHaveLength(0);
    expect(painted((plates) => plates.add(drawn(100, 100), ""))).toHaveLength(0);
  });

  it("tell a suggestion's score", () => {
    expect(plateText(drawn(0, 0), true)).toBe("car 87 %");
    expect(plateText(drawn(0, 0), false)).toBe("car");
  });

  it("cut long names, not in the middle of a character", () => {
    const measure = (text: string) => [...text].length * 10;
    expect(fitted("short", measure)).toEqual(["short", 50]);
    const [text, width] = fitted("🦊".repeat(50), measure);
    expect(text).toMatch(/^(🦊)+…$/u);
    expect(width).toBeLessThanOrEqual(220);
    expect(width).toBeGreaterThan(190);
  });
});
