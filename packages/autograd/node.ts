/** The nodes of the graph: recorded calls and the leaves they come from. */
import {
  type GradHook,
  type GradNode,
  isFloating,
  type NextFunction,
  type OpCall,
  type Owner,
  type Saved,
  type Tape,
  type Tensor,
  type TensorSpec,
  type Traced,
} from "@troodon/core";
import { nextSerial, showAsText, showShape } from "@troodon/core/kernel";
import type { CallSite } from "./anomaly.ts";
import type { AccumulateGrad } from "./leaf_node.ts";

/** A hook, and the number of the output whose gradient it sees. */
export interface Hook {
  readonly output: number;
  readonly hook: GradHook;
}

/** A node of either kind. Nodes are numbered as they are made, so descending order leads from results to leaves. */
export type Node = CallNode | AccumulateGrad;

/** Calls that keep nothing, as they can be made again: see `checkpoint.ts`. */
export interface Segment {
  /** The serial number of the segment: nodes with smaller numbers are outside of it; see `nextSerial`. */
  readonly since: number;
  /** Hears of each call while it is the current one; says whether the call is to keep what its gradient reads. */
  note(node: CallNode): boolean;
  /** Makes the calls again, and has each node that is not released take over what was saved. */
  restore(): void;
  /** Hears that a node was released without that. */
  leave(): void;
  /** Hands over what the calls start from. */
  visitInputs(adopt: (input: Tensor) => void): void;
}

let segment: Segment | null = null;

/** Runs `f` with `current` hearing of each call. */
export function inSegment<T>(current: Segment | null, f: () => T): T {
  const before = segment;
  segment = current;
  try {
    return f();
  } finally {
    segment = before;
  }
}

/** Whether calls are being heard. */
export function hasSegment(): boolean {
  return segment !== null;
}

const NONE: readonly boolean[] = [];

/**
 * A recorded call. It holds the values its gradient reads, as aliases with the
 * version that they had, and of all other tensors the shapes alone.
 */
export class CallNode implements GradNode, Saved<unknown> {
  readonly tape: Tape;
  readonly id: number;
  readonly isLeaf = false;
  isReleased = false;
  readonly op: OpCall["op"];
  readonly params: unknown;
  /** The nodes of the inputs, null for those without a gradient. */
  readonly next: readonly (Node | null)[];
  /** Which output of its node each input was. */
  readonly numbers: readonly number[];
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  hooks: Hook[] | null = null;
  /** Where the call was made, if anomalies are being looked for. */
  site: CallSite | null = null;
  /** Outputs whose gradient is to be left in a tensor: see {@linkcode Tape.retainGrad}. */
  retained: { readonly output: number; readonly tensor: Tensor }[] | null = null;
  /** Set by the walk before it asks for gradients: those of which inputs it wants. */
  wanted: readonly boolean[] = NONE;
  // Inputs first, then outputs.
  #saved: (Tensor | null)[];
  #versions: readonly number[];
  #released = false;
  // Who calculates again what was not kept.
  #segment: Segment | null = null;

  /** Records `call`, and makes itself the node of its floating outputs; what it saves is owned by `scope`. */
  constructor(tape: Tape, { op, params, inputs, outputs, inPlace, link }: Recorded, scope: Owner | null) {
    this.tape = tape;
    this.op = op;
    this.params = params;
    // As long as they get: a list that grows by push() takes room for 17, and a history holds thousands of these.
    const read = inputs.length, made = outputs.length;
    const next = new Array<Node | null>(read), numbers = new Array<number>(read);
    const specs = new Array<TensorSpec>(read), results = new Array<TensorSpec>(made);
    const saved = new Array<Tensor | null>(read + made), versions = new Array<number>(read + made);
    for (let i = 0; i < read; i++) {
      const x = inputs[i]!;
      next[i] = nodeOf(x, tape);
      numbers[i] = x.outputNumber;
      specs[i] = { shape: x.shape, dtype: x.dtype };
    }
    // After what inputs came from: a view that is looked at again has its node since now.
    this.id = nextSerial();
    if (inPlace && op.flows) { for (let i = 0; i < read; i++) if (!op.flows(i)) next[i] = null; }
    this.next = next;
    this.numbers = numbers;
    this.inputs = specs;
    // A view that is looked at again within a segment is not one of its calls unless what it shows is.
    const kept = segment === null || (link && (next[0]?.id ?? 0) < segment.since) || segment.note(this);
    if (!kept) this.#segment = segment;
    // Whoever has no rule is differentiated as its composite, which starts from all inputs.
    const saves = op.vjp ? op.saves?.(params, this) : null;
    for (let i = 0; i < read; i++) {
      if (!kept || (saves !== null && saves?.inputs?.includes(i) !== true)) {
        saved[i] = null;
        versions[i] = 0;
        continue;
      }
      const x = inputs[i]! as Tensor, { count } = x.version;
      saved[i] = x.snapshot(scope);
      // What the call itself overwrote is not what it read.
      versions[i] = inPlace && x.version === (outputs[0]! as Tensor).version ? count - 1 : count;
    }
    for (let i = 0; i < made; i++) {
      const y = outputs[i]!, { shape, dtype } = y, keep = kept && saves?.outputs?.includes(i) === true;
      const alias = keep ? (y as Tensor).detach(scope) : null;
      results[i] = { shape, dtype };
      saved[read + i] = alias;
      versions[read + i] = alias === null ? 0 : alias.version.count;
      if (!isFloating(dtype)) continue;
      for (const t of alias ? [y, alias] : [y]) {
        t.node = this;
        t.outputNumber = i;
      }
    }
    this.outputs = results;
    this.#saved = saved;
    this.#versions = versions;
  }

