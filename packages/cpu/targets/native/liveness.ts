/** Finds the live ranges of virtual registers. */
import type { Arena } from "./arena.ts";
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
  /** Number of reads and writes of a register, with more weight in loops. */
  readonly weight: Int32Array;
  /** Number of loops around each instruction. */
  readonly depth: Int32Array;
}

interface Block {
  readonly start: number;
  end: number;
  /** Labels of successors, or -1; the next block is a successor too if `falls`. */
  target: number;
  falls: boolean;
}

/** Replaces locals that are set only once, to a constant at the start. */
export function propagateConstants(flow: Flow, arena: Arena): void {
  const { words, count, constants, locals } = flow;
  const sets = arena.words(locals), alias = arena.words(locals, -1), read = arena.words(locals);
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
export function findLiveness(flow: Flow, arena: Arena, isPure: (op: number) => boolean): Liveness {
  const { words, constants } = flow, registers = flow.types.length;
  const { blocks, owner } = blocksOf(flow, arena);
  const crossing = number(flow, blocks, arena), size = crossing.registers.length + 31 >> 5;
  const { input, output } = solve(flow, blocks, owner, crossing, arena);
  const head = arena.words(registers, -1), weight = arena.words(registers), open = arena.words(registers, -1);
  const depth = depths(flow, arena);
  let [start, end, next] = [0, 1, 2].map(() => arena.words(4 * registers + 64)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  let ranges = 0;
  const close = (v: number, from: number): void => {
    const to = open[v]!, first = head[v]!;
    open[v] = -1;
    if (first >= 0 && start[first] === to) {
      start[first] = from;
      return;
    }
    if (ranges === start.length) {
      [start, end, next] = [start, end, next].map((list) => {
        const grown = arena.words(2 * ranges);
        grown.set(list);
        return grown;
      }) as [Int32Array, Int32Array, Int32Array];
    }
    start[ranges] = from;
    end[ranges] = to;
    next[ranges] = first;
    head[v] = ranges++;
  };
  for (let n = blocks.length - 1; n >= 0; n--) {
    const block = blocks[n]!;
    each(output, n * size, size, (v) => open[crossing.registers[v]!] = 2 * block.end);
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
    each(input, n * size, size, (v) => {
      const register = crossing.registers[v]!;
      if (open[register]! >= 0) close(register, 2 * block.start);
    });
  }
  return { head, start, end, next, weight, depth };
}

/** Calls `visit` for all bits of a set of `size` words. */
function each(sets: Int32Array, at: number, size: number, visit: (bit: number) => void): void {
  for (let word = 0; word < size; word++) {
    for (let bits = sets[at + word]!; bits !== 0; bits &= bits - 1) {
      visit(32 * word + 31 - Math.clz32(bits & -bits));
    }
  }
}

function depths({ loops, count }: Flow, arena: Arena): Int32Array {
  const depth = arena.words(count);
  for (const { start, end, depth: d } of loops) {
    for (let i = start; i < end; i++) depth[i] = Math.max(depth[i]!, d);
  }
  return depth;
}

function blocksOf({ words, count, labels }: Flow, arena: Arena): { blocks: Block[]; owner: Int32Array } {
  const blocks: Block[] = [], owner = arena.words(labels);
  const open = (start: number): Block => {
    const block = { start, end: count, target: -1, falls: true };
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

/** Registers that some block reads before it sets them; others are local to a block. */
interface Crossing {
  /** Number of each register among those that cross blocks, or -1. */
  readonly index: Int32Array;
  readonly registers: readonly number[];
}

function number({ words, types, constants }: Flow, blocks: readonly Block[], arena: Arena): Crossing {
  const index = arena.words(types.length, -1), seen = arena.words(types.length, -1), registers: number[] = [];
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

/** Consecutive sets of crossing registers that are live at the starts and ends of blocks. */
function solve(
  { words }: Flow,
  blocks: readonly Block[],
  owner: Int32Array,
  { index, registers }: Crossing,
  arena: Arena,
): { readonly input: Int32Array; readonly output: Int32Array } {
  const size = registers.length + 31 >> 5, length = size * blocks.length;
  const [use, set, input, output] = [0, 1, 2, 3].map(() => arena.words(length)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  blocks.forEach((block, n) => {
    const base = n * size;
    for (let i = block.start; i < block.end; i++) {
      const at = i * WORDS;
      for (let k = A; k <= ADDRESS; k++) {
        const v = words[at + k]!, bit = v < 0 ? -1 : index[v]!;
        if (bit < 0 || (set[base + (bit >> 5)]! >> (bit & 31) & 1) !== 0) continue;
        use[base + (bit >> 5)]! |= 1 << (bit & 31);
      }
      const to = words[at + TO]!, bit = to < 0 ? -1 : index[to]!;
      if (bit >= 0) set[base + (bit >> 5)]! |= 1 << (bit & 31);
    }
  });
  for (let changed = true; changed;) {
    changed = false;
    for (let n = blocks.length - 1; n >= 0; n--) {
      const { falls, target } = blocks[n]!, base = n * size;
      const after = falls && n + 1 < blocks.length ? base + size : -1;
      const there = target >= 0 ? owner[target]! * size : -1;
      for (let word = 0; word < size; word++) {
        const out = (after < 0 ? 0 : input[after + word]!) | (there < 0 ? 0 : input[there + word]!);
        const needed = use[base + word]! | out & ~set[base + word]!;
        output[base + word] = out;
        if (needed !== input[base + word]) {
          input[base + word] = needed;
          changed = true;
        }
      }
    }
  }
  return { input, output };
}
