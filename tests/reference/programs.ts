/** Short programs recorded from PyTorch, run step by step. */
import { assert } from "@std/assert";
import type { Device, Tensor } from "@troodon/core";
import { make, type TensorRecord } from "./records.ts";

/** An argument of a step: `$x` names a variable. */
type Argument = number | string | boolean | null | readonly Argument[];

/** A step of a recorded program. */
interface Step {
  /** The variable that the result is given to. */
  readonly out: string | null;
  /** A method of the first argument, or getitem, setitem, backward, requires_grad. */
  readonly op: string;
  readonly args: readonly Argument[];
  readonly kwargs?: Readonly<Record<string, Argument>>;
  /** The statement as it was run. */
  readonly python: string;
}

/** A program, and what PyTorch made of it. */
export interface Program {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorRecord & { readonly requires_grad: boolean }>>;
  readonly steps: readonly Step[];
  /** All variables after the last step. */
  readonly values?: Readonly<Record<string, TensorRecord>>;
  /** The gradients of the leaves. */
  readonly grads?: Readonly<Record<string, TensorRecord | null>>;
  readonly error?: boolean;
  /** Which step PyTorch refuses. */
  readonly error_at_step?: number;
  readonly message?: string;
}

type Value = Tensor | number | string | boolean | null | undefined | object;

/** Variables by name. */
export type Variables = Map<string, Value>;

/** Differentiates the scalar loss of a `backward` step. */
export type Backward = (loss: Tensor) => void;

/** The programs of a file of this folder. */
export function loadPrograms(file: string): readonly Program[] {
  return JSON.parse(Deno.readTextFileSync(new URL(file, import.meta.url))).cases;
}

/** The variables that a program starts with. */
export function inputsOf({ inputs }: Program, device: Device): Variables {
  return new Map(
    Object.entries(inputs).map(([name, record]) => {
      const t = make(record, device);
      return [name, record.requires_grad ? t.requiresGrad_() : t];
    }),
  );
}

/** Runs one step. */
export function runStep(step: Step, variables: Variables, backward: Backward): void {
  const revive = (argument: Argument): Value => {
    if (typeof argument === "string" && argument.startsWith("$")) {
      assert(variables.has(argument.slice(1)), `there is no variable ${argument}`);
      return variables.get(argument.slice(1));
    }
    return Array.isArray(argument) ? argument.map(revive) : argument as Value;
  };
  const [first, ...rest] = step.args.map(revive), x = first as Tensor;
  const result = call(step.op, x, rest, Object.entries(step.kwargs ?? {}).map(([k, v]) => [k, revive(v)]), backward);
  if (step.out !== null) variables.set(step.out, result);
}

const camelCase = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Methods that take their numbers as a list. */
const LISTS: ReadonlySet<string> = new Set(["view", "reshape", "expand", "permute", "repeat", "tile"]);

function call(
  op: string,
  x: Tensor,
  args: readonly Value[],
  options: readonly (readonly [string, Value])[],
  backward: Backward,
): Value {
  switch (op) {
    case "getitem":
      return x.at(...args[0] as never[]);
    case "setitem":
      return x.set(args[0] as never, args[1] as never);
    case "requires_grad":
      return x.requiresGrad;
    case "backward":
      return void backward((args[0] === undefined ? x : x.mul(args[0] as Tensor)).sum());
    case "clamp":
    case "clamp_":
      options = [...options, ["min", args[0]], ["max", args[1]]];
      args = [];
      break;
    default:
      if (LISTS.has(op) && typeof args[0] === "number") args = [args];
  }
  const method = (x as unknown as Record<string, (...args: unknown[]) => Value>)[camelCase(op)];
  assert(method, `a tensor has no ${camelCase(op)}()`);
  const named = options.filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [camelCase(name), value]);
  return method.call(x, ...args, ...(named.length > 0 ? [Object.fromEntries(named)] : []));
}
