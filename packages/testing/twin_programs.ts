/** Backend that also runs each launch as a program, and compares the results. */
import type {
  Backend,
  BackendLaunch,
  BackendLimits,
  Body,
  ByteRange,
  KernelCall,
  View,
  ViewSpec,
} from "@troodon/core";
import type { LaunchProgram, LiveValue, ProgramView, RunnableProgram } from "@troodon/core/kernel";

/** Number of launches compared by {@linkcode TwinPrograms}, and those with different results. */
export interface TwinReport {
  /** Number of launches that ran both ways. */
  compared: number;
  /** Descriptions of launches whose program gave another result. */
  readonly different: string[];
}

/**
 * Runs each launch directly and as a program of one launch. The program first runs on other memory with other numbers,
 * so that a second run shows whether it uses all live values. `compile` makes the programs.
 */
export class TwinPrograms implements Backend {
  readonly name: string;
  readonly limits: BackendLimits;
  /** Results so far. */
  readonly report: TwinReport = { compared: 0, different: [] };
  readonly readSync: (buffer: object, range?: ByteRange) => Uint8Array;
  readonly #backend: Backend;
  readonly #compile: (program: LaunchProgram) => RunnableProgram;
  /** Descriptions of launches compared so far. */
  readonly #known = new Set<string>();

  /** Compares launches of `backend`, which must support `readSync`, with programs made by `compile`. */
  constructor(backend: Backend, compile: (program: LaunchProgram) => RunnableProgram) {
    this.#backend = backend;
    this.#compile = compile;
    this.name = backend.name;
    this.limits = backend.limits;
    this.readSync = (buffer, range) => backend.readSync!(buffer, range);
  }

  /** See {@linkcode Backend}. */
  describe(): string {
    return this.#backend.describe();
  }

  /** See {@linkcode Backend}. */
  allocate(bytes: number): object {
    return this.#backend.allocate(bytes);
  }

  /** See {@linkcode Backend}. */
  release(buffer: object): void {
    this.#backend.release(buffer);
  }

  /** See {@linkcode Backend}. */
  write(buffer: object, data: Uint8Array, offset?: number): void {
    this.#backend.write(buffer, data, offset);
  }

  /** See {@linkcode Backend}. */
  read(buffer: object, range?: ByteRange): Promise<Uint8Array> {
    return this.#backend.read(buffer, range);
  }

  /** See {@linkcode Backend}. */
  supports(call: KernelCall, inputs: readonly ViewSpec[], outputs: readonly ViewSpec[]): boolean {
    return this.#backend.supports(call, inputs, outputs);
  }

  /** Runs a launch; in both ways if no launch with this layout was compared yet. */
  launch(call: KernelCall, inputs: readonly View[], outputs: readonly View[]): void {
    const description = described({ call, inputs, outputs });
    if (this.#known.has(description)) return this.#backend.launch(call, inputs, outputs);
    this.#known.add(description);
    const views = [...inputs, ...outputs], buffers = [...new Set(views.map(({ buffer }) => buffer))];
    const before = buffers.map((buffer) => this.readSync(buffer));
    const failure = this.#fails(() => this.#backend.launch(call, inputs, outputs), buffers);
    const expected = buffers.map((buffer) => this.readSync(buffer));
    const view = ({ buffer, dtype, shape, strides, offset, end }: View): ProgramView => (
      { slot: buffers.indexOf(buffer), dtype, shape, strides, offset, end }
    );
    const scalars = "scalars" in call ? call.scalars : [],
      random = call.kernel === "map" ? call.random : undefined;
    const live: LiveValue[] = scalars.map((_, index) => ({ kind: "scalar", index, number: index }));
    if (random) live.push({ kind: "random", random: 0 });
    const others = before.map((bytes) => this.#copyOf(bytes)), randoms = random ? [random] : [];
    using program = this.#compile({
      slots: before.map(({ byteLength }) => ({ kind: "given", bytes: byteLength })),
      launches: [{ call, inputs: inputs.map(view), outputs: outputs.map(view), live }],
    });
    const numbers = scalars.map((n) => n + 1);
    const wrong = random && { seed: random.seed, offset: [random.offset[0] + 5, random.offset[1]] } as const;
    this.#fails(() => program.run({ buffers: others, numbers, randoms: wrong ? [wrong] : [] }), others);
    buffers.forEach((buffer, i) => this.#backend.write(buffer, before[i]!));
    const message = this.#fails(() => program.run({ buffers, numbers: scalars, randoms }), buffers);
    for (const buffer of others) this.#backend.release(buffer);
    const equal = message === failure &&
      (failure !== null || buffers.every((buffer, i) => sameBytes(this.readSync(buffer), expected[i]!)));
    this.report.compared++;
    if (!equal) this.report.different.push(`${description}: ${message} and ${failure}`);
    if (failure !== null) throw new RangeError(failure);
  }

  /** See {@linkcode Backend}. */
  finish(): Promise<void> {
    return this.#backend.finish();
  }

  /** See {@linkcode Backend}. */
  [Symbol.dispose](): void {
    this.#backend[Symbol.dispose]();
  }

  /** Message of the RangeError thrown by a launch or by reading its result; null if none is thrown. */
  #fails(launch: () => void, [buffer]: readonly object[]): string | null {
    try {
      launch();
      if (buffer) this.readSync(buffer);
      return null;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return error.message;
    }
  }

  #copyOf(bytes: Uint8Array): object {
    const copy = this.#backend.allocate(bytes.byteLength);
    this.#backend.write(copy, bytes);
    return copy;
  }
}

/** Fields of a call that are left out of its description. */
const HIDDEN: ReadonlySet<string> = new Set(["scalars", "random", "body", "post", "epilogue"]);

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function described({ call, inputs, outputs }: BackendLaunch): string {
  const { body, post, epilogue } = call as { readonly [part in "body" | "post" | "epilogue"]?: Body };
  const views = [...inputs, ...outputs].map(({ dtype, shape, strides, offset }) =>
    `${dtype}[${shape}]/${strides}+${offset}`
  );
  const fields = JSON.stringify(call, (key, value) => HIDDEN.has(key) ? undefined : value);
  return [fields, body?.id, post?.id, epilogue?.id, ...views].join(" ");
}
