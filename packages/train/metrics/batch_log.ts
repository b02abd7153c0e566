import { stack, type Tensor } from "@troodon/core";

/** Small tensors of one shape, one for each batch, that stay on the device until they are all read at once. */
export class BatchLog implements Disposable {
  #entries: Tensor[] = [];

  /** Notes the numbers of a batch. */
  add(entry: Tensor): void {
    this.#entries.push(entry.adopt());
  }

  /** The numbers of each batch. */
  async read(): Promise<number[][]> {
    const [first] = this.#entries;
    if (first === undefined) return [];
    using all = stack(this.#entries);
    const data = Array.from(await all.dataAsync(), Number), size = first.numel();
    return this.#entries.map((_, i) => data.slice(i * size, (i + 1) * size));
  }

  /** Forgets them. */
  [Symbol.dispose](): void {
    for (const entry of this.#entries) entry.dispose();
    this.#entries = [];
  }
}
