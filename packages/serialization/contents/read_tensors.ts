/** State dictionaries that some tensors are missing of. */
import { StateDict, type Tensor } from "@troodon/core";

/** The tensors of a file by name; `get()` of one that could not be read throws the reason. */
export class ReadTensors extends StateDict {
  readonly #file: string;
  readonly #unread: ReadonlyMap<string, string>;

  /**
   * @param file The name of the file, for errors.
   * @param unread The dtypes of the tensors that could not be read, by name.
   */
  constructor(file: string, unread: ReadonlyMap<string, string>) {
    super();
    this.#file = file;
    this.#unread = unread;
  }

  override has(name: string): boolean {
    return super.has(name) || this.#unread.has(name);
  }

  override get(name: string): Tensor | undefined {
    const type = this.#unread.get(name);
    if (type === undefined) return super.get(name);
    throw new TypeError(
      `Cannot read "${name}" of ${this.#file} as there are no tensors of its dtype: current dtype is ${type}`,
    );
  }
}
