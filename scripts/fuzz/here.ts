/** Runs programs in Troodon. */
import { camelCase, otherNameOf, split } from "./names.ts";
import type {
  Argument,
  CallStatement,
  FunctionName,
  LayerArgument,
  Outcome,
  Placing,
  Program,
  Shown,
  Statement,
  Trace,
} from "./program.ts";
import { listOf, showTensor } from "./show_tensor.ts";
import * as troodon from "@troodon/troodon";
import { type Device, type DType, fromTypedArray, Tensor } from "@troodon/core";

type Callee = (...args: readonly unknown[]) => unknown;
type Names = Readonly<Record<string, unknown>>;

const EXPORTS: Names = { ...troodon };
const NUMBERS: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity, nan: NaN };
const SPELLED: ReadonlyMap<number, string> = new Map(Object.entries(NUMBERS).map(([name, n]) => [n, name]));
/** Namespaces searched first, by prefix. */
const PLACES: Readonly<Record<string, Names>> = {
  linalg: { ...troodon.linalg },
  fft: { ...troodon.fft },
  init: { ...troodon.init },
};

const FUNCTIONS: Readonly<Record<FunctionName, Callee>> = {
  nothing: () => undefined,
  double: (g) => (g as Tensor).mul(2),
  square: (x) => (x as Tensor).mul(x as Tensor),
  sum: (x) => (x as Tensor).mul(x as Tensor).mul(x as Tensor).sum(),
  distance: (a, b) => (a as Tensor).sub(b as Tensor).abs().sum(-1),
};

/** Functions that take tensors as separate arguments, where programs hold a list. */
const SPREAD: ReadonlySet<string> = new Set([
  "torch.einsum",
  "torch.chain_matmul",
  "torch.broadcast_shapes",
]);

const sizeOf = (shape: readonly number[]): number => shape.reduce((n, extent) => n * extent, 1);

/** Runs a program in Troodon, statement by statement. */
export class HereRun {
  readonly #device: Device;
  readonly #values = new Map<string, unknown>();
  readonly #first = new Map<string, Shown>();

  /** Creates a run on a device. */
  constructor(device: Device) {
    this.#device = device;
  }

  /** Returns the value of a variable. */
  valueOf(name: string): unknown {
    return this.#values.get(name);
  }

  /** Runs one statement. */
  step(statement: Statement): Outcome {
    try {
      const result = this.#do(statement), shown = this.#show(result);
      if ("as" in statement) {
        const { as } = statement;
        if (typeof as === "string") this.#keep(as, result, shown);
        else {
          const parts = listOf(result);
          as.forEach((name, i) => {
            if (name !== null && i < parts.length) this.#keep(name, parts[i], this.#show(parts[i]));
          });
        }
      }
      return { y: shown };
    } catch (error) {
      return { e: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    }
  }

  /** Replaces a result by its parts, each under a name of its own. */
  unpack(name: string, parts: readonly string[], values: readonly unknown[]): void {
    this.#values.delete(name);
    this.#first.delete(name);
    parts.forEach((part, i) => this.#keep(part, values[i], this.#show(values[i])));
  }

  #keep(name: string, value: unknown, shown: Shown): void {
    this.#values.set(name, value);
    this.#first.set(name, shown);
  }

  /** Returns changed variables, gradients and buffers after the last statement. */
  end(): Trace["end"] {
    const end: Record<string, Shown> = {};
    for (const [name, value] of this.#values) {
      if (value instanceof Tensor) {
        const shown = this.#tryShow(value);
        if (JSON.stringify(shown) !== JSON.stringify(this.#first.get(name))) end[name] = shown;
        if (value.isLeaf && value.grad !== null) end[`${name}.grad`] = this.#tryShow(value.grad);
      } else if (value instanceof troodon.Module) {
        for (const [key, parameter] of value.namedParameters()) {
          if (parameter.grad !== null) end[`${name}.${key}.grad`] = this.#tryShow(parameter.grad);
        }
        for (const [key, buffer] of value.namedBuffers()) end[`${name}.${key}`] = this.#tryShow(buffer);
      }
    }
    return end;
  }

  #tryShow(value: unknown): Shown {
    try {
      return this.#show(value);
    } catch (error) {
      return { what: String(error) };
    }
  }

  #do(statement: Statement): unknown {
    if ("make" in statement) return this.#make(statement.make);
    if ("layer" in statement) {
      const module = this.#layer(statement, statement.here);
      if (module instanceof troodon.Module) {
        this.#fill(module);
        module.train(statement.eval !== true);
      }
      return module;
    }
    if ("back" in statement) {
      const y = this.#values.get(statement.back) as Tensor;
      return y.backward({ gradient: this.#ramp(y) }), null;
    }
    if ("grads" in statement) return this.#grads(statement.grads, statement.of);
    if (statement.ng !== true) return this.#call(statement);
    return troodon.noGrad(() => this.#call(statement));
  }

  #grads(name: string, of: readonly string[]): unknown {
    const y = this.#values.get(name) as Tensor, leaves = of.map((one) => this.#values.get(one) as Tensor);
    const found = troodon.grad(y, leaves, {
      gradOutputs: this.#ramp(y),
      createGraph: true,
      allowUnused: true,
    });
    const sums = found.filter((g) => g !== null && g.requiresGrad).map((g) => g!.mul(this.#ramp(g!)).sum());
    if (sums.length > 0) sums.reduce((a, b) => a.add(b)).backward();
    return found;
  }

  #from(values: readonly number[], shape: readonly number[], dtype: string): Tensor {
    const array = dtype === "int64" ? BigInt64Array.from(values, BigInt) : Float64Array.from(values);
    return fromTypedArray(array, shape, { device: this.#device, dtype: dtype as DType });
  }

  #ramp({ shape, dtype }: Tensor): Tensor {
    return this.#from(
      Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 5 + 3) % 9 - 4) / 4),
      shape,
      dtype,
    );
  }

  #make(
    make: {
      shape: readonly number[];
      dtype: string;
      data: readonly (number | string)[];
      scale?: number;
      grad?: boolean;
    },
  ): Tensor {
    const { scale = 1 } = make;
    const values = make.data.map((x) => typeof x === "string" ? NUMBERS[x]! : x / scale);
    const x = this.#from(values, make.shape, make.dtype);
    return make.grad === true ? x.requiresGrad_() : x;
  }

