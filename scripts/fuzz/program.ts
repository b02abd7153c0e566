/** Programs as data: lists of statements over named variables, with PyTorch's names. */

/** Argument of a call. */
export type Argument =
  | number
  | boolean
  | string
  | null
  | readonly Argument[]
  | { readonly v: string }
  | { readonly n: "inf" | "-inf" | "nan" }
  | { readonly dtype: string }
  | { readonly slice: readonly [number | null, number | null, number | null] }
  | { readonly tuple: readonly Argument[] }
  | { readonly fn: FunctionName }
  | { readonly dots: true }
  | LayerArgument;

/** Functions that programs pass as arguments. */
export type FunctionName = "double" | "square" | "sum" | "distance" | "nothing";

/** Module created in place of an argument. */
export interface LayerArgument {
  readonly layer: string;
  readonly args: readonly Argument[];
  readonly kw?: Readonly<Record<string, Argument>>;
}

/** Troodon's argument order, as indices of `args` or keys of `kw` (default: same order, names as options). */
export interface Placing {
  readonly args: readonly (number | string)[];
  readonly options: Readonly<Record<string, number | string>>;
}

/** Tensor created from literal data. */
export interface MakeStatement {
  readonly as: string;
  readonly make: {
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly data: readonly (number | string)[];
    /** Divisor of the numbers in `data`. */
    readonly scale?: number;
    readonly grad?: boolean;
  };
}

/** Call of a function or method: `torch.add`, `Tensor.add_`, `F.relu`; `module` calls a module. */
export interface CallStatement {
  readonly as: string | readonly (string | null)[];
  readonly call: string;
  readonly args: readonly Argument[];
  readonly kw?: Readonly<Record<string, Argument>>;
  readonly here?: Placing;
  /** If true, runs under `no_grad()`. */
  readonly ng?: boolean;
  /** If true, values are random; only shapes and dtypes are compared. */
  readonly loose?: boolean;
  /** Index of the only result to compare. */
  readonly only?: number;
}

/** Module with given weights. */
export interface LayerStatement extends LayerArgument {
  readonly as: string;
  readonly here?: Placing;
  readonly eval?: boolean;
}

/** Backward pass that accumulates gradients in the leaves. */
export interface BackStatement {
  readonly back: string;
}

/** Second-order gradients: gradients with a graph of their own, and a backward pass of their sum. */
export interface GradsStatement {
  readonly grads: string;
  readonly of: readonly string[];
}

/** Statement of a program. */
export type Statement = MakeStatement | CallStatement | LayerStatement | BackStatement | GradsStatement;

/** Statements of a program. */
export type Program = readonly Statement[];

/** Description of a value, including the elements of a tensor. */
export type Shown =
  | number
  | boolean
  | string
  | null
  | readonly Shown[]
  | ShownTensor
  | { readonly n: string }
  | { readonly names: readonly (readonly [string, readonly number[]])[] }
  | { readonly what: string };

/** Elements, shape and dtype of a tensor. */
export interface ShownTensor {
  readonly s: readonly number[];
  readonly d: string;
  /** Bytes as base64: float64 for floating dtypes, int64 for others. */
  readonly b: string;
  /** 1 if the tensor requires a gradient. */
  readonly r?: 1;
}

/** Outcome of a statement: a value, or a refusal. */
export type Outcome = { readonly y: Shown } | { readonly e: string };

/** Outcomes of a program. */
export interface Trace {
  readonly steps: readonly Outcome[];
  /** Variables that changed after creation, gradients of leaves, and buffers of modules. */
  readonly end: Readonly<Record<string, Shown>>;
}

/** Returns true if a shown value is a tensor. */
export function isShownTensor(value: Shown | undefined): value is ShownTensor {
  return typeof value === "object" && value !== null && "b" in value;
}

/** Returns the names of a statement's results. */
export function namesOf(statement: Statement): readonly string[] {
  if (!("as" in statement)) return [];
  const { as } = statement;
  return typeof as === "string" ? [as] : as.filter((name) => name !== null);
}

/** Returns the initial value of a variable; null if it was never created. */
export function firstOf(program: Program, { steps }: Trace, name: string): Shown {
  for (const [step, statement] of program.entries()) {
    const outcome = steps[step]!;
    if (!("as" in statement) || !("y" in outcome)) continue;
    const { as } = statement, shown = outcome.y;
    if (as === name) return shown;
    if (as instanceof Array && as.includes(name)) {
      return shown instanceof Array ? shown[as.indexOf(name)] as Shown : shown;
    }
  }
  return null;
}
