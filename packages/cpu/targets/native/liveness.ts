/** When each virtual register holds a value that is still needed. */
import { A, ADDRESS, type Flow, OP, TARGET, TO, WORDS } from "./flow.ts";
import { BRANCH, ENTRY, JUMP, LABEL, LOOP, MOVE, NOP, RETURN, TRAP } from "./operation.ts";

/**
 * Live ranges. Instruction `i` reads its operands at position 2i and sets its result at 2i + 1; a range ends before its
 * `end`. Ranges of a register are a list in ascending order.
 */
export interface Liveness {
  /** The first range of a register, or -1. */
  readonly head: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** The next range of the same register, or -1. */
  readonly next: Int32Array;
  /** Reads and writes of a register, those in loops counted more. */
  readonly weight: Float64Array;
  /** Number of loops around each instruction. */
  readonly depth: Uint8Array;
}

interface Block {
  readonly start: number;
  end: number;
  /** Labels or -1; the next block follows if `falls`. */
  target: number;
  falls: boolean;
  use: Uint32Array;
  set: Uint32Array;
  input: Uint32Array;
  output: Uint32Array;
}

/** Replaces locals that are set once, at the very start, to a constant. */
export function propagateConstants(flow: Flow): void {
  const { words, count, constants, locals } = flow;
  const sets = new Int32Array(locals), alias = new Int32Array(locals).fill(-1);
  const read = new Uint8Array(locals);
  let entry = true, any = false;
  for (let i = 1; i < count; i++) {
    const at = i * WORDS, op = words[at + OP]!, to = words[at + TO]!;
    for (let k = A; entry && k <= ADDRESS; k++) {
      const v = words[at + k]!;
      if (v >= 0 && v < locals) read[v] = 1;
    }
    if (op === LABEL || op === LOOP || op === BRANCH || op === JUMP) entry = false;
    if (to < 0 || to >= locals) continue;
    sets[to]!++;
    if (op !== MOVE || !entry || read[to] === 1 || to < flow.parameters) continue;
    if (constants[words[at + A]!] !== undefined) alias[to] = i;
  }
  for (let v = 0; v < locals; v++) {
    const i = alias[v]!;
    if (i < 0) continue;
    if (sets[v] !== 1) alias[v] = -1;
    else {
      alias[v] = words[i * WORDS + A]!;
      words[i * WORDS + OP] = NOP;
      words[i * WORDS + TO] = words[i * WORDS + A] = -1;
      any = true;
    }
  }
  for (let i = 1; any && i < count; i++) {
    for (let at = i * WORDS + A, stop = i * WORDS + ADDRESS; at <= stop; at++) {
      const v = words[at]!;
      if (v >= 0 && v < locals && alias[v]! >= 0) words[at] = alias[v]!;
    }
  }
}

/** Finds the live ranges of all registers. Removes instructions whose result is never read. */
export function findLiveness(flow: Flow, isPure: (op: number) => boolean): Liveness {
  const { words, constants } = flow, registers = flow.types.length;
  const { blocks, owner } = blocksOf(flow);
  const crossing = number(flow, blocks);
  solve(flow, blocks, owner, crossing);
  const head = new Int32Array(registers).fill(-1), weight = new Float64Array(registers);
  const depth = depths(flow);
  let start = new Int32Array(4 * registers + 64), end = start.slice(), next = start.slice(), ranges = 0;
  const open = new Int32Array(registers).fill(-1);
  const close = (v: number, from: number): void => {
    const to = open[v]!, first = head[v]!;
    open[v] = -1;
    if (first >= 0 && start[first] === to) {
      start[first] = from;
      return;
    }
    if (ranges === start.length) {
      [start, end, next] = [start, end, next].map((list) => {
        const grown = new Int32Array(2 * ranges);
        grown.set(list);
        return grown;
      }) as [Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>];
    }
    start[ranges] = from;
    end[ranges] = to;
    next[ranges] = first;
    head[v] = ranges++;
  };
  for (let n = blocks.length - 1; n >= 0; n--) {
    const block = blocks[n]!;
    each(block.output, (v) => open[crossing.registers[v]!] = 2 * block.end);
    for (let i = block.end - 1; i >= block.start; i--) {
      const at = i * WORDS, op = words[at + OP]!, to = words[at + TO]!, cost = 10 ** Math.min(depth[i]!, 4);
      if (to >= 0) {
        if (open[to]! < 0 && isPure(op)) {
          words.fill(-1, at + TO, at + ADDRESS + 1);
          words[at + OP] = NOP;
          continue;
        }
        if (open[to]! < 0) open[to] = 2 * i + 2;
        close(to, 2 * i + 1);
        weight[to]! += cost;
      }
      for (let k = A; k <= ADDRESS; k++) {
        const v = words[at + k]!;
        if (v < 0) continue;
        weight[v]! += cost;
        if (constants[v] === undefined && open[v]! < 0) open[v] = 2 * i + 1;
      }
      if (op === ENTRY) { for (let v = 0; v < flow.locals; v++) if (open[v]! >= 0) close(v, 1); }
    }
    each(block.input, (v) => {
      const register = crossing.registers[v]!;
      if (open[register]! >= 0) close(register, 2 * block.start);
    });
  }
  return { head, start, end, next, weight, depth };
}