  #fill(module: troodon.AnyModule): void {
    troodon.noGrad(() => {
      [...module.parameters()].forEach((p, k) => {
        const values = Array.from({ length: p.numel() }, (_, i) => ((i * 7 + k * 3 + 1) % 13 - 6) / 16);
        p.copy_(this.#from(values, p.shape, p.dtype));
      });
    });
  }

  #layer({ layer, args, kw = {} }: LayerArgument, here?: Placing): unknown {
    const placed = this.#place(args, kw, here);
    if (layer === "Parameter") return new troodon.Parameter((placed[0] as Tensor).detach().clone());
    const made = EXPORTS[layer];
    if (typeof made !== "function") throw new Error(`there is no ${layer}`);
    return new (made as new (...args: readonly unknown[]) => unknown)(...placed);
  }

  #place(args: readonly Argument[], kw: Readonly<Record<string, Argument>>, here?: Placing): unknown[] {
    const given = here?.args.map((at) => this.#argument(typeof at === "number" ? args[at] : kw[at])) ??
      args.map((a) => this.#argument(a));
    const named = here?.options ?? Object.fromEntries(Object.keys(kw).map((name) => [camelCase(name), name]));
    const options = Object.entries(named).map(([key, at]) =>
      [key, this.#argument(typeof at === "number" ? args[at] : kw[at])] as const
    ).filter(([, value]) => value !== undefined);
    while (options.length === 0 && given.length > 0 && given.at(-1) === undefined) given.pop();
    return options.length > 0 ? [...given, Object.fromEntries(options)] : given;
  }

  #argument(a: Argument | undefined): unknown {
    if (a === undefined || typeof a !== "object") return a;
    if (a === null) return null;
    if (a instanceof Array) return a.map((one: Argument) => this.#argument(one));
    if ("v" in a) {
      if (!this.#values.has(a.v)) throw new Error(`there is no variable ${a.v}`);
      return this.#values.get(a.v);
    }
    if ("n" in a) return NUMBERS[a.n];
    if ("dtype" in a) return a.dtype;
    if ("tuple" in a) return a.tuple.map((one) => this.#argument(one));
    if ("slice" in a) {
      const [start, end, step] = a.slice;
      return `${start ?? ""}:${end ?? ""}${step === null ? "" : `:${step}`}`;
    }
    if ("fn" in a) return FUNCTIONS[a.fn];
    if ("dots" in a) return "...";
    return this.#layer(a as LayerArgument);
  }

  #call({ call, args, kw = {}, here }: CallStatement): unknown {
    const [prefix, rest] = split(call), placed = this.#place(args, kw, here);
    const given = SPREAD.has(call) ? placed.flat() : placed, [self, ...others] = given;
    if (call === "module") return (self as Callee)(...others);
    if (call === "at") return (self as Tensor).at(...others as never[]);
    if (call === "set") return (self as Tensor).set(others[0] as never, others[1] as never), self;
    const name = camelCase(rest), other = otherNameOf(call);
    if (prefix === "Tensor" || prefix === "method") {
      const owner = self as Record<string, unknown>;
      const key = name in owner ? name : other !== undefined && other in owner ? other : undefined;
      if (key === "gradFn") return owner[key] !== null;
      if (key !== undefined) {
        const member = owner[key];
        return typeof member === "function" && !(member instanceof Tensor)
          ? (member as Callee).apply(self, others)
          : member;
      }
    }
    const places = [PLACES[prefix] ?? {}, EXPORTS];
    for (const place of places) {
      for (const key of [name, other, rest]) {
        const found = key === undefined ? undefined : place[key];
        if (typeof found === "function") return (found as Callee)(...given);
      }
    }
    const member = (self as Record<string, unknown>)[name];
    if (typeof member === "function") return (member as Callee).apply(self, others);
    throw new Error(`there is no ${call}`);
  }

  #show(x: unknown): Shown {
    if (x === null || x === undefined) return null;
    if (typeof x === "boolean" || typeof x === "string") return x;
    if (typeof x === "number") return Number.isFinite(x) ? x : { n: SPELLED.get(x)! };
    if (typeof x === "bigint") return Number(x);
    if (x instanceof Tensor) return showTensor(x);
    if (x instanceof troodon.Module) {
      return { names: [...x.namedParameters()].map(([name, p]) => [name, [...p.shape]] as const) };
    }
    if (ArrayBuffer.isView(x)) return [...x as unknown as Float64Array].map(Number);
    if (typeof x === "function") return { what: "function" };
    if (x instanceof troodon.Device) return x.name;
    const list = listOf(x);
    return list.map((one) => this.#show(one));
  }
}

/** Runs a whole program. */
export function runHere(program: Program, device: Device): Trace {
  using _ = new troodon.Scope();
  const run = new HereRun(device);
  const steps = program.map((statement) => run.step(statement));
  return { steps, end: run.end() };
}
