/** Decodes WebAssembly's stack code into operations on virtual registers. */
import { ADDRESS, EXTRA, Flow, FROM_MEMORY, OFFSET, OP, TO, WORDS } from "./flow.ts";
import { Frames } from "./frames.ts";
import type { ModuleParts } from "./module.ts";
import { OperandStack } from "./operand_stack.ts";
import {
  ARGUMENT,
  CALL,
  CONSTANT_VECTOR,
  COPY,
  DROP,
  ENTRY,
  F32,
  F64,
  FILL,
  I32,
  I64,
  LANE,
  LANE_MEMORY,
  MEMORY,
  NO_IMMEDIATE,
  NOP,
  RETURN,
  SELECT,
  SHUFFLE,
  signaturesOf,
  TRAP,
  V128,
} from "./operation.ts";
import { Reader } from "./reader.ts";
import { isCommutative, type Rules, takesConstantSecond } from "./rules.ts";

const VOID = 0x40;

/** Decodes one function. Values on the stack become virtual registers with one definition and one use. */
class Decoder {
  readonly flow = new Flow();
  readonly #module: ModuleParts;
  readonly #rules: Rules;
  readonly #signatures = signaturesOf();
  readonly #reader: Reader;
  readonly #stack = new OperandStack(this.flow);
  readonly #frames = new Frames(this.flow, this.#stack);
  #deadDepth = 0;

  constructor(module: ModuleParts, index: number, rules: Rules) {
    this.#module = module;
    this.#rules = rules;
    this.#reader = new Reader(module.bytes, module.functions[index]!.start);
    const { type } = module.functions[index]!, { flow } = this;
    for (const parameter of type.parameters) flow.register(parameter);
    flow.parameters = type.parameters.length;
    if (type.results.length > 0) flow.result = type.results[0]!;
  }