/** Calls `visit` for all bits of a set. */
function each(set: Uint32Array, visit: (bit: number) => void): void {
  for (let word = 0; word < set.length; word++) {
    for (let bits = set[word]!; bits !== 0; bits &= bits - 1) {
      visit(32 * word + 31 - Math.clz32(bits & -bits));
    }
  }
}

function depths({ loops, count }: Flow): Uint8Array {
  const depth = new Uint8Array(count);
  for (const { start, end, depth: d } of loops) {
    for (let i = start; i < end; i++) depth[i] = Math.max(depth[i]!, d);
  }
  return depth;
}

function blocksOf({ words, count, labels }: Flow): { blocks: Block[]; owner: Int32Array } {
  const blocks: Block[] = [], owner = new Int32Array(labels);
  const none = new Uint32Array(0);
  const open = (start: number): Block => {
    const block = {
      start,
      end: count,
      target: -1,
      falls: true,
      use: none,
      set: none,
      input: none,
      output: none,
    };
    blocks.push(block);
    return block;
  };
  let block = open(0);
  for (let i = 0; i < count; i++) {
    const at = i * WORDS, op = words[at + OP]!;
    if (op === LABEL || op === LOOP) {
      if (block.start < i) {
        block.end = i;
        block = open(i);
      }
      owner[words[at + TARGET]!] = blocks.length - 1;
    } else if (op === JUMP || op === BRANCH || op === RETURN || op === TRAP) {
      block.end = i + 1;
      block.falls = op === BRANCH;
      if (op === JUMP || op === BRANCH) block.target = words[at + TARGET]!;
      if (i + 1 < count) block = open(i + 1);
    }
  }
  return { blocks, owner };
}

/** Numbers the registers that some block reads before it sets them; others never cross from block to block. */
function number(
  { words, types, constants }: Flow,
  blocks: readonly Block[],
): { index: Int32Array; registers: number[] } {
  const index = new Int32Array(types.length).fill(-1), registers: number[] = [];
  const seen = new Int32Array(types.length).fill(-1);
  blocks.forEach((block, n) => {
    for (let i = block.start; i < block.end; i++) {
      const at = i * WORDS;
      for (let k = A; k <= ADDRESS; k++) {
        const v = words[at + k]!;
        if (v < 0 || seen[v] === n || index[v]! >= 0 || constants[v] !== undefined) continue;
        index[v] = registers.push(v) - 1;
      }
      const to = words[at + TO]!;
      if (to >= 0) seen[to] = n;
    }
  });
  return { index, registers };
}

function solve(
  { words }: Flow,
  blocks: readonly Block[],
  owner: Int32Array,
  { index, registers }: { readonly index: Int32Array; readonly registers: readonly number[] },
): void {
  const size = registers.length + 31 >> 5;
  for (const block of blocks) {
    for (const name of ["use", "set", "input", "output"] as const) block[name] = new Uint32Array(size);
    for (let i = block.start; i < block.end; i++) {
      const at = i * WORDS;
      for (let k = A; k <= ADDRESS; k++) {
        const v = words[at + k]!, bit = v < 0 ? -1 : index[v]!;
        if (bit >= 0 && (block.set[bit >> 5]! >> (bit & 31) & 1) === 0) {
          block.use[bit >> 5]! |= 1 << (bit & 31);
        }
      }
      const to = words[at + TO]!, bit = to < 0 ? -1 : index[to]!;
      if (bit >= 0) block.set[bit >> 5]! |= 1 << (bit & 31);
    }
  }
  for (let changed = true; changed;) {
    changed = false;
    for (let n = blocks.length - 1; n >= 0; n--) {
      const block = blocks[n]!;
      const after = block.falls ? blocks[n + 1] : undefined;
      const there = block.target >= 0 ? blocks[owner[block.target]!] : undefined;
      for (let word = 0; word < size; word++) {
        const output = (after ? after.input[word]! : 0) | (there ? there.input[word]! : 0);
        const input = block.use[word]! | output & ~block.set[word]!;
        block.output[word] = output;
        if ((input >>> 0) !== block.input[word]) {
          block.input[word] = input;
          changed = true;
        }
      }
    }
  }
}
