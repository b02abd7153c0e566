/** Maps of one body that follow one another: what an optimizer does to its parameters. */
import { bytesOf, isContiguous, type MapCall, sizeOf } from "@troodon/core";
import type { Shader } from "../device/stream.ts";
import { entry, type GpuBuffer, type GpuView, grid, type KernelContext } from "../kernel.ts";
import { Operands, relaid } from "../operands.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { wordsOf } from "../wgsl/words.ts";
import { kindOf } from "../wgsl/types.ts";
import { map } from "./map.ts";

interface Part {
  readonly call: MapCall;
  readonly inputs: readonly GpuView[];
  readonly outputs: readonly GpuView[];
}

/**
 * Holds calls back until something else is wanted, and runs them by one
 * dispatch. Only dense calls that have nothing to do with each other are taken:
 * none reads or writes what another of them writes.
 */
export class MapBatch {
  readonly #context: KernelContext;
  readonly #limit: number;
  #parts: Part[] = [];
  readonly #read = new Set<GpuBuffer>();
  readonly #written = new Set<GpuBuffer>();
  /** The last call, if it was a map: only a second one like it is held back. */
  #last: MapCall | undefined;

  /** `limit`: how many buffers a dispatch may see. */
  constructor(context: KernelContext, limit: number) {
    this.#context = context;
    this.#limit = limit;
  }

  /** Takes a call that can wait; false where it has to be run, after a `flush`. */
  take(call: MapCall, inputs: readonly GpuView[], outputs: readonly GpuView[]): boolean {
    const last = this.#last;
    this.#last = call;
    if (!last || !isLike(last, call) || !isDense(call, inputs, outputs)) return false;
    const free = outputs.every(({ buffer }) => !this.#read.has(buffer) && !this.#written.has(buffer)) &&
      inputs.every(({ buffer }) => !this.#written.has(buffer));
    const buffers = new Set([...inputs, ...outputs].map(({ buffer }) => buffer));
    for (const buffer of [...this.#read, ...this.#written]) buffers.add(buffer);
    if (!free || buffers.size > this.#limit) this.flush();
    for (const { buffer } of inputs) this.#read.add(buffer);
    for (const { buffer } of outputs) this.#written.add(buffer);
    // Tensors may be gone when the call is run, their buffers are not.
    const keep = (v: GpuView): GpuView => relaid(v, v.shape, v.strides);
    this.#parts.push({ call, inputs: inputs.map(keep), outputs: outputs.map(keep) });
    return true;
  }

  /** Says that another kernel comes next. */
  end(): void {
    this.flush();
    this.#last = undefined;
  }

  /** Runs what was taken. */
  flush(): void {
    const parts = this.#parts;
    if (parts.length === 0) return;
    this.#parts = [];
    this.#read.clear();
    this.#written.clear();
    const { call, inputs, outputs } = parts[0]!;
    if (parts.length === 1) map(this.#context, call, inputs, outputs);
    else runTogether(this.#context, parts);
  }
}

function isLike(a: MapCall, b: MapCall): boolean {
  if (a.body !== b.body || a.compute !== b.compute) return false;
  return a.scalars === b.scalars ||
    (a.scalars.length === b.scalars.length && a.scalars.every((x, i) => Object.is(x, b.scalars[i])));
}

/** Whether every view is all of its buffer in row-major order, so that it can be taken in fours. */
function isDense({ body, shape }: MapCall, inputs: readonly GpuView[], outputs: readonly GpuView[]): boolean {
  const size = sizeOf(shape);
  const whole = (v: GpuView): boolean =>
    v.offset === 0 && isContiguous(v) && sizeOf(v.shape) === size &&
    v.buffer.bytes === size * bytesOf(v.dtype);
  return size > 0 && !body.usesCoordinate && !body.usesRandom && inputs.every(whole) && outputs.every(whole);
}

function runTogether(context: KernelContext, parts: readonly Part[]): void {
  const { body, compute, scalars } = parts[0]!.call;
  const operands = new Operands(parts.flatMap((p) => p.inputs), parts.flatMap((p) => p.outputs));
  const pattern = operands.views.map(({ dtype, slot }) => `${dtype}${slot}`);
  const shader = context.plan(`maps${body.id},${compute},${parts.length}/${pattern}`, (): Shader => {
    const kind = kindOf(compute), text = new ShaderText(context.traits, operands, 4, [], parts.length);
    const calculate = text.body("calculate", body, compute);
    const [reads, results] = [parts[0]!.inputs.length, parts[0]!.outputs.length];
    const main = entry("numbers[0].w", [
      "var first = 0u;",
      ...parts.flatMap((_, p) => [
        `if (i < ${text.word(p)}) {`,
        "  let k = i - first;",
        `  let y = ${calculate.call((t) => `${text.load(p * reads + t, kind)}(k)`)};`,
        ...Array.from({ length: results }, (_, o) => {
          const store = text.store(operands.inputs + p * results + o, kind);
          return `  ${store}(k, ${results > 1 ? `y.y${o}` : "y"});`;
        }),
        "  return;",
        "}",
        `first = ${text.word(p)};`,
      ]),
    ]);
    return context.compile(text.finish("map", main));
  });
  let total = 0;
  const ends = parts.map(({ call }) => total += Math.ceil(sizeOf(call.shape) / 4));
  context.dispatch(shader, operands, wordsOf(operands, total, ends, [body], scalars, compute), grid(total));
}
