/** Finding in a long text, where the browser's own search sees only what is in the page. */

import type { Scope } from "../core/scope.ts";
import type { Range } from "./edges.ts";
import { findAll, hitFrom, MOST_HITS } from "./search.ts";

export interface Finding {
  text(): string;
  /** Where to look from first. */
  from(): number;
  /** Shows what was found. */
  show(hits: readonly Range[], hit: number): void;
  /** The search is over; the hit that was looked at. */
  done(hit: Range | null): void;
}

export class Finder {
  readonly #bar: HTMLElement;
  readonly #box: HTMLInputElement;
  readonly #count: HTMLElement;
  readonly #finding: Finding;
  #hits: readonly Range[] = [];
  #hit = -1;

  constructor(host: HTMLElement, finding: Finding, scope: Scope) {
    this.#finding = finding;
    const page = host.ownerDocument;
    this.#bar = page.createElement("div");
    this.#bar.className = "lw-seek";
    this.#bar.setAttribute("role", "search");
    this.#bar.hidden = true;
    this.#box = page.createElement("input");
    this.#box.className = "lw-input";
    this.#box.type = "text";
    this.#box.dir = "auto";
    this.#box.placeholder = "Find in the text…";
    this.#box.setAttribute("aria-label", "Find in the text");
    this.#count = page.createElement("span");
    this.#count.className = "lw-muted";
    this.#count.setAttribute("role", "status");
    const button = (says: string, sign: string, act: () => void) => {
      const made = page.createElement("button");
      made.type = "button";
      made.className = "lw-button lw-only";
      made.title = says;
      made.setAttribute("aria-label", says);
      made.textContent = sign;
      scope.listen(made, "click", act);
      return made;
    };
    const step = (says: string, sign: string, way: 1 | -1) => button(says, sign, () => this.#step(way));
    this.#bar.append(
      this.#box,
      this.#count,
      step("The one before (Shift+Enter)", "↑", -1),
      step("The next one (Enter)", "↓", 1),
      button("Close (Esc)", "✕", () => this.close()),
    );
    host.append(this.#bar);
    scope.listen(this.#box, "input", () => this.#search());
    scope.listen(this.#bar, "keydown", (event) => this.#keyed(event));
  }

  get isOpen(): boolean {
    return !this.#bar.hidden;
  }

  open(): void {
    this.#bar.hidden = false;
    this.#box.focus();
    this.#box.select();
    this.#search();
  }

  close(): void {
    if (!this.isOpen) return;
    this.#bar.hidden = true;
    const hit = this.#hits[this.#hit] ?? null;
    this.#hits = [];
    this.#finding.show([], -1);
    this.#finding.done(hit);
  }

  #search(): void {
    this.#hits = findAll(this.#finding.text(), this.#box.value);
    this.#hit = hitFrom(this.#hits, this.#finding.from(), 1);
    this.#tell();
  }

  #step(way: 1 | -1): void {
    const count = this.#hits.length;
    if (count > 0) this.#hit = (this.#hit + way + count) % count;
    this.#tell();
  }

  #tell(): void {
    const count = this.#hits.length;
    const more = count === MOST_HITS ? "+" : "";
    const place = `${(this.#hit + 1).toLocaleString("en")} of ${count.toLocaleString("en")}${more}`;
    this.#count.textContent = this.#box.value === "" ? "" : count === 0 ? "Not found" : place;
    this.#finding.show(this.#hits, this.#hit);
  }

  #keyed(event: KeyboardEvent): void {
    if (event.isComposing || event.altKey) return;
    const again = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f";
    if (event.key === "Enter" && event.target === this.#box) this.#step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") this.close();
    else if (again) this.#box.select();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
