import { describe, expect, it } from "vitest";
import { Blocks, clusterStart } from "../../../labelwidgets/js/text/blocks.ts";

function parts(blocks: Blocks): string[] {
  return Array.from({ length: blocks.count }, (_, i) => blocks.text.slice(blocks.start(i), blocks.end(i)));
}

describe("blocks", () => {
  it("are paragraphs, whatever ends them", () => {
    const blocks = new Blocks("a\nb\r\nc\rd\u2028e\u2029\n");
    expect(parts(blocks)).toEqual(["a", "b", "c", "d", "e", "", ""]);
    expect([0, 1, 2, 3, 4, 5].map((i) => blocks.ending(i))).toEqual([
      "\n",
      "\r\n",
      "\r",
      "\u2028",
      "\u2029",
      "\n",
    ]);
  });

  it("lose nothing of a long line and cut no character", () => {
    for (const unit of ["word ", "abcdefghij", "👩‍👩‍👧", "e\u0301\u0302", "日本", "🇩🇪"]) {
      const text = unit.repeat(6000);
      const blocks = new Blocks(text);
      expect(blocks.count).toBeGreaterThan(3);
      expect(parts(blocks).join("")).toBe(text);
      for (let i = 1; i < blocks.count; i++) {
        expect(blocks.goesOn(i - 1)).toBe(true);
        const start = blocks.start(i);
        if (unit !== "abcdefghij" && unit !== "🇩🇪") expect(start % unit.length, unit).toBe(0);
        expect(text.charCodeAt(start) >> 10).not.toBe(0x37);
      }
    }
  });

  it("find the block of a unit; an ending belongs to what it ends", () => {
    const blocks = new Blocks("ab\r\ncd\n");
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((unit) => blocks.at(unit))).toEqual([0, 0, 0, 0, 1, 1, 1, 2]);
  });

  it("go by their first strong letter, pieces by that of the whole", () => {
    const long = `1. שלום ${"hello ".repeat(2000)}`;
    const blocks = new Blocks(`hello שלום\n... שלום hello\n12\n${long}`);
    expect([0, 1, 2].map((i) => blocks.direction(i))).toEqual(["ltr", "rtl", "ltr"]);
    expect(blocks.direction(blocks.count - 1)).toBe("rtl");
  });

  it("let the border between pieces be moved, and forget that", () => {
    const blocks = new Blocks("word ".repeat(2000));
    const border = blocks.start(1);
    blocks.moveBorder(0, border - 50);
    expect([blocks.end(0), blocks.start(1), blocks.at(border - 20)]).toEqual([border - 50, border - 50, 1]);
    blocks.reset();
    expect(blocks.start(1)).toBe(border);
    const ended = new Blocks("ab\ncd");
    ended.moveBorder(0, 1);
    expect(ended.end(0)).toBe(2);
  });

  it("begin a character where it begins", () => {
    const text = "ab👩‍👩‍👧cd";
    expect([0, 2, 3, 5, 9, 10, 11].map((unit) => clusterStart(text, unit))).toEqual([0, 2, 2, 2, 2, 10, 11]);
  });
});
