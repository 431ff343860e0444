/** How regions of a label look: colour, ink on it, and a dash pattern as the second sign. */

import type { Taxonomy } from "../core/taxonomy.ts";

export interface Look {
  readonly title: string;
  readonly color: string;
  /** Black or white, whichever reads better on `color`. */
  readonly ink: string;
  /** What lies under the outline, so that it shows on any photo: the opposite of `color` in lightness. */
  readonly halo: string;
  /** Dashes and gaps in CSS px; empty is a solid line. */
  readonly dash: readonly number[];
  /** Groups are painted in this order. */
  readonly order: number;
}

/** By the label's place in its field, as on the label bar's swatches. Gaps are short: suggestions have long ones. */
const DASHES: readonly (readonly number[])[] = [[], [14, 3], [5, 2], [14, 3, 4, 3]];
const NEUTRAL = "#757575";
const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/** Relative luminance (WCAG 2) of `#rgb` or `#rrggbb`, in 0..1. */
export function luminance(color: string): number {
  const hex = color.length === 4 ? [...color.slice(1)].map((c) => c + c).join("") : color.slice(1);
  const [r, g, b] = [0, 2, 4].map((i) => linear(Number.parseInt(hex.slice(i, i + 2), 16) / 255)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const linear = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);

/** `place` is the label's place in its field, -1 for a label the field doesn't have. */
export function lookOf(title: string, color: string, place: number): Look {
  const safe = HEX.test(color) ? color : NEUTRAL;
  const light = luminance(safe);
  const whiteReadsBetter = 1.05 / (light + 0.05) >= (light + 0.05) / 0.05;
  return {
    title,
    color: safe,
    ink: whiteReadsBetter ? "#ffffff" : "#000000",
    halo: light > 0.4 ? "rgba(0,0,0,0.6)" : "rgba(255,255,255,0.75)",
    dash: place < 0 ? [] : (DASHES[place % DASHES.length] as readonly number[]),
    order: place,
  };
}

/** Looks of a desk's labels, made once each. */
export class Looks {
  readonly #made = new Map<string, Map<string | null, Look>>();
  readonly #taxonomy: (field: string) => Taxonomy;

  constructor(taxonomy: (field: string) => Taxonomy) {
    this.#taxonomy = taxonomy;
  }

  of(field: string, label: string | null): Look {
    const known = this.#made.get(field)?.get(label);
    return known ?? this.#make(field, label);
  }

  /** Labels or colours have changed. */
  forget(): void {
    this.#made.clear();
  }

  #make(field: string, label: string | null): Look {
    const taxonomy = this.#taxonomy(field);
    const found = taxonomy.get(label);
    const place = found ? taxonomy.labels.indexOf(found) : -1;
    const look = lookOf(found?.title ?? label ?? "", found?.color ?? NEUTRAL, place);
    const looks = this.#made.get(field) ?? new Map<string | null, Look>();
    this.#made.set(field, looks.set(label, look));
    return look;
  }
}
