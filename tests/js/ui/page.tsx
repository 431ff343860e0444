/** Puts panels into a page and acts on them as a person does. */

import { render, type VNode } from "preact";
import { act } from "preact/test-utils";
import { afterEach } from "vitest";
import { fetchMore, laterFrom } from "../../../labelwidgets/js/ui/later.tsx";

// The seldom tools are there, as a moment after the first paint.
laterFrom(() => import("../../../labelwidgets/js/ui/more.ts"));
await fetchMore();

const hosts: HTMLElement[] = [];

afterEach(() => {
  for (const host of hosts.splice(0)) {
    act(() => render(null, host));
    host.remove();
  }
});

/** Draws `node`, effects included; the host is emptied after the test. */
export function show(node: VNode): HTMLElement {
  const host = document.createElement("div");
  document.body.append(host);
  hosts.push(host);
  act(() => render(node, host));
  return host;
}

/** Everything `fn` causes to be drawn is drawn when this returns. */
export function doing(fn: () => unknown): void {
  act(() => void fn());
}

export function one<T extends Element = HTMLElement>(host: Element | Document, selector: string): T {
  const found = host.querySelector<T>(selector);
  if (!found) throw new Error(`Nothing in the page is ${selector}: ${(host as Element).innerHTML ?? ""}`);
  return found;
}

export function all(host: Element, selector: string): HTMLElement[] {
  return [...host.querySelectorAll<HTMLElement>(selector)];
}

/** The button that says `words`, shown or in its name. */
export function button(host: Element, words: string): HTMLElement {
  const found = all(host, "button").find(
    (each) => each.textContent?.includes(words) || each.getAttribute("aria-label") === words,
  );
  if (!found) throw new Error(`No button says "${words}": ${host.innerHTML}`);
  return found;
}

export function click(target: Element, more: MouseEventInit = {}): void {
  doing(() => target.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...more })));
}

/** Presses a key where `target` is; returns the event, to see whether it was taken. */
export function press(target: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const code = /^\d$/.test(key) ? `Digit${key}` : /^[a-z]$/.test(key) ? `Key${key.toUpperCase()}` : key;
  const event = new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true, ...more });
  doing(() => target.dispatchEvent(event));
  return event;
}

export function type(target: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  doing(() => {
    target.value = text;
    target.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
