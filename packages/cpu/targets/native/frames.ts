/** Tracks blocks, loops and branches while a function is decoded. */
import { A, ADDRESS, B, EXTRA, type Flow, NEGATED, OFFSET, OP, TARGET, WORDS } from "./flow.ts";
import { BRANCH, CALL, JUMP, LABEL, LOOP, LOOP_END, PREHEADER, RETURN } from "./operation.ts";
import type { OperandStack } from "./operand_stack.ts";
import { invertComparison, isComparison } from "./rules.ts";

/** An open block, loop, or branch of `if`. */
interface Frame {
  readonly label: number;
  /** Number of the loop; -1 for others. */
  readonly loop: number;
  /** Label of the `else` branch, until it begins. */
  otherwise: number;
  readonly height: number;
  /** True if a jump leads to its end. */
  reached: boolean;
  /** Instruction number of the branch that leaves a loop at its start; -1 if there is none. */
  exit: number;
  /** Label after that branch. */
  body: number;
}

/** The most instructions before a loop's exit branch that are repeated at the loop's end. */
const LONGEST_HEADER = 8;

/** A stack of open blocks, the innermost last. */
export class Frames {
  /** True for unreachable code, from a jump to the end of the block. */
  dead = false;
  readonly #flow: Flow;
  readonly #stack: OperandStack;
  readonly #frames: Frame[] = [];

  /** Begins without open blocks. */
  constructor(flow: Flow, stack: OperandStack) {
    this.#flow = flow;
    this.#stack = stack;
  }

  /** Opens a block by its opcode; an `if` pops its condition. */
  open(op: number): void {
    const flow = this.#flow;
    const frame = {
      label: flow.labels++,
      loop: -1,
      otherwise: -1,
      height: 0,
      reached: false,
      exit: -1,
      body: -1,
    };
    if (op === 0x04) {
      frame.otherwise = flow.labels++;
      const condition = this.#stack.pop();
      this.#stack.keepAll();
      this.#jumpIf(condition, frame.otherwise, true);
    } else this.#stack.keepAll();
    frame.height = this.#stack.values.length;
    if (op === 0x03) {
      const depth = this.#frames.reduce((count, { loop }) => count + Number(loop >= 0), 0);
      frame.loop = flow.loops.length;
      flow.set(flow.append(PREHEADER), EXTRA, frame.loop);
      const at = flow.append(LOOP);
      flow.words[at + EXTRA] = frame.loop;
      flow.words[at + TARGET] = frame.label;
      flow.loops.push({ depth: depth + 1, start: flow.count - 1, end: 0, rotated: false });
    }
    this.#frames.push(frame);
  }

  /** Begins the `else` branch. */
  otherwise(): void {
    const flow = this.#flow, frame = this.#frames.at(-1)!;
    if (!this.dead) {
      flow.set(flow.append(JUMP), TARGET, frame.label);
      frame.reached = true;
    }
    flow.set(flow.append(LABEL), TARGET, frame.otherwise);
    frame.otherwise = -1;
    this.dead = false;
    this.#stack.values.length = frame.height;
  }

  /** Closes the innermost block, or the function. */
  end(): void {
    const flow = this.#flow, frame = this.#frames.pop();
    if (frame === undefined) {
      if (!this.dead) this.return();
      return;
    }
    if (frame.loop >= 0) {
      flow.loops[frame.loop]!.end = flow.count;
      flow.set(flow.append(LOOP_END), EXTRA, frame.loop);
      this.#stack.values.length = frame.height;
      return;
    }
    if (frame.otherwise >= 0) flow.set(flow.append(LABEL), TARGET, frame.otherwise);
    else if (this.dead && !frame.reached) return;
    flow.set(flow.append(LABEL), TARGET, frame.label);
    this.dead = false;
    this.#stack.values.length = frame.height;
  }

  /** Branches out of `depth` blocks; a conditional branch pops its condition. */
  branch(depth: number, conditional: boolean): void {
    const flow = this.#flow, frame = this.#frames[this.#frames.length - 1 - depth];
    if (frame === undefined) {
      if (!conditional) this.return();
      else {
        const skip = flow.labels++;
        this.#jumpIf(this.#stack.pop(), skip, true);
        this.return();
        flow.set(flow.append(LABEL), TARGET, skip);
      }
      this.dead = !conditional;
      return;
    }
    frame.reached = true;
    if (conditional) {
      this.#jumpIf(this.#stack.pop(), frame.label, false);
      if (depth > 0) this.#noteExit();
      return;
    }
    if (frame.exit >= 0) this.#testAgain(frame);
    else flow.set(flow.append(JUMP), TARGET, frame.label);
    this.dead = true;
  }

  /** Notes that the branch just appended leaves the innermost loop, if little comes before it. */
  #noteExit(): void {
    const flow = this.#flow, frame = this.#frames.at(-1)!, exit = flow.count - 1;
    if (frame.loop < 0 || frame.exit >= 0) return;
    const first = flow.loops[frame.loop]!.start + 1;
    if (exit - first > LONGEST_HEADER) return;
    for (let i = first; i < exit; i++) {
      const op = flow.words[i * WORDS + OP]!;
      if (op === BRANCH || op === LABEL || op === CALL || op === LOOP || op === JUMP) return;
    }
    frame.exit = exit;
    frame.body = flow.labels++;
    flow.loops[frame.loop]!.rotated = true;
    const at = flow.append(LABEL);
    flow.set(at, TARGET, frame.body);
    flow.set(at, EXTRA, frame.loop + 1);
  }

  /** Repeats a loop: tests its condition again, then continues after the first test or leaves the loop. */
  #testAgain({ loop, exit, body }: Frame): void {
    const flow = this.#flow;
    for (let i = flow.loops[loop]!.start + 1; i < exit; i++) flow.repeat(i);
    const at = flow.repeat(exit), extra = flow.words[at + EXTRA]!, out = flow.words[at + TARGET]!;
    const inverse = invertComparison(extra);
    flow.set(at, EXTRA, inverse >= 0 ? inverse : extra ^ NEGATED);
    flow.set(at, TARGET, body);
    flow.set(flow.append(JUMP), TARGET, out);
  }

  /** Jumps if `condition` is not zero, or with `negated` if it is zero; merges with a preceding comparison. */
  #jumpIf(condition: number, label: number, negated: boolean): void {
    const flow = this.#flow, last = (flow.count - 1) * WORDS;
    let extra = negated ? NEGATED : 0, words: Int32Array | undefined;
    if (this.#stack.isFresh(condition) && isComparison(flow.words[last + OP]!)) {
      words = this.#stack.takeLast();
      const inverse = negated ? invertComparison(words[OP]!) : -1;
      if (inverse >= 0) extra = inverse;
      else extra |= words[OP]!;
    }
    const at = flow.append(BRANCH, -1, words ? words[A]! : condition, words ? words[B]! : -1);
    if (words) {
      flow.words[at + ADDRESS] = words[ADDRESS]!;
      flow.words[at + OFFSET] = words[OFFSET]!;
    }
    flow.words[at + EXTRA] = extra;
    flow.words[at + TARGET] = label;
  }

  /** Leaves the function. */
  return(): void {
    const flow = this.#flow;
    flow.append(RETURN, -1, flow.result >= 0 ? this.#stack.values.at(-1)! : -1);
  }
}
