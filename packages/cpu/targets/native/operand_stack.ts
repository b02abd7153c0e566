/** The operand stack of WebAssembly while a function is decoded: it holds virtual registers. */
import { type Flow, TO, WORDS } from "./flow.ts";
import { MOVE } from "./operation.ts";

/** Values on the stack. Values other than locals have one definition and one use. */
export class OperandStack {
  readonly values: number[] = [];
  readonly #flow: Flow;

  /** Makes an empty stack for a function. */
  constructor(flow: Flow) {
    this.#flow = flow;
  }

  /** Pushes a virtual register. */
  push(value: number): void {
    this.values.push(value);
  }

  /** Pops a virtual register. */
  pop(): number {
    return this.values.pop()!;
  }

  /** Returns true if the last instruction set the popped `value` and nothing else reads it. */
  isFresh(value: number): boolean {
    const flow = this.#flow;
    return value >= flow.locals && flow.words[(flow.count - 1) * WORDS + TO] === value &&
      !this.values.includes(value);
  }

  /** Removes the last instruction and returns its words. */
  takeLast(): Int32Array {
    const flow = this.#flow, at = --flow.count * WORDS;
    return flow.words.slice(at, at + WORDS);
  }

  /** Sets a local to a value that was popped. */
  assign(local: number, value: number): void {
    const flow = this.#flow, { values } = this;
    if (value === local) return;
    const isFresh = this.isFresh(value), isHeld = values.includes(local);
    if (isHeld) this.#keep(local);
    if (isFresh && !isHeld) flow.set((flow.count - 1) * WORDS, TO, local);
    else flow.append(MOVE, local, value);
  }

  /** Copies all locals on the stack: what follows may run several times, or not at all. */
  keepAll(): void {
    for (const value of this.values) if (value < this.#flow.locals) this.#keep(value);
  }

  /** Copies a local that is on the stack, as it is about to change. */
  #keep(local: number): void {
    const flow = this.#flow, { values } = this, copy = flow.register(flow.types[local]!);
    flow.append(MOVE, copy, local);
    for (let i = 0; i < values.length; i++) if (values[i] === local) values[i] = copy;
  }
}