  // Made when somebody asks: a history holds thousands of nodes.
  get nextFunctions(): readonly NextFunction[] {
    return this.next.map((node, i): NextFunction => [node, node === null ? 0 : this.numbers[i]!]);
  }

  /** Number of hooks on the node. */
  get hookCount(): number {
    return this.hooks?.length ?? 0;
  }

  /** How many outputs there are. */
  get outputCount(): number {
    return this.outputs.length;
  }

  /** As PyTorch names it: `MulBackward0`. */
  get name(): string {
    const { gradName } = this.op;
    // What PyTorch names so in full: CopySlices.
    if (gradName !== undefined && /^[A-Z]/.test(gradName)) return gradName;
    const name = (gradName ?? this.op.name).replace(/_+$/, "");
    return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Backward0`;
  }

  /** Its name in brackets, as PyTorch writes it: `<MulBackward0>`. */
  toString(): string {
    return `<${this.name}>`;
  }

  static {
    showAsText(this);
  }

  input(i: number): Tensor {
    return this.#read(i, "input", i);
  }

  output(i: number): Tensor {
    return this.#read(this.inputs.length + i, "output", i);
  }

  spec(i: number): TensorSpec {
    return this.inputs[i]!;
  }

  needs(i: number): boolean {
    return this.wanted === NONE ? this.next[i]! !== null : this.wanted[i] ?? false;
  }

  /** Refuses a second walk where the first freed what was saved. */
  checkHeld(): void {
    if (!this.#released) return;
    throw new ReferenceError(
      `Cannot run backward() through ${this.op.name}() a second time as what it saved was freed by the first: ` +
        "give { retainGraph: true } to the first",
    );
  }

  #read(slot: number, kind: "input" | "output", i: number): Tensor {
    this.checkHeld();
    this.#segment?.restore();
    const { name } = this.op;
    const saved = this.#saved[slot] ?? null;
    if (saved === null) {
      throw new TypeError(`Cannot read ${kind} ${i} in the gradient of ${name}() as it was not saved`);
    }
    if (saved.isDisposed) {
      throw new ReferenceError(
        `Cannot run backward() through ${name}() as what it saved was freed at the end of a Scope: ` +
          "call it within, or return the tensor from tidy()",
      );
    }
    const { count } = saved.version, expected = this.#versions[slot]!;
    if (count !== expected) {
      throw new TypeError(
        `Cannot run backward() through ${name}() as its ${kind} ${i} of shape ${showShape(saved.shape)}, ` +
          `which its gradient reads, was changed by an in-place op: it is at version ${count}, and was at ${expected} ` +
          "(PyTorch: one of the variables needed for gradient computation has been modified by an inplace " +
          "operation): use the form without `_`, or clone() before",
      );
    }
    return saved;
  }

  /**
   * Takes over what `other`, the same call made again, saved, and leaves it to the scope `owner`; `origin` says which
   * node stands for which.
   */
  refill(other: CallNode, origin: ReadonlyMap<Node, CallNode>, owner: Owner | null): void {
    if (this.#released) return other.release();
    for (const t of other.#saved) {
      if (t === null) continue;
      const node = t.node && origin.get(t.node as Node);
      if (node) t.node = node;
      // The scope that it was made in is that of one step of the walk.
      t.moveTo(owner);
    }
    this.#saved = other.#saved;
    this.#versions = other.#versions;
    this.#segment = null;
    other.#saved = [];
  }

  /** Frees what was saved. */
  release(): void {
    this.isReleased = true;
    if (this.#segment !== null) {
      this.#released = true;
      this.#segment.leave();
      this.#segment = null;
    }
    const saved = this.#saved;
    this.#released ||= this.op.once === true;
    for (let i = 0; i < saved.length; i++) {
      const t = saved[i];
      if (!t) continue;
      t.dispose();
      saved[i] = null;
      this.#released = true;
    }
  }

  /** Whether `t` is one of the handles that it frees. */
  holds(t: Tensor): boolean {
    return this.#saved.includes(t);
  }

  /** What was saved, to be adopted by somebody else. */
  visitSaved(adopt: (saved: Tensor) => void): void {
    for (const t of this.#saved) if (t !== null) adopt(t);
    this.#segment?.visitInputs(adopt);
  }
}

/** The record a graph node is built from: an op call, or a link between views, which saves no tensors. */
export interface Recorded extends Omit<OpCall, "inputs" | "outputs"> {
  readonly inputs: readonly Traced[];
  readonly outputs: readonly Traced[];
  /** Whether it is a link. */
  readonly link?: true;
}

/** The node of `t`, which must be of `tape`; null if it needs no gradient. */
export function nodeOf(t: Traced, tape: Tape): Node | null {
  const { node } = t;
  if (node === null) return null;
  if (node.tape !== tape) {
    throw new TypeError(
      "Cannot record a call as tensors of two tapes meet in it: import @troodon/autograd once",
    );
  }
  return node as Node;
}
