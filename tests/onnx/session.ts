/** Models in onnxruntime. */
import type { Tensor } from "@troodon/core";

/** A tensor of onnxruntime. */
interface Value {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

/** The part of onnxruntime that is used. Its own types are a large download, which the type check does without. */
interface Runtime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<{
      readonly inputNames: readonly string[];
      readonly outputNames: readonly string[];
      run(feeds: Readonly<Record<string, Value>>): Promise<Readonly<Record<string, Value>>>;
      release(): Promise<void>;
    }>;
  };
  readonly Tensor: new (type: string, data: ArrayBufferView, shape: readonly number[]) => Value;
}

/** The package, by a name that the type check does not look into. */
const PACKAGE: string = "npm:onnxruntime-node@1.30.0";

/** The outputs of a model: numbers in row-major order, and shapes. */
export interface Result {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A model that onnxruntime has loaded. */
export interface Session {
  /** Runs it on inputs in their order; returns the outputs in theirs. */
  run(inputs: readonly Tensor[]): Promise<Result[]>;
  /** Frees it. */
  release(): Promise<void>;
}

/** Loads a model. */
export type Load = (bytes: Uint8Array) => Promise<Session>;

/** onnxruntime; null, with a word on the console, where it is not to be had. */
export async function onnxruntime(): Promise<Load | null> {
  try {
    const { InferenceSession, Tensor } = await import(PACKAGE) as Runtime;
    return async (bytes) => {
      const session = await InferenceSession.create(bytes, {
        logSeverityLevel: 3,
        intraOpNumThreads: 1,
        graphOptimizationLevel: "basic",
      });
      return {
        async run(inputs) {
          const feeds = session.inputNames.map((name, i) => [name, valueOf(Tensor, inputs[i]!)] as const);
          const results = await session.run(Object.fromEntries(feeds));
          return session.outputNames.map((name) => {
            const { dims, data } = results[name]!;
            return { shape: [...dims], data: Array.from(data, Number) };
          });
        },
        release: () => session.release(),
      };
    };
  } catch (error) {
    console.warn(`Skipped: onnxruntime-node cannot be loaded: ${(error as Error).message}`);
    return null;
  }
}

function valueOf(make: Runtime["Tensor"], x: Tensor): Value {
  const shape = [...x.shape];
  switch (x.dtype) {
    case "int64":
      return new make("int64", x.dataSync({ bigint: true }), shape);
    case "bool":
    case "uint8":
    case "int32":
    case "float32":
    case "float64":
      return new make(x.dtype, x.dataSync(), shape);
    case "float16":
    case "bfloat16":
      throw new TypeError(`Cannot run a model on ${x.dtype} as onnxruntime must take its tensors in Deno`);
  }
}
