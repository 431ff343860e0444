import { describe, expect, it } from "vitest";
import { Offsets } from "../../../labelwidgets/js/text/offsets.ts";
import { seeded } from "../canvas/seeded.ts";

/** Any text, by a random number: one-unit signs, pairs, halves of pairs. */
function textOf(random: () => number, length: number): string {
  const signs = ["a", "é", "e\u0301", "日", "ש", "😀", "𝔘", "👩‍👩‍👧", "\ud83d", "\ude00", "\r\n", "\u200b"];
  return Array.from({ length }, () => signs[Math.floor(random() * signs.length)]).join("");
}

describe("offsets", () => {
  it("counts code points as Python does, an unpaired surrogate as one", () => {
    expect(new Offsets("a😀b").length).toBe(3);
    expect(new Offsets("\ud83da\ude00").length).toBe(3);
    expect(new Offsets("").length).toBe(0);
  });

  it("takes every code point of any text there and back", () => {
    const { between } = seeded(3);
    const random = () => between(0, 1);
    for (let round = 0; round < 200; round++) {
      const text = textOf(random, 40);
      const points = [...text];
      const offsets = new Offsets(text);
      expect(offsets.length).toBe(points.length);
      let unit = 0;
      for (let point = 0; point <= points.length; point++) {
        expect(offsets.toUnit(point)).toBe(unit);
        expect(offsets.toPoint(unit)).toBe(point);
        unit += points[point]?.length ?? 0;
      }
    }
  });

  it("takes a unit inside a pair for the pair's beginning", () => {
    expect(new Offsets("a😀b").toPoint(2)).toBe(1);
  });

  it("keeps no table where none is needed", () => {
    const offsets = new Offsets("日本".repeat(1000));
    expect([offsets.toUnit(777), offsets.toPoint(777), offsets.units]).toEqual([777, 777, 2000]);
  });
});
