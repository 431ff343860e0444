import { describe, expect, it, vi } from "vitest";
import { COMMANDS } from "../../../labelwidgets/js/core/commands.ts";
import { Keymap, type LabelTarget, resolve } from "../../../labelwidgets/js/core/keymap.ts";
import { chordsOf, displayChord, type KeyPress, normalChord } from "../../../labelwidgets/js/core/keys.ts";
import type { FieldJson, RatingJson, SchemaJson } from "../../../labelwidgets/js/core/protocol.ts";
import { Cell } from "../../../labelwidgets/js/core/signal.ts";
import { markdown, titleOf } from "../../../labelwidgets/js/ui/titles.ts";
import { choice } from "./fakes.ts";

const MODIFIERS = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false };

function press(key: string, code: string, part: Partial<KeyPress> = {}): KeyPress {
  return { key, code, ...MODIFIERS, ...part };
}

function event(key: string, code: string, part: object = {}): KeyboardEvent {
  const target = { tagName: "DIV" };
  return {
    ...press(key, code),
    repeat: false,
    defaultPrevented: false,
    target,
    ...part,
  } as unknown as KeyboardEvent;
}

const RATING: RatingJson = { kind: "rating", name: "quality", title: "", help: "", required: false, max: 5 };

function schema(...fields: FieldJson[]): SchemaJson {
  return { fields, version: 1 };
}

function keymap(remap: Record<string, string> = {}, mac = false) {
  const map = new Keymap(schema(choice()), remap, mac);
  const picked: LabelTarget[][] = [];
  map.onLabel((targets) => picked.push([...targets]));
  return { map, picked };
}

describe("chords", () => {
  it.each([
    ["US 1", press("1", "Digit1"), "1"],
    ["French 1, typed without Shift", press("&", "Digit1"), "1"],
    ["French 2, a letter without Shift", press("é", "Digit2"), "2"],
    ["number pad", press("7", "Numpad7"), "7"],
    ["Russian letter on the B key", press("и", "KeyB"), "b"],
    ["Greek letter on the C key", press("ψ", "KeyC"), "c"],
    ["Hebrew letter on the D key", press("ג", "KeyD"), "d"],
    ["dead key on E", press("Dead", "KeyE"), "e"],
    ["Dvorak: what is typed, not where", press("x", "KeyB"), "x"],
    ["AZERTY: what is typed, not where", press("a", "KeyQ"), "a"],
    ["Caps Lock", press("B", "KeyB"), "b"],
    ["Russian Ctrl+Z", press("я", "KeyZ", { ctrlKey: true }), "Mod+z"],
    ["German slash, with Shift", press("/", "Digit7", { shiftKey: true }), "/"],
    ["Swedish plus", press("+", "Minus"), "+"],
    ["AltGr sign on Windows", press("/", "KeyQ", { ctrlKey: true, altKey: true }), "/"],
    ["Shift+1 on a US keyboard is by place", press("!", "Digit1", { shiftKey: true }), "Shift+1"],
    ["question mark", press("?", "Slash", { shiftKey: true }), "?"],
    ["space", press(" ", "Space"), "Space"],
    ["number pad Enter", press("Enter", "NumpadEnter"), "Enter"],
  ])("%s", (_, pressed, chord) => {
    expect(chordsOf(pressed, false)).toContain(chord);
  });

  it("takes the number pad without NumLock for arrows, and its decimal key for nothing", () => {
    expect(chordsOf(press("ArrowLeft", "Numpad4"), false)).toEqual(["ArrowLeft"]);
    expect(chordsOf(press(",", "NumpadDecimal"), false)).toEqual([]);
  });

  it("takes Cmd for Mod on macOS and leaves Ctrl to the system", () => {
    expect(chordsOf(press("z", "KeyZ", { metaKey: true }), true)).toEqual(["Mod+z"]);
    expect(chordsOf(press("z", "KeyZ", { ctrlKey: true }), true)).toEqual([]);
    expect(chordsOf(press("z", "KeyZ", { metaKey: true }), false)).toEqual([]);
  });

  it("has one spelling per chord and refuses what is none", () => {
    expect(normalChord("shift+ctrl+Z")).toBe("Mod+Shift+z");
    expect(normalChord("F")).toBe("Shift+f");
    expect(normalChord("+")).toBe("+");
    expect(normalChord("Ctrl++")).toBe("Mod++");
  });

  it("shows chords as each system does", () => {
    expect(displayChord("Mod+Shift+z", false)).toBe("Ctrl+Shift+Z");
    expect(displayChord("Mod+Shift+z", true)).toBe("⌘⇧Z");
    expect(displayChord("ArrowLeft", false)).toBe("←");
  });
});

