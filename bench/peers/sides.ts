/** Who is measured. */
import type { Workload } from "./kinds.ts";

/** A framework with a number of threads. */
export interface Side {
  /** How it is asked for, and stands in the results. */
  readonly name: string;
  /** How it stands in tables. */
  readonly title: string;
  /** Its program in `sides/`; Python's end in `.py`. */
  readonly file: string;
  readonly threads: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The width of its vectors, if they are narrower than the machine's: WebAssembly's. */
  readonly vectors?: 128;
  /** True to compile its training steps. */
  readonly compiled?: boolean;
  /** What it can measure; by default all but peaks. */
  readonly kinds?: readonly Workload["kind"][];
}

/** Whether a side measures a workload. */
export function measures({ kinds }: Side, { kind }: Workload): boolean {
  return kinds === undefined ? kind !== "peak" : kinds.includes(kind);
}

/** Troodon's engines by name, and the environment variables that select them. */
const ENGINES = {
  "machine code": { TROODON_NATIVE: "auto", TROODON_BLAS: "off" },
  "BLAS": { TROODON_NATIVE: "off", TROODON_BLAS: "auto" },
  "WebAssembly": { TROODON_NATIVE: "off", TROODON_BLAS: "off" },
} as const;

const troodon = (name: string, engine: keyof typeof ENGINES, threads: number, title = ""): Side => ({
  ...{
    name,
    title: `Troodon${title}, ${engine}${threads === 1 ? ", 1 thread" : ""}`,
    file: "troodon.ts",
    threads,
  },
  env: { TROODON_NUM_THREADS: `${threads}`, ...ENGINES[engine] },
  ...(engine === "WebAssembly" ? { vectors: 128 } : {}),
});

const TRAINING = ["epoch", "fit", "sequences"] as const;

const compiledTroodon = (...[name, engine, threads]: Parameters<typeof troodon>): Side => ({
  ...troodon(name, engine, threads, " compiled"),
  ...{ compiled: true, kinds: TRAINING },
});

const native = { file: "native.ts", kinds: ["peak", "gemm"] } as const;

/** All of them: the machine itself, then ours. */
export const SIDES: readonly Side[] = [
  { ...native, name: "native-1", title: "C and BLAS, 1 thread", threads: 1 },
  { ...native, name: "native-2", title: "C and BLAS", threads: 2 },
  troodon("troodon-native", "machine code", 2),
  troodon("troodon-native-1", "machine code", 1),
  troodon("troodon-blas", "BLAS", 2),
  troodon("troodon-wasm", "WebAssembly", 2),
  troodon("troodon-wasm-1", "WebAssembly", 1),
  compiledTroodon("troodon-compiled-native-1", "machine code", 1),
  compiledTroodon("troodon-compiled", "BLAS", 2),
  compiledTroodon("troodon-compiled-1", "WebAssembly", 1),
  { name: "torch-1", title: "PyTorch, 1 thread", file: "torch_side.py", threads: 1 },
  { name: "torch-2", title: "PyTorch", file: "torch_side.py", threads: 2 },
  {
    ...{ name: "torch-compiled-1", title: "torch.compile, 1 thread", file: "torch_side.py", threads: 1 },
    ...{ compiled: true, kinds: TRAINING },
  },
  { name: "jax-1", title: "JAX, 1 thread", file: "jax_side.py", threads: 1 },
  { name: "jax-2", title: "JAX", file: "jax_side.py", threads: 2 },
  { name: "tensorflow-1", title: "TensorFlow, 1 thread", file: "tensorflow_side.py", threads: 1 },
  { name: "tensorflow-2", title: "TensorFlow", file: "tensorflow_side.py", threads: 2 },
  { name: "tfjs", title: "TensorFlow.js wasm", file: "tfjs.ts", threads: 1, vectors: 128 },
  { name: "jax-js", title: "jax-js wasm", file: "jax_js.ts", threads: 2, vectors: 128 },
];

/** Those whose names, or beginnings of names, are given; all if none is. */
export function choose<T extends { readonly name: string }>(
  all: readonly T[],
  names: readonly string[],
): readonly T[] {
  for (const name of names) {
    if (all.some((one) => one.name.startsWith(name))) continue;
    const known = all.map((one) => one.name).join(", ");
    throw new RangeError(`Cannot measure ${name} as there are these: ${known}`);
  }
  return names.length === 0 ? all : all.filter((one) => names.some((name) => one.name.startsWith(name)));
}
