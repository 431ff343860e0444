import { describe, expect, it } from "vitest";
import { Blocks } from "../../../labelwidgets/js/text/blocks.ts";
import { Edges, type Range } from "../../../labelwidgets/js/text/edges.ts";

const edgesOf = (text: string, tokens: Range[] | null = null) => new Edges(new Blocks(text), tokens);
const slice = (text: string, [start, end]: Range) => text.slice(start, end);

describe("characters", () => {
  it.each([
    ["a👩‍👩‍👧b", [0, 1, 9, 10]],
    ["e\u0301\u0302x", [0, 3, 4]],
    ["🇩🇪🇫🇷", [0, 4, 8]],
    ["a\r\nb", [0, 1, 3, 4]],
    ["\n\n", [0, 1, 2]],
    ["\u200dx", [0, 1, 2]],
  ])("of %j are gone through whole, in both ways", (text, borders) => {
    const edges = edgesOf(text);
    const there = [0];
    while ((there.at(-1) as number) < text.length) there.push(edges.next(there.at(-1) as number));
    const back = [text.length];
    while ((back.at(-1) as number) > 0) back.push(edges.previous(back.at(-1) as number));
    expect(there).toEqual(borders);
    expect(back.reverse()).toEqual(borders);
  });

  it("are never cut by what is nearest", () => {
    const edges = edgesOf("a👩‍👩‍👧b\r\nc");
    expect([-1, 0, 1, 2, 4, 6, 8, 9, 10, 11, 12, 99].map((unit) => edges.nearest(unit))).toEqual([
      0, 0, 1, 1, 1, 9, 9, 9, 10, 10, 12, 13,
    ]);
  });

  it("at the border of pieces go on", () => {
    const text = "ab".repeat(3000);
    const blocks = new Blocks(text);
    const edges = new Edges(blocks);
    const border = blocks.start(1);
    expect([edges.next(border - 1), edges.previous(border), edges.previous(border + 1)]).toEqual([
      border,
      border - 1,
      border,
    ]);
  });
});

describe("words", () => {
  const text = "Don't stop, 3.14 times. 日本語 now!\nNext line";
  const edges = edgesOf(text);

  it("are found at a place", () => {
    expect(slice(text, edges.word(2))).toBe("Don't");
    expect(slice(text, edges.word(13))).toBe("3.14");
    expect(slice(text, edges.word(text.length))).toBe("line");
  });

  it("are taken whole, blanks at the ends left out", () => {
    expect(slice(text, edges.toWords([2, 8]))).toBe("Don't stop");
    expect(slice(text, edges.toWords([5, 11]))).toBe("stop,");
    expect(slice(text, edges.toWords([5, 6]))).toBe("");
    expect(slice(text, edges.toWords([30, 36]))).toBe("now!\nNext");
  });

  it("are gone through", () => {
    const starts = [0];
    while ((starts.at(-1) as number) < text.length) starts.push(edges.nextWord(starts.at(-1) as number));
    const said = starts.map((start) => slice(text, edges.word(start)));
    expect(said.slice(0, 4)).toEqual(["Don't", "stop", "3.14", "times"]);
    expect(said.at(-2)).toBe("line");
    let back = text.length;
    const before: string[] = [];
    while (back > 0) {
      back = edges.previousWord(back);
      before.push(slice(text, edges.word(back)));
    }
    expect(before.slice(0, 2)).toEqual(["line", "Next"]);
    expect(before.at(-1)).toBe("Don't");
  });

  it("are whole where no letter touches them", () => {
    const party = "a party, the art of 芸術";
    const whole = edgesOf(party);
    expect(whole.isWhole([2, 7])).toBe(true);
    expect(whole.isWhole([3, 6])).toBe(false);
    expect(whole.isWhole([13, 16])).toBe(true);
  });
});

describe("sentences and paragraphs", () => {
  const text = "One is short. Two goes on!\n\nThree.";
  const edges = edgesOf(text);

  it("are found at a place", () => {
    expect(slice(text, edges.sentence(3))).toBe("One is short.");
    expect(slice(text, edges.sentence(16))).toBe("Two goes on!");
    expect(slice(text, edges.paragraph(3))).toBe("One is short. Two goes on!");
    expect(slice(text, edges.paragraph(27))).toBe("");
    expect(slice(text, edges.sentence(27))).toBe("");
  });

  it("hold all pieces of a long paragraph", () => {
    const long = "word ".repeat(2000);
    expect(edgesOf(`a\n${long}\nb`).paragraph(6000)).toEqual([2, 2 + long.length]);
  });
});

describe("given tokens", () => {
  const text = "can't  stop";
  const edges = edgesOf(text, [
    [0, 2],
    [2, 5],
    [7, 11],
  ]);

  it("are taken whole", () => {
    expect(edges.toWords([1, 3])).toEqual([0, 5]);
    expect(edges.toWords([3, 4])).toEqual([2, 5]);
    expect(edges.toWords([5, 7])).toEqual([5, 5]);
    expect(edges.toWords([4, 8])).toEqual([2, 11]);
  });

  it("are what one steps by", () => {
    expect([edges.stepOn(0, true), edges.stepOn(2, true), edges.stepOn(5, true)]).toEqual([2, 5, 11]);
    expect([edges.stepOn(0, false), edges.stepOn(2, false), edges.stepOn(7, false)]).toEqual([2, 7, 11]);
    expect([edges.stepBack(11), edges.stepBack(7), edges.stepBack(1), edges.stepBack(0)]).toEqual([
      7, 2, 0, 0,
    ]);
    expect([edges.endBefore(11), edges.endBefore(5)]).toEqual([5, 2]);
  });
});
