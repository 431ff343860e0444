import { describe, expect, it } from "vitest";
import { Answer } from "../../../labelwidgets/js/core/annotations.ts";
import { History } from "../../../labelwidgets/js/core/history.ts";
import type { TextJson, Values } from "../../../labelwidgets/js/core/protocol.ts";
import { Selection } from "../../../labelwidgets/js/core/selection.ts";
import { box, boxes, choice } from "./fakes.ts";

const TEXT: TextJson = {
  kind: "text",
  name: "note",
  title: "",
  help: "",
  required: false,
  multiline: true,
  max_length: 99,
  begin: null,
};

function made() {
  const answer = new Answer({ fields: [choice(), boxes(), TEXT], version: 1 });
  return { answer, history: new History(answer) };
}

/** Small and seeded, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed * 2654435761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return (state >>> 0) % below;
  };
}

function act(answer: Answer, next: (below: number) => number): void {
  const id = `r${next(6)}`;
  const kind = next(6);
  if (kind === 0) answer.set("animal", ["cat", "dog", null][next(3)] ?? null);
  else if (kind === 1) answer.put("objects", [box(id, { x: next(100) }), box(`r${next(6)}`, { y: next(9) })]);
  else if (kind === 2) answer.remove("objects", [id, "r0"]);
  else if (kind === 3) answer.set("note", `text ${next(50)}`);
  else if (kind === 4) {
    answer.gesture(() => {
      for (let step = 0; step < 3; step += 1) answer.put("objects", [box(id, { x: next(100), y: step })]);
      if (next(2)) answer.set("animal", "bird");
    });
  } else {
    answer.begin();
    answer.put("objects", [box(id, { width: next(100) })]);
    answer.cancel();
  }
}

describe("undo and redo", () => {
  it("come back to exactly every state, for random sequences", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const next = random(seed);
      const { answer, history } = made();
      const states: Values[] = [answer.values.value];
      for (let step = 0; step < 25; step += 1) {
        const before = history.past.value.done.length;
        act(answer, next);
        const grown = history.past.value.done.length - before;
        // Typing goes on in the gesture before; what came to nothing is no gesture.
        if (grown === 0) states[states.length - 1] = answer.values.value;
        else states.push(answer.values.value);
      }
      for (const state of states.slice(0, -1).reverse()) {
        expect(history.undo(), `seed ${seed}`).toBe(true);
        expect(answer.values.value, `seed ${seed}`).toEqual(state);
      }
      expect(history.undo()).toBe(false);
      for (const state of states.slice(1)) {
        expect(history.redo(), `seed ${seed}`).toBe(true);
        expect(answer.values.value, `seed ${seed}`).toEqual(state);
      }
      expect(history.redo()).toBe(false);
    }
  });

  it("forget what could be redone once the person does something else", () => {
    const { answer, history } = made();
    answer.set("animal", "cat");
    history.undo();
    expect(history.canRedo).toBe(true);
    answer.set("animal", "dog");
    expect(history.canRedo).toBe(false);
  });

  it("keep what could be redone when a gesture is cancelled", () => {
    const { answer, history } = made();
    answer.set("animal", "cat");
    history.undo();
    answer.begin();
    answer.put("objects", [box("a")]);
    answer.put("objects", [box("a", { x: 7 })]);
    answer.cancel();
    expect(answer.regions("objects")).toEqual([]);
    expect(history.canUndo).toBe(false);
    expect(history.redo()).toBe(true);
    expect(answer.value("animal")).toBe("cat");
  });

  it("take a drag back in one step, and typing in one field too", () => {
    const { answer, history } = made();
    answer.begin();
    for (let x = 0; x < 50; x += 1) answer.put("objects", [box("a", { x })]);
    answer.end();
    for (const text of ["a", "ab", "abc"]) answer.set("note", text);
    expect(history.past.value.done).toHaveLength(2);
    history.undo();
    expect(answer.value("note")).toBeNull();
    history.undo();
    expect(answer.regions("objects")).toEqual([]);
  });

  it("see only what the person did", () => {
    const { answer, history } = made();
    answer.set("animal", "cat", "remote");
    answer.set("animal", "dog", "silent");
    answer.load({ animal: "bird" });
    expect(history.canUndo).toBe(false);
    expect(answer.value("animal")).toBe("bird");
  });

  it("don't bring back over what the kernel wrote since", () => {
    const { answer, history } = made();
    answer.set("animal", "cat");
    answer.set("note", "mine");
    answer.set("animal", "dog", "remote");
    expect(history.undo()).toBe(true);
    expect(history.undo()).toBe(false);
    expect(answer.value("animal")).toBe("dog");
  });

  it("hold 200 gestures, without keeping more alive", () => {
    const { answer, history } = made();
    for (let i = 0; i < 500; i += 1) answer.set("animal", i % 2 ? "cat" : "dog");
    expect(history.past.value.done).toHaveLength(200);
    for (let i = 0; i < 50; i += 1) {
      history.undo();
      answer.set("animal", `other ${i}`);
    }
    const nested = history.past.value.done.slice(0, -1).filter(({ undone }) => undone.length > 0);
    expect(nested).toEqual([]);
  });
});

describe("an answer", () => {
  it("replaces, never changes, and says which regions", () => {
    const { answer } = made();
    answer.put("objects", [box("a"), box("b")]);
    const before = answer.values.value;
    const list = answer.regions("objects");
    const changes: unknown[] = [];
    answer.onChange(({ field, ids, origin }) => changes.push([field, ids, origin]));
    answer.put("objects", [box("b", { x: 99 })]);
    answer.remove("objects", ["a", "nobody"]);
    expect(list).toEqual([box("a"), box("b")]);
    expect(before.objects).toBe(list);
    expect(answer.regions("objects")).toEqual([box("b", { x: 99 })]);
    expect(changes[0]).toEqual(["objects", ["b"], "local"]);
  });

  it("tells of no change when nothing changes", () => {
    const { answer } = made();
    answer.put("objects", [box("a")]);
    let told = 0;
    answer.onChange(() => {
      told += 1;
    });
    answer.put("objects", [{ ...box("a") }]);
    answer.put("objects", []);
    answer.remove("objects", ["z"]);
    answer.set("animal", null);
    expect(told).toBe(0);
  });

  it("undoes what a listener did in answer to a change together with it", () => {
    const { answer, history } = made();
    answer.onChange(({ field }) => {
      if (field === "animal" && !history.replaying) answer.set("note", "because");
    });
    answer.set("animal", "cat");
    expect(answer.value("note")).toBe("because");
    history.undo();
    expect([answer.value("animal"), answer.value("note")]).toEqual([null, null]);
  });

  it("drops from the selection what is gone, also when that is undone", () => {
    const { answer, history } = made();
    const selection = new Selection(answer);
    selection.setField("objects");
    answer.put("objects", [box("a"), box("b")]);
    selection.select(["a", "b"]);
    selection.select(["b"], "toggle");
    selection.select(["b"], "add");
    answer.remove("objects", ["a"]);
    expect([...selection.ids.value]).toEqual(["b"]);
    history.undo();
    history.undo();
    expect([...selection.ids.value]).toEqual([]);
  });
});
