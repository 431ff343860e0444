// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { Saving } from "../../../labelwidgets/js/core/desk.ts";
import { when } from "../../../labelwidgets/js/ui/comments.tsx";
import { achieved } from "../../../labelwidgets/js/ui/ends.tsx";
import { readingTime } from "../../../labelwidgets/js/ui/instructions.tsx";
import { percent } from "../../../labelwidgets/js/ui/score.ts";
import { pace, place, saidOfSaving, share } from "../../../labelwidgets/js/ui/words.ts";

const saving = (part: Partial<Saving>): Saving => ({
  state: "saved",
  pending: 0,
  since: null,
  reason: "",
  ...part,
});
const progress = { total: 3000, done: 1212, place: 1212, skipped: 9, mine: 40, per_hour: 41.4 };

describe("the saved mark tells the truth", () => {
  it.each<[Partial<Saving>, string, string]>([
    [{}, "Saved", "good"],
    [{ state: "saving", pending: 2 }, "Saving 2", "busy"],
    [{ state: "offline", since: new Date(2024, 4, 1, 12, 3) }, "Not saved since 12:03", "bad"],
    [{ state: "offline" }, "Not saved", "bad"],
    [{ state: "memory", pending: 1 }, "Kept only while this tab is open", "warn"],
    [{ state: "paused" }, "Paused", "warn"],
  ])("%j", (part, text, tone) => {
    const said = saidOfSaving(saving(part));
    expect([said.text, said.tone]).toEqual([text, tone]);
    expect(said.icon).not.toBe("");
  });

  it("counts what is kept, and gives the reason", () => {
    const { more } = saidOfSaving(saving({ state: "offline", pending: 1, reason: "No answer for 10 s." }));
    expect(more).toBe("1 answer not in the store yet. No answer for 10 s.");
  });
});

describe("progress", () => {
  it("says place, pace and share", () => {
    expect([place(progress), pace(progress)]).toEqual(["1,212 of 3,000", "41/h"]);
    expect(share(progress)).toBeCloseTo(1221 / 3000);
  });

  it("goes by the place of the person where several answer each item", () => {
    expect(place({ ...progress, place: 40 })).toBe("40 of 3,000");
  });

  it("has no pace before there is one, and no share of nothing", () => {
    expect(pace({ ...progress, per_hour: 0.2 })).toBe("");
    expect(share({ ...progress, total: 0 })).toBe(0);
  });

  it.each([
    [0.874, "87 %"],
    [1, "100 %"],
    [null, ""],
    [Number.NaN, ""],
  ])("a score of %s is %s", (score, text) => expect(percent(score)).toBe(text));
});

describe("the end", () => {
  it("tells everything done from nothing left for this person", () => {
    expect(achieved({ progress: { ...progress, done: 2991 } })).toMatchObject({
      all: true,
      says: "All 3,000 done",
    });
    const left = achieved({ progress });
    expect(left).toMatchObject({ all: false, says: "Nothing left for you" });
    expect(left.more).toContain("1,779 items are still open");
    expect(achieved({ progress: { ...progress, total: 0 } }).says).toBe("No items yet");
  });
});

describe("small words", () => {
  it("reading time", () =>
    expect([readingTime(0.1), readingTime(0.6), readingTime(12.4)]).toEqual([
      "",
      "1 min to read",
      "12 min to read",
    ]));
  it("a date that is none is left out", () => expect(when("<b>", new Date())).toBe(""));
});
