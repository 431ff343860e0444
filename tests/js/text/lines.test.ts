import { describe, expect, it } from "vitest";
import { Heights } from "../../../labelwidgets/js/text/heights.ts";
import { lanesOf, type Stretch, wordAt } from "../../../labelwidgets/js/text/lanes.ts";
import { seeded } from "../canvas/seeded.ts";

const at = (left: number, right: number, word = 0, rtl = false): Stretch => ({
  ...{ left, right, word },
  at: wordAt(left, right, word, rtl, 1000),
});

describe("lanes", () => {
  it("give the inner the nearest one", () => {
    expect(lanesOf([at(0, 100), at(20, 60), at(25, 40)])).toEqual([2, 1, 0]);
  });

  it("are shared by what lies side by side", () => {
    expect(lanesOf([at(0, 40), at(50, 90), at(100, 140)])).toEqual([0, 0, 0]);
  });

  it("have room for each word", () => {
    expect(lanesOf([at(0, 20, 60), at(30, 50, 20)])).toEqual([0, 1]);
    // From right to left the word's room lies at the other side.
    expect(lanesOf([at(100, 120, 60, true), at(130, 150, 20, true)])).toEqual([0, 0]);
    expect(lanesOf([at(100, 120, 20, true), at(130, 150, 60, true)])).toEqual([0, 1]);
  });

  it("of relations lie below those of spans", () => {
    expect(lanesOf([{ ...at(0, 10), rank: 1 }, at(0, 100)])).toEqual([1, 0]);
  });

  it("keep words inside of the column", () => {
    expect([wordAt(80, 95, 50, false, 100), wordAt(10, 20, 50, false, 100)]).toEqual([50, 10]);
    expect([wordAt(5, 20, 50, true, 100), wordAt(5, 90, 50, true, 100)]).toEqual([0, 40]);
    expect(wordAt(5, 90, 500, false, 100)).toBe(0);
  });

  it("never hold two that touch", () => {
    const { between } = seeded(9);
    const random = () => between(0, 1);
    const stretches = Array.from({ length: 60 }, () => {
      const left = random() * 500;
      return at(left, left + 5 + random() * 200, random() * 80);
    });
    const lanes = lanesOf(stretches);
    stretches.forEach((a, i) => {
      stretches.forEach((b, j) => {
        if (i >= j || lanes[i] !== lanes[j]) return;
        const [endA, endB] = [Math.max(a.right, a.left + a.word), Math.max(b.right, b.left + b.word)];
        expect(a.left >= endB || b.left >= endA).toBe(true);
      });
    });
  });
});

describe("heights", () => {
  it("add up and are found, however they change", () => {
    const { between } = seeded(2);
    const random = () => between(0, 1);
    const plain = Array.from({ length: 333 }, () => 10 + Math.floor(random() * 50));
    const heights = new Heights(Float64Array.from(plain));
    for (let round = 0; round < 300; round++) {
      const block = Math.floor(random() * plain.length);
      plain[block] = Math.floor(random() * 90);
      heights.set(block, plain[block] as number);
      const n = Math.floor(random() * (plain.length + 1));
      const above = plain.slice(0, n).reduce((a, b) => a + b, 0);
      expect(heights.above(n)).toBe(above);
      if (n < plain.length && (plain[n] as number) > 0) {
        expect(heights.at(above)).toBe(n);
        expect(heights.at(above + (plain[n] as number) - 0.5)).toBe(n);
      }
    }
    expect(heights.total).toBe(plain.reduce((a, b) => a + b, 0));
    expect(heights.at(heights.total + 1000)).toBe(plain.length - 1);
    expect(heights.at(0)).toBeLessThan(3);
  });
});
