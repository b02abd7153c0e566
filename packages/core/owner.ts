/** Who frees tensors that nobody keeps. */
import { nextSerial } from "./serial.ts";
import type { Tensor } from "./tensor.ts";

/** Anything that tensors may be found in: a tensor, or arrays and records of them. */
export type TensorTree = unknown;

/** Owns the tensors that were made while it was in force, and frees those that nobody takes from it. */
export class Owner {
  /** What was made before it has smaller numbers; see `nextSerial`. */
  readonly serial: number = nextSerial();
  readonly #outer: Owner | null;
  readonly #made: Tensor[] = [];
  #ended = false;

  /** An owner that hands what is kept to `outer`. */
  constructor(outer: Owner | null) {
    this.#outer = outer;
  }

  /** Takes a tensor in; called by new tensors. */
  track(tensor: Tensor): void {
    this.#made.push(tensor);
  }

  /** Hands `tensor`, and what its history saved, to the enclosing owner, or to nobody if there is none. */
  keep<T extends Tensor>(tensor: T): T {
    this.keepAll(tensor);
    return tensor;
  }

  /** Hands over all tensors in `tree` (a tensor, or arrays and plain records of them), and what their histories saved. */
  keepAll(tree: TensorTree): void {
    const outer = this.#heir(), roots: Tensor[] = [];
    collect(tree, roots);
    const hand = (t: Tensor): void => {
      if (t.scope === this) t.moveTo(outer);
    };
    for (const t of roots) hand(t);
    // All roots that have a history have it from one tape.
    const node = roots.find((t) => t.node !== null)?.node;
    node?.tape.visitSaved(roots, this.serial, hand);
  }

  /** Frees what is left; from now on the enclosing owner stands in. */
  free(): void {
    this.#ended = true;
    const made = this.#made;
    for (let i = 0; i < made.length; i++) if (made[i]!.scope === this) made[i]!.dispose();
    made.length = 0;
  }

  /** Leaves what is left to the garbage collector. */
  abandon(): void {
    this.#ended = true;
    for (const t of this.#made) if (t.scope === this) t.moveTo(null);
    this.#made.length = 0;
  }

  /** The enclosing owner that is still in force. */
  #heir(): Owner | null {
    let outer = this.#outer;
    while (outer !== null && outer.#ended) outer = outer.#outer;
    return outer;
  }
}

function collect(tree: TensorTree, into: Tensor[]): void {
  if (typeof tree !== "object" || tree === null) return;
  if ("scope" in tree && "moveTo" in tree) into.push(tree as Tensor);
  else if (Array.isArray(tree)) { for (const item of tree) collect(item, into); }
  else if (Object.getPrototypeOf(tree) === Object.prototype) {
    for (const item of Object.values(tree)) collect(item, into);
  }
}