describe("handling", () => {
  it("picks labels by digit and letter, on a French and on a Russian keyboard too", () => {
    const { map, picked } = keymap();
    expect(map.handle(event("1", "Digit1"))).toBe("done");
    expect(map.handle(event("é", "Digit2"))).toBe("done");
    expect(map.handle(event("и", "KeyB"))).toBe("done");
    expect(picked.flat().map(({ label }) => label)).toEqual(["cat", "dog", "bird"]);
  });

  it("does nothing while an input method composes", () => {
    const { map, picked } = keymap();
    expect(map.handle(event("1", "Digit1", { isComposing: true }))).toBe("passed");
    expect(map.handle(event("1", "Digit1", { keyCode: 229 }))).toBe("passed");
    expect(picked).toEqual([]);
  });

  it("passes what is not ours to the notebook", () => {
    const { map } = keymap();
    for (const passed of [
      event("s", "KeyS", { ctrlKey: true }),
      event("Tab", "Tab"),
      event("Enter", "Enter", { shiftKey: true }),
      event("F5", "F5"),
      event("Shift", "ShiftLeft", { shiftKey: true }),
      event("r", "KeyR", { ctrlKey: true }),
    ]) {
      expect(map.handle(passed), passed.key).toBe("passed");
    }
  });

  it("tells a host that hears keys first to leave ours alone, and no others", () => {
    const { map } = keymap();
    const root = { tagName: "SECTION" } as unknown as HTMLElement;
    const at = (target: object) => ({ composedPath: () => [target] });
    for (const [key, code] of [
      ["b", "KeyB"],
      ["1", "Digit1"],
      ["Enter", "Enter"],
      ["ArrowDown", "ArrowDown"],
    ] as const)
      expect(map.claims(event(key, code), root)).toBe(true);
    expect(map.claims(event("M", "KeyM", { shiftKey: true }), root)).toBe(true);
    expect(map.claims(event("z", "KeyZ", { ctrlKey: true }), root)).toBe(true);
    expect(map.claims(event("s", "KeyS", { ctrlKey: true }), root)).toBe(false);
    expect(map.claims(event("Enter", "Enter", { shiftKey: true }), root)).toBe(false);
    expect(map.claims(event("Escape", "Escape", at({ tagName: "INPUT" })), root)).toBe(true);
    expect(map.claims(event("Escape", "Escape", at(root)), root)).toBe(false);
  });

  it("keeps mistyped letters and idle commands from the notebook, and leaves them to the browser", () => {
    const { map, picked } = keymap();
    // "x" cuts a cell and "d" twice deletes one in JupyterLab's command mode.
    expect(map.handle(event("x", "KeyX"))).toBe("kept");
    expect(map.handle(event("M", "KeyM", { shiftKey: true }))).toBe("kept");
    expect(map.handle(event("9", "Digit9"))).toBe("kept");
    expect(map.handle(event("ArrowDown", "ArrowDown"))).toBe("kept");
    expect(map.handle(event("Delete", "Delete"))).toBe("kept");
    expect(picked).toEqual([]);
  });

  it("asks the last binding first and goes on while there was nothing to do", () => {
    const { map } = keymap();
    const asked: string[] = [];
    map.bind("leave", () => asked.push("deselect") > 0);
    const unbind = map.bind("leave", () => {
      asked.push("cancel");
      return false;
    });
    expect(map.handle(event("Escape", "Escape"))).toBe("done");
    unbind();
    map.handle(event("Escape", "Escape"));
    expect(asked).toEqual(["cancel", "deselect", "deselect"]);
  });

  it("leaves typing to fields, but Ctrl+Enter and Escape work there", () => {
    const { map, picked } = keymap();
    const submit = vi.fn(() => true);
    map.bind("submit", submit);
    const area = { target: { tagName: "TEXTAREA" } };
    expect(map.handle(event("1", "Digit1", area))).toBe("passed");
    expect(map.handle(event("Enter", "Enter", area))).toBe("passed");
    expect(map.handle(event("z", "KeyZ", { ...area, ctrlKey: true }))).toBe("passed");
    expect(map.handle(event("Backspace", "Backspace", area))).toBe("passed");
    expect(submit).not.toHaveBeenCalled();
    expect(map.handle(event("Enter", "Enter", { ...area, ctrlKey: true }))).toBe("done");
    const line = { target: { tagName: "INPUT", type: "number" } };
    expect(map.handle(event("Enter", "Enter", line))).toBe("done");
    expect(map.handle(event("ArrowUp", "ArrowUp", line))).toBe("passed");
    expect(submit).toHaveBeenCalledTimes(2);
    expect(picked).toEqual([]);
  });

  it("leaves a control the keys that work it, and takes labels there", () => {
    const { map, picked } = keymap();
    map.bind("submit", () => true);
    const button = { target: { tagName: "BUTTON" } };
    expect(map.handle(event("Enter", "Enter", button))).toBe("passed");
    expect(map.handle(event(" ", "Space", button))).toBe("passed");
    expect(map.handle(event("1", "Digit1", button))).toBe("done");
    const radio = { target: { tagName: "INPUT", type: "radio" } };
    expect(map.handle(event("ArrowDown", "ArrowDown", radio))).toBe("passed");
    expect(map.handle(event("Enter", "Enter", radio))).toBe("done");
    expect(picked).toHaveLength(1);
  });

  it("leaves what a part of the widget has handled", () => {
    const { map, picked } = keymap();
    expect(map.handle(event("1", "Digit1", { defaultPrevented: true }))).toBe("passed");
    expect(picked).toEqual([]);
  });

  it("hands a letter that is nobody's key to who takes it, for it to be typed there", () => {
    const { map } = keymap();
    const take = vi.fn(() => true);
    map.onTyped(take);
    expect(map.handle(event("q", "KeyQ"))).toBe("kept");
    expect(take).toHaveBeenCalledOnce();
    map.handle(event("1", "Digit1"));
    map.handle(event("q", "KeyQ", { ctrlKey: true }));
    expect(take).toHaveBeenCalledOnce();
  });

  it("answers one task per press, however long the key is held", () => {
    const { map, picked } = keymap();
    const submit = vi.fn(() => true);
    const undo = vi.fn(() => true);
    map.bind("submit", submit);
    map.bind("undo", undo);
    expect(map.handle(event("1", "Digit1", { repeat: true }))).toBe("done");
    expect(map.handle(event("Enter", "Enter", { repeat: true }))).toBe("done");
    map.handle(event("z", "KeyZ", { repeat: true, ctrlKey: true }));
    expect(picked).toEqual([]);
    expect(submit).not.toHaveBeenCalled();
    expect(undo).toHaveBeenCalledOnce();
  });
});