  /** Decodes the function; returns the reason if it cannot be compiled. */
  decode(end: number): string | undefined {
    const { flow } = this, reader = this.#reader;
    for (let groups = reader.unsigned(); groups > 0; groups--) {
      const count = reader.unsigned(), type = 0x7f - reader.byte();
      for (let i = 0; i < count; i++) flow.register(type);
    }
    flow.locals = flow.types.length;
    flow.append(ENTRY);
    while (reader.at < end) {
      const opcode = reader.byte();
      const op = opcode === 0xfc
        ? 0x100 + reader.unsigned()
        : opcode === 0xfd
        ? 0x200 + reader.unsigned()
        : opcode;
      const reason = this.#instruction(op);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  #instruction(op: number): string | undefined {
    const reader = this.#reader, stack = this.#stack, { flow } = this;
    switch (op) {
      case NOP:
        return;
      case 0x02:
      case 0x03:
      case 0x04:
        if (reader.byte() !== VOID) return "blocks with results";
        if (this.#frames.dead) this.#deadDepth++;
        else this.#frames.open(op);
        return;
      case 0x05:
        if (this.#deadDepth === 0) this.#frames.otherwise();
        return;
      case 0x0b:
        if (this.#deadDepth > 0) this.#deadDepth--;
        else this.#frames.end();
        return;
      case 0x0c:
      case 0x0d: {
        const depth = reader.unsigned();
        if (!this.#frames.dead) this.#frames.branch(depth, op === 0x0d);
        return;
      }
      case 0x10: {
        const index = reader.unsigned() - this.#module.imports;
        if (index < 0) return "functions of the host";
        if (!this.#frames.dead) this.#call(index);
        return;
      }
      case 0x20: {
        const local = reader.unsigned();
        if (!this.#frames.dead) stack.push(local);
        return;
      }
      case 0x21:
      case 0x22: {
        const local = reader.unsigned();
        if (this.#frames.dead) return;
        stack.assign(local, stack.pop());
        if (op === 0x22) stack.push(local);
        return;
      }
      case 0x41: {
        const value = reader.signed();
        stack.push(flow.integer(I32, value));
        return;
      }
      case 0x42: {
        const value = reader.signed64();
        stack.push(flow.integer(I64, value));
        return;
      }
      case 0x43:
        return this.#constant(F32, 4);
      case 0x44:
        return this.#constant(F64, 8);
      case CONSTANT_VECTOR:
        return this.#constant(V128, this.#module.vectorBytes);
      case SHUFFLE: {
        const mask = reader.bytes.slice(reader.at, reader.at + 16);
        reader.at += 16;
        if (this.#frames.dead) return;
        const b = stack.pop(), a = stack.pop();
        const at = flow.append(op, flow.register(V128), a, b);
        flow.words[at + EXTRA] = flow.shuffles.push(mask) - 1;
        stack.push(flow.words[at + TO]!);
        return;
      }
      case 0x10a:
      case 0x10b: {
        reader.at += op === 0x10a ? 2 : 1;
        if (this.#frames.dead) return;
        const c = stack.pop(), b = stack.pop(), a = stack.pop();
        flow.append(op === 0x10a ? COPY : FILL, -1, a, b, c);
        return;
      }
    }
    if (this.#frames.dead && (op === RETURN || op === TRAP || op === DROP || op === SELECT)) return;
    switch (op) {
      case RETURN:
      case TRAP:
        if (op === RETURN) this.#frames.return();
        else flow.append(TRAP);
        this.#frames.dead = true;
        return;
      case DROP:
        stack.pop();
        return;
      case SELECT: {
        const c = stack.pop(), b = stack.pop(), a = stack.pop();
        const to = flow.register(flow.types[a]!);
        flow.append(SELECT, to, a, b, c);
        stack.push(to);
        return;
      }
    }
    return this.#plain(op);
  }

  /** Decodes an instruction that pops operands and pushes its result. */
  #plain(op: number): string | undefined {
    const reader = this.#reader, stack = this.#stack, { flow } = this;
    const { operands, result, immediates, names } = this.#signatures;
    const count = operands[op]!;
    if (count === 255 || !this.#rules.has(op)) return `the instruction ${names[op] ?? op}`;
    const kind = immediates[op]!;
    let offset = 0, lane = 0;
    if (kind === MEMORY || kind === LANE_MEMORY) {
      reader.unsigned();
      offset = reader.unsigned();
      if (offset > 0x7fffffff) return "offsets above 2 GiB";
    }
    if (kind === LANE || kind === LANE_MEMORY) lane = reader.byte();
    if (this.#frames.dead) return;
    const memory = kind === MEMORY || kind === LANE_MEMORY, values = memory ? count - 1 : count;
    const c = values > 2 ? stack.pop() : -1;
    let b = values > 1 ? stack.pop() : -1;
    let a = values > 0 ? stack.pop() : -1;
    const address = memory ? stack.pop() : -1;
    let folded: Int32Array | undefined;
    if (values === 2 && flow.constants[a] && !flow.constants[b] && takesConstantSecond(op)) [a, b] = [b, a];
    if (kind === NO_IMMEDIATE && b >= 0 && this.#rules.foldsLoads(op)) {
      if (this.#isLoad(b, op)) folded = stack.takeLast();
      else if (c < 0 && isCommutative(op) && a !== b && this.#isLoad(a, op)) {
        folded = stack.takeLast();
        a = b;
      }
      if (folded) b = FROM_MEMORY;
    }
    const type = result[op]!, to = type === 255 ? -1 : flow.register(type);
    const at = flow.append(op, to, a, b, c), { words } = flow;
    words[at + ADDRESS] = folded ? folded[ADDRESS]! : address;
    words[at + OFFSET] = folded ? folded[OFFSET]! : offset;
    words[at + EXTRA] = lane;
    if (to >= 0) stack.push(to);
    return;
  }

  /** Returns true if the last instruction loaded `v` in a way that `op` can do itself. */
  #isLoad(v: number, op: number): boolean {
    const { flow } = this, at = (flow.count - 1) * WORDS;
    return v >= flow.locals && flow.words[at + TO] === v && this.#rules.loadOf(op) === flow.words[at + OP];
  }

  #constant(type: number, length: number): undefined {
    const reader = this.#reader, bytes = reader.bytes.slice(reader.at, reader.at + length);
    reader.at += length;
    this.#stack.push(this.flow.constant(type, bytes));
  }

  #call(index: number): void {
    const { flow } = this, stack = this.#stack.values, { type } = this.#module.functions[index]!;
    const slots = type.parameters.map((parameter) => parameter === V128 ? this.#module.vectorBytes : 8);
    let bytes = 0;
    const first = stack.length - slots.length;
    slots.forEach((size, i) => {
      flow.set(flow.append(ARGUMENT, -1, stack[first + i]!), OFFSET, bytes);
      bytes += size;
    });
    stack.length = first;
    flow.argumentBytes = Math.max(flow.argumentBytes, bytes);
    flow.calls.add(index);
    const to = type.results.length > 0 ? flow.register(type.results[0]!) : -1;
    flow.set(flow.append(CALL, to), EXTRA, index);
    if (to >= 0) stack.push(to);
  }
}

/** Decodes a function of a module, or returns the reason why it cannot be compiled. */
export function decode(module: ModuleParts, index: number, rules: Rules): Flow | string {
  const decoder = new Decoder(module, index, rules);
  return decoder.decode(module.functions[index]!.end) ?? decoder.flow;
}
