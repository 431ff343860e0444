/** The way one would write first: the whole text in nested `<mark>`s, built anew at each change. */

export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly color: string;
}

export class Plain {
  readonly scroller: HTMLElement;
  readonly marks: Mark[];
  readonly #text: string;
  readonly #leaf: HTMLElement;

  constructor(host: HTMLElement, text: string, marks: readonly Mark[]) {
    this.scroller = document.createElement("div");
    this.scroller.style.cssText = "height:532px;width:942px;overflow:auto";
    this.#leaf = document.createElement("div");
    this.#leaf.style.cssText =
      "max-width:46em;margin:24px auto;white-space:pre-wrap;line-height:2.2;font:16px system-ui,sans-serif";
    this.scroller.append(this.#leaf);
    host.append(this.scroller);
    this.#text = text;
    this.marks = [...marks];
    this.render();
  }

  add(mark: Mark): void {
    this.marks.push(mark);
    this.render();
  }

  render(): void {
    const sorted = [...this.marks].sort((a, b) => a.start - b.start || b.end - a.end);
    const open: { element: HTMLElement; end: number }[] = [{ element: this.#leaf, end: this.#text.length }];
    this.#leaf.replaceChildren();
    let at = 0;
    const upTo = (unit: number) => {
      while (open.length > 1 && (open.at(-1)?.end ?? 0) <= unit) {
        const top = open.pop();
        if (!top) break;
        top.element.append(this.#text.slice(at, top.end));
        at = top.end;
      }
      open.at(-1)?.element.append(this.#text.slice(at, unit));
      at = unit;
    };
    for (const { start, end, label, color } of sorted) {
      upTo(start);
      const element = document.createElement("mark");
      element.style.background = `${color}44`;
      element.dataset.label = label;
      open.at(-1)?.element.append(element);
      open.push({ element, end: Math.min(end, open.at(-1)?.end ?? end) });
    }
    upTo(this.#text.length);
  }
}