describe("the table", () => {
  it("has no clash, nor a digit or lower-case letter", () => {
    const chords = COMMANDS.flatMap(({ keys }) => keys.map(normalChord));
    for (const here of ["Text", "Regions", "Turns"]) {
      const elsewhere = ["Text", "Regions", "Turns"].filter((group) => group !== here);
      const one = COMMANDS.filter(({ group }) => !elsewhere.includes(group)).flatMap(({ keys }) =>
        keys.map(normalChord),
      );
      expect(new Set(one).size).toBe(one.length);
    }
    expect(chords.filter((chord) => /^[a-z0-9]$/.test(chord))).toEqual([]);
  });

  it("leaves scrolling, running the cell, saving and tabbing alone", () => {
    const chords = COMMANDS.flatMap(({ keys }) => keys.map(normalChord));
    for (const taken of ["PageUp", "PageDown", "Space", "Shift+Enter", "Mod+s", "Tab", "Shift+Tab"]) {
      expect(chords).not.toContain(taken);
    }
  });

  it("remaps; what clashes stays with the label, else with the first command", () => {
    const { map, picked } = keymap({ flag: "F8", skip: "b", back: "Enter", undo: "", redo: "Mod+Y F9" });
    const { byChord } = map.resolved.value;
    expect(map.display("flag")).toBe("F8");
    expect(byChord.get("F8")).toEqual(["flag"]);
    expect(byChord.get("Enter")?.[0]).toBe("submit");
    expect(byChord.get("Mod+z")).toBeUndefined();
    expect([byChord.get("Mod+y"), byChord.get("F9")]).toEqual([["redo"], ["redo"]]);
    map.handle(event("b", "KeyB"));
    expect(picked).toEqual([[{ field: "animal", label: "bird" }]]);
  });

  it("gives a rating all of its digits, or none where a label has one", () => {
    const { labels } = resolve(schema(RATING), {});
    expect(labels.get("1")).toEqual([{ field: "quality", label: "1" }]);
    expect(labels.get("5")).toEqual([{ field: "quality", label: "5" }]);
    const beside = resolve(schema(RATING, choice()), {}).labels;
    expect(beside.get("1")?.map(({ field }) => field)).toEqual(["animal"]);
    expect(beside.get("5")).toBeUndefined();
  });

  it("gives the digits of two ratings to the first", () => {
    const { labels } = resolve(schema(RATING, { ...RATING, name: "tone" }), {});
    expect(labels.get("3")).toEqual([{ field: "quality", label: "3" }]);
  });

  it("prints every command with its name for remapping", () => {
    const table = markdown();
    for (const { id } of COMMANDS) {
      expect(titleOf(id)).not.toBe(id);
      expect(table).toContain(`| ${titleOf(id)} | \`${id}\` |`);
    }
  });

  it("shares a key between widgets: it means what is bound here", () => {
    const { map } = keymap();
    const caret = vi.fn(() => true);
    map.bind("caret-left", caret);
    expect(map.handle(event("ArrowLeft", "ArrowLeft"))).toBe("done");
    expect(caret).toHaveBeenCalledOnce();
  });

  it("leaves Ctrl+F to the notebook where there is no text to search", () => {
    const { map } = keymap();
    const ctrlF = event("f", "KeyF", { ctrlKey: true });
    expect(map.handle(ctrlF)).toBe("passed");
    expect(map.claims(ctrlF)).toBe(false);
    map.bind("find-text", () => true);
    expect(map.handle(ctrlF)).toBe("done");
    expect(map.claims(ctrlF)).toBe(true);
  });

  it("tells what a command switches", () => {
    const { map } = keymap();
    map.bind("invisible", () => true, new Cell(true));
    expect(map.switched("invisible")?.value).toBe(true);
    expect(map.switched("undo")).toBeNull();
  });

  it("knows what is bound, and no command that does not exist", () => {
    const { map } = keymap();
    const unbind = map.bind("fit", () => true);
    expect(map.bound.value.has("fit")).toBe(true);
    unbind();
    expect(map.bound.value.has("fit")).toBe(false);
    expect(() => map.bind("fitt", () => true)).toThrow(/no command "fitt"/);
  });
});

describe("an empty search box", () => {
  it("leaves undo, decisions and help to the widget, and types all else", () => {
    const { map } = keymap();
    const run = vi.fn(() => true);
    for (const id of ["undo", "accept", "skip"]) map.bind(id, run);
    const box = (value: string) => ({
      tagName: "INPUT",
      type: "text",
      value,
      getAttribute: (name: string) => (name === "role" ? "combobox" : null),
    });
    const typed = (key: string, code: string, value: string, more = {}) =>
      map.handle(event(key, code, { target: box(value) as never, ...more }));
    expect(typed("z", "KeyZ", "", { ctrlKey: true })).toBe("done");
    expect(typed(".", "Period", "")).toBe("done");
    expect(typed("z", "KeyZ", "cre", { ctrlKey: true })).toBe("passed");
    expect(typed(".", "Period", "cre")).toBe("passed");
    expect(typed("1", "Digit1", "")).toBe("passed");
    expect(typed("S", "KeyS", "", { shiftKey: true })).toBe("passed");
    expect(run).toHaveBeenCalledTimes(2);
  });
});
