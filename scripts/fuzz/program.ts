/** Programs as data: lists of statements over named variables, in the words of PyTorch. */

/** An argument of a call. */
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

/** Functions that programs hand over. */
export type FunctionName = "double" | "square" | "sum" | "distance" | "nothing";

/** A module that is made in place of an argument. */
export interface LayerArgument {
  readonly layer: string;
  readonly args: readonly Argument[];
  readonly kw?: Readonly<Record<string, Argument>>;
}

/** Where arguments go here: positions of `args`, or names of `kw`. Without it positions stay, and names are options. */
export interface Placing {
  readonly args: readonly (number | string)[];
  readonly options: Readonly<Record<string, number | string>>;
}

/** A tensor that is written down. */
export interface MakeStatement {
  readonly as: string;
  readonly make: {
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly data: readonly (number | string)[];
    /** What the numbers are divided by. */
    readonly scale?: number;
    readonly grad?: boolean;
  };
}

/** A call of a function or method: `torch.add`, `Tensor.add_`, `F.relu`, `module` for a module itself. */
export interface CallStatement {
  readonly as: string | readonly (string | null)[];
  readonly call: string;
  readonly args: readonly Argument[];
  readonly kw?: Readonly<Record<string, Argument>>;
  readonly here?: Placing;
  /** Whether it runs under `no_grad()`. */
  readonly ng?: boolean;
  /** Whether its values are random: shapes and dtypes are compared. */
  readonly loose?: boolean;
  /** Which of several results is compared alone. */
  readonly only?: number;
}

/** A module with given weights. */
export interface LayerStatement extends LayerArgument {
  readonly as: string;
  readonly here?: Placing;
  readonly eval?: boolean;
}

/** The gradient of a result, left in the leaves. */
export interface BackStatement {
  readonly back: string;
}

/** Gradients with a graph of their own, and the gradient of their sum in the leaves: second order. */
export interface GradsStatement {
  readonly grads: string;
  readonly of: readonly string[];
}

/** One line of a program. */
export type Statement = MakeStatement | CallStatement | LayerStatement | BackStatement | GradsStatement;

/** A program. */
export type Program = readonly Statement[];

/** What a value is, with its numbers if it is a tensor. */
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

/** A tensor that was read. */
export interface ShownTensor {
  readonly s: readonly number[];
  readonly d: string;
  /** Bytes in base64: float64 of floating types, int64 of others. */
  readonly b: string;
  /** 1 if it requires a gradient. */
  readonly r?: 1;
}

/** What became of a statement: a value, or a refusal. */
export type Outcome = { readonly y: Shown } | { readonly e: string };

/** What became of a program. */
export interface Trace {
  readonly steps: readonly Outcome[];
  /** Variables that have changed since they were made, gradients of leaves, buffers of modules. */
  readonly end: Readonly<Record<string, Shown>>;
}

/** Whether a shown value is a tensor. */
export function isShownTensor(value: Shown | undefined): value is ShownTensor {
  return typeof value === "object" && value !== null && "b" in value;
}

/** The names that a statement gives to its results. */
export function namesOf(statement: Statement): readonly string[] {
  if (!("as" in statement)) return [];
  const { as } = statement;
  return typeof as === "string" ? [as] : as.filter((name) => name !== null);
}

/** What a variable is at first; null where it was never made. */
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
