/** Owners of tensors: they free what nobody keeps. */
import { NamedResults } from "./named_results.ts";
import { nextSerial } from "./serial.ts";
import type { Tape } from "./tape.ts";
import type { Tensor } from "./tensor.ts";

/** Anything that tensors may be found in: a tensor, or arrays and records of them. */
export type TensorTree = unknown;

/** How many tensors an owner takes in before it looks for those that left it. */
const FORGET_FROM = 2 ** 10;

/** Owns the tensors that were made while it was in force, and frees those that nobody takes from it. */
export class Owner {
  /** Serial number of the owner: tensors made before have smaller numbers; see `nextSerial`. */
  readonly serial: number = nextSerial();
  #outer: Owner | null;
  #made: Tensor[] = [];
  #forgetAt = FORGET_FROM;
  #ended = false;

  /** An owner that hands what is kept to `outer`. */
  constructor(outer: Owner | null) {
    this.#outer = outer;
  }

  /** Takes a tensor in; called by new tensors. */
  track(tensor: Tensor): void {
    if (this.#made.length === this.#forgetAt) this.#forget();
    this.#made.push(tensor);
  }

  /** Lets go of handles that were disposed of or taken: a long loop within would hoard them. */
  #forget(): void {
    this.#made = this.#made.filter((t) => t.scope === this);
    this.#forgetAt = Math.max(FORGET_FROM, 2 * this.#made.length);
  }

  /** Hands `tensor`, and what its history saved, to the enclosing owner, or to nobody if there is none. */
  keep<T extends Tensor>(tensor: T): T {
    this.keepAll(tensor);
    return tensor;
  }

  /**
   * Hands over all tensors in `tree` (a tensor, or arrays and plain records of them), and what their histories saved.
   *
   * @throws {TypeError} If `tree` is a promise.
   */
  keepAll(tree: TensorTree): void {
    const outer = this.#heir(), roots = tensorsIn(tree);
    const hand = (t: Tensor): void => {
      const { scope } = t;
      if (scope === this || (scope !== null && scope.#isWithin(this))) t.moveTo(outer);
    };
    for (const t of roots) hand(t);
    let tape: Tape | null = null;
    for (const { node } of roots) {
      if (node === null || node.tape === tape) continue;
      tape = node.tape;
      // Mostly there is but one.
      tape.visitSaved(roots.filter((t) => t.node?.tape === tape), this.serial, hand);
    }
  }

  /** Whether it stands within `other`: what it owns is then the other's to keep. */
  #isWithin(other: Owner): boolean {
    for (let owner = this.#outer; owner !== null; owner = owner.#outer) if (owner === other) return true;
    return false;
  }

  /** Frees what is left; from now on the enclosing owner stands in. */
  free(): void {
    this.#ended = true;
    // Owners that were made within, and outlive it, hold no more than they need.
    this.#outer = this.#heir();
    const made = this.#made;
    let failed = false, failure: unknown;
    for (let i = 0; i < made.length; i++) {
      if (made[i]!.scope !== this) continue;
      try {
        made[i]!.dispose();
      } catch (error) {
        // Of the listeners of a device: the others are freed all the same.
        if (!failed) failure = error;
        failed = true;
      }
    }
    made.length = 0;
    if (failed) throw failure;
  }

  /** Leaves what was made so far to the garbage collector. */
  abandon(): void {
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

/** The tensors in `tree`. */
function tensorsIn(tree: TensorTree): Tensor[] {
  if (isTensor(tree)) return [tree];
  const found: Tensor[] = [];
  // Places that are still to be looked at, each once: a record may lead to itself.
  let places: Set<object> | null = null;
  const lookAt = (item: unknown): void => {
    if (typeof item !== "object" || item === null) return;
    if (isTensor(item)) found.push(item);
    else (places ??= new Set()).add(item);
  };
  const lookInto = (place: unknown): void => {
    if (Array.isArray(place)) { for (const item of place) lookAt(item); }
    else if (isRecord(place)) { for (const item of Object.values(place)) lookAt(item); }
  };
  lookInto(tree);
  if (tree instanceof Promise) {
    throw new TypeError(
      "Cannot go on from an asynchronous function as what it made would be freed before it ends: current result is a " +
        "promise, for which tidy(), scoped() and noGrad() wait alone",
    );
  }
  if (places !== null) { for (const place of places as Set<object>) lookInto(place); }
  return found;
}

/** Whether `x` is a tensor, told by what owners need of one. */
export function isTensor(x: unknown): x is Tensor {
  return typeof x === "object" && x !== null && "scope" in x && "moveTo" in x;
}

/** Returns true for plain records and the named results of an op. */
export function isRecord(x: unknown): x is object {
  if (typeof x !== "object" || x === null) return false;
  const prototype = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === NamedResults.prototype || prototype === null;
}
