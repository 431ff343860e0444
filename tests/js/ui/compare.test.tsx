// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import type {
  ItemFieldJson,
  Json,
  PairwiseJson,
  RankingJson,
  TextJson,
} from "../../../labelwidgets/js/core/protocol.ts";
import { Form } from "../../../labelwidgets/js/ui/form.tsx";
import { taxonomyOf } from "../../../labelwidgets/js/ui/trees.ts";
import { all, button, click, one, press, show, type } from "./page.tsx";
import { label } from "./stubDesk.ts";

const base = { name: "f", title: "Field", help: "", required: true };
const pair: PairwiseJson = {
  ...base,
  kind: "pairwise",
  options: ["a", "b", "tie"].map((name, i) => label(name, "#1769c2", String(i + 1))),
  columns: ["left", "right"],
  texts: null,
};
const order: RankingJson = { ...base, kind: "ranking", options: [], column: "answers", top: null };
const begun: TextJson = { ...base, kind: "text", multiline: true, max_length: 500, begin: "draft" };
const HOSTILE = "<img src=x onerror=pwn()>";
const DATA = { left: HOSTILE, right: "R", answers: ["one", HOSTILE, "three"], draft: "I am here." };

function form(field: ItemFieldJson, value: Json = null, suggested: Json = null) {
  const onChange = vi.fn<(field: string, value: Json) => void>();
  const host = show(
    <Form
      id="t"
      fields={[field]}
      value={() => value}
      suggested={() => suggested}
      problem={() => null}
      taxonomy={taxonomyOf}
      keyOf={(_, option) => ({ a: "1", b: "2", tie: "3" })[option] ?? option}
      data={DATA}
      onChange={onChange}
    />,
  );
  return { host, said: () => onChange.mock.calls.map(([, said]) => said) };
}

describe("a comparison", () => {
  it("is two cards and what says neither, one group of radios", () => {
    const { host, said } = form(pair, "b");
    const radios = all(one(host, "[role=radiogroup]"), "[role=radio]");
    expect(radios.map((each) => [each.textContent?.trim(), each.getAttribute("aria-checked")])).toEqual([
      ["1a", "false"],
      ["2b", "true"],
      ["3tie", "false"],
    ]);
    expect(radios.map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1]);
    click(radios[2] as Element);
    expect(said()).toEqual(["tie"]);
  });

  it("shows texts as text, which scroll and are read from their beginning", () => {
    const { host } = form(pair);
    expect(one(host, ".lw-said").textContent).toBe(HOSTILE);
    expect(host.querySelector("img")).toBeNull();
    expect(all(host, ".lw-said").map(({ tabIndex }) => tabIndex)).toEqual([0, 0]);
    expect(all(host, ".lw-said").map((each) => each.getAttribute("aria-label"))).toEqual(["a", "b"]);
  });

  it("goes from one to the other by arrows, without answering", () => {
    const { host, said } = form(pair, "a");
    press(one(host, "[role=radio]"), "ArrowRight");
    expect(document.activeElement?.textContent).toContain("b");
    expect(said()).toEqual([]);
  });

  it("marks what a model prefers", () => {
    const { host } = form(pair, null, "b");
    expect(one(host, ".lw-guess").textContent).toContain("suggested");
  });
});

describe("a ranking", () => {
  const names = (host: Element) =>
    all(host, ".lw-ranked .lw-label").map((each) =>
      [...each.querySelectorAll(".lw-cut, .lw-unseen")].map(({ textContent }) => textContent).join(""),
    );

  it("shows the ranked ones first, in order", () => {
    const { host } = form(order, ["2"]);
    expect(names(host)).toEqual(["Answer 3, ranked 1 of 3", "Answer 1, not ranked", "Answer 2, not ranked"]);
    expect(all(host, ".lw-said").map(({ textContent }) => textContent)).toEqual(["three", "one", HOSTILE]);
    expect(host.querySelector("img")).toBeNull();
    expect(host.textContent).toContain("1 of 3 ranked");
  });

  it("is made by clicking in order; the last comes by itself", () => {
    const { host, said } = form(order, ["2"]);
    click(all(host, ".lw-ranked .lw-label")[1] as Element);
    expect(said()).toEqual([["2", "0", "1"]]);
    click(all(host, ".lw-ranked .lw-label")[0] as Element);
    expect(said().at(-1)).toBe(null);
  });

  it("is changed by buttons and by Alt with the arrows", () => {
    const { host, said } = form(order, ["2", "0", "1"]);
    click(button(host, "Rank Answer 1 higher"));
    click(button(host, "Rank Answer 3 lower"));
    press(all(host, ".lw-ranked .lw-label")[2] as Element, "ArrowUp", { altKey: true });
    expect(said()).toEqual([
      ["0", "2", "1"],
      ["0", "2", "1"],
      ["2", "1", "0"],
    ]);
    expect(one(host, "[role=status]").textContent).toBe("Answer 2 is ranked 2 of 3.");
  });

  it("moves the focus by arrows", () => {
    const { host } = form(order, ["2", "0", "1"]);
    const rows = all(host, ".lw-ranked .lw-label");
    rows[0]?.focus();
    press(rows[0] as Element, "ArrowDown");
    expect(document.activeElement).toBe(rows[1]);
  });

  it("tells the places of a suggestion", () => {
    const { host } = form(order, null, ["1", "0"]);
    expect(names(host)).toContain("Answer 2, not ranked, suggested 1");
  });
});

describe("a text to correct", () => {
  it("shows what has changed, and goes back to what was given", () => {
    const { host, said } = form(begun, "I was here.");
    expect(one<HTMLTextAreaElement>(host, "textarea").value).toBe("I was here.");
    expect(one(host, ".lw-diff ins").textContent).toBe("was");
    expect(one(host, ".lw-diff del").textContent).toBe("am");
    expect(host.textContent).toContain("1 word added, 1 word removed");
    click(button(host, "Back to the given text"));
    expect(said()).toEqual(["I am here."]);
  });

  it("says so while nothing has changed", () => {
    const { host, said } = form(begun, "I am here.");
    expect(host.textContent).toContain("As given.");
    type(one<HTMLTextAreaElement>(host, "textarea"), "I am.");
    expect(said()).toEqual(["I am."]);
  });
});
