// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Keymap } from "../../../labelwidgets/js/core/keymap.ts";
import { type AfmModel, bytesOf, type Deliver, newId } from "../../../labelwidgets/js/core/model.ts";
import { openDesk } from "../../../labelwidgets/js/core/open.ts";
import { Scope } from "../../../labelwidgets/js/core/scope.ts";
import { choice, push, pushOf, settled, stateOfFields } from "./fakes.ts";

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement("div");
  root.tabIndex = 0;
  document.body.append(root);
});
afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

describe("keys in a page", () => {
  function press(target: Element, key: string, code: string, part: KeyboardEventInit = {}): KeyboardEvent {
    const event = new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true, ...part });
    target.dispatchEvent(event);
    return event;
  }

  function attached() {
    const scope = new Scope();
    const map = new Keymap({ fields: [choice()], version: 1 }, {}, false);
    const picked = vi.fn();
    map.onLabel(picked);
    map.attach(root, scope);
    const notebook = vi.fn();
    document.body.onkeydown = notebook;
    return { map, scope, picked, notebook };
  }

  it("never reach the notebook when they are ours, and always when not", () => {
    const { picked, notebook } = attached();
    expect(press(root, "1", "Digit1").defaultPrevented).toBe(true);
    expect(press(root, "x", "KeyX").defaultPrevented).toBe(false);
    expect(press(root, "ArrowDown", "ArrowDown").defaultPrevented).toBe(false);
    expect(notebook).not.toHaveBeenCalled();
    press(root, "s", "KeyS", { ctrlKey: true });
    press(root, "Tab", "Tab");
    expect(notebook).toHaveBeenCalledTimes(2);
    expect(picked).toHaveBeenCalledOnce();
  });

  it("stop with the scope", () => {
    const { scope, picked, notebook } = attached();
    scope.dispose();
    press(root, "1", "Digit1");
    expect(picked).not.toHaveBeenCalled();
    expect(notebook).toHaveBeenCalledOnce();
  });

  it("leave a field for the widget, then the widget for the notebook", () => {
    const { notebook } = attached();
    const input = document.createElement("input");
    root.append(input);
    input.focus();
    press(input, "Escape", "Escape");
    expect(document.activeElement).toBe(root);
    press(root, "Escape", "Escape");
    expect(document.activeElement).not.toBe(root);
    expect(notebook).toHaveBeenCalled();
  });
});

describe("a desk on a host's model", () => {
  function model() {
    const state = stateOfFields([choice()]);
    const listeners = new Map<string, Set<() => void>>();
    let deliver: Deliver = () => {};
    const sent: { kind: string; id: string }[] = [];
    const afm: AfmModel = {
      get: (trait) => ({ state })[trait as "state"],
      on: (event, fn) =>
        void (listeners.get(event) ?? listeners.set(event, new Set()).get(event))?.add(fn as never),
      off: (event, fn) => void listeners.get(event)?.delete(fn as never),
      send: (act) => void sent.push(act as never),
    };
    const inbox = (fn: Deliver) => {
      deliver = fn;
      return () => {
        deliver = () => {};
      };
    };
    return {
      afm,
      inbox,
      listeners,
      sent,
      say: (content: unknown, buffers = []) => deliver(content, buffers),
    };
  }

  it("says hello, works, and leaves nothing behind", async () => {
    const { afm, inbox, listeners, sent, say } = model();
    const added = vi.spyOn(window, "addEventListener");
    const removed = vi.spyOn(window, "removeEventListener");
    const controller = new AbortController();
    const desk = openDesk(afm, root, inbox, controller.signal);
    expect(sent.map(({ kind }) => kind)).toEqual(["hello"]);
    say(null);
    say("nonsense");
    say({ kind: "other" });
    say({ kind: "ack", id: "unknown" });
    say(pushOf([push(1)]));
    expect(desk.task.value?.push.id).toBe(1);
    controller.abort();
    await settled();
    expect(sent.at(-1)).toMatchObject({ kind: "leave", tasks: [1] });
    expect(desk.scope.disposed).toBe(true);
    expect([...listeners.values()].map(({ size }) => size)).toEqual([0, 0]);
    expect(removed.mock.calls.map(([type]) => type).sort()).toEqual(
      added.mock.calls.map(([type]) => type).sort(),
    );
    say(pushOf([push(2)]));
    expect(desk.queue.value).toEqual([]);
  });

  it("takes what came before it was there", () => {
    const { afm } = model();
    const early = [{ kind: "ack", id: "of-a-bundle" }, pushOf([push(7)])];
    const inbox = (deliver: Deliver) => {
      for (const message of early) deliver(message, []);
      return () => {};
    };
    const controller = new AbortController();
    const desk = openDesk(afm, root, inbox, controller.signal);
    expect(desk.task.value?.push.id).toBe(7);
    controller.abort();
  });

  it("goes on when the comm is closed", () => {
    const { afm, inbox, say } = model();
    afm.send = () => {
      throw new Error("the comm is closed");
    };
    const controller = new AbortController();
    const desk = openDesk(afm, root, inbox, controller.signal);
    say(pushOf([push(1)]));
    desk.pick({ field: "animal", label: "cat" });
    expect(desk.saving.value.pending).toBe(1);
    controller.abort();
  });

  it("gives leases back when the page goes, and comes back with it", () => {
    const { afm, inbox, sent, say } = model();
    const controller = new AbortController();
    openDesk(afm, root, inbox, controller.signal);
    say(pushOf([push(1)]));
    window.dispatchEvent(new Event("pagehide"));
    expect(sent.at(-1)).toMatchObject({ kind: "leave", tasks: [1] });
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    expect(sent.at(-1)).toMatchObject({ kind: "hello" });
    controller.abort();
  });

  it("has the browser ask before answers are lost with the tab", async () => {
    vi.stubGlobal("indexedDB", undefined);
    const { afm, inbox, say, sent } = model();
    const controller = new AbortController();
    const desk = openDesk(afm, root, inbox, controller.signal);
    await settled();
    const closing = () => {
      const event = new Event("beforeunload", { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(desk.kept.value).toBe("memory");
    expect(closing()).toBe(false);
    say(pushOf([push(1)]));
    desk.pick({ field: "animal", label: "cat" });
    expect(closing()).toBe(true);
    say({ kind: "ack", id: sent.find(({ kind }) => kind === "submit")?.id });
    expect(closing()).toBe(false);
    controller.abort();
    vi.unstubAllGlobals();
  });
});

describe("ids and buffers", () => {
  it("are random, as many bytes as a UUID, and need no secure page", () => {
    vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
    const ids = [newId(), newId(), newId()];
    vi.unstubAllGlobals();
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(3);
  });

  it("are bytes however the host hands them over", () => {
    const { buffer } = new Uint8Array([0, 1, 2, 3]);
    expect([...bytesOf(new DataView(buffer, 1, 2))]).toEqual([1, 2]);
    expect([...bytesOf(buffer)]).toEqual([0, 1, 2, 3]);
    expect([...bytesOf(new Uint8Array(buffer, 2))]).toEqual([2, 3]);
  });
});
