/** Heights of blocks one below the other, most of them guessed: sums and look-ups in logarithmic time. */

export class Heights {
  readonly #heights: Float64Array;
  /** Binary indexed tree of the sums. */
  readonly #tree: Float64Array;

  constructor(heights: Float64Array) {
    this.#heights = heights;
    this.#tree = new Float64Array(heights.length + 1);
    for (let i = 1; i <= heights.length; i++) {
      const [own, above] = [this.#tree[i] as number, i + (i & -i)];
      const sum = own + (heights[i - 1] as number);
      this.#tree[i] = sum;
      if (above <= heights.length) this.#tree[above] = (this.#tree[above] as number) + sum;
    }
  }

  get count(): number {
    return this.#heights.length;
  }

  get total(): number {
    return this.above(this.count);
  }

  of(block: number): number {
    return this.#heights[block] ?? 0;
  }

  set(block: number, height: number): void {
    const by = height - this.of(block);
    if (by === 0 || block >= this.count) return;
    this.#heights[block] = height;
    for (let i = block + 1; i <= this.count; i += i & -i) this.#tree[i] = (this.#tree[i] as number) + by;
  }

  /** What lies above a block. */
  above(block: number): number {
    let sum = 0;
    for (let i = block; i > 0; i -= i & -i) sum += this.#tree[i] as number;
    return sum;
  }

  /** The block at a height; the last one below everything. */
  at(y: number): number {
    let [block, left] = [0, y];
    for (let step = 2 ** Math.floor(Math.log2(Math.max(1, this.count))); step >= 1; step /= 2) {
      const next = block + step;
      if (next <= this.count && (this.#tree[next] as number) <= left) {
        block = next;
        left -= this.#tree[next] as number;
      }
    }
    return Math.min(block, this.count - 1);
  }
}
