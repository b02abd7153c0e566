/** Functions that bring a gradient of their own. */
import type { RecordedRule, Saved, Tensor } from "@troodon/core";
import { checkCall, flow, placeResults } from "@troodon/core/kernel";
import { isGradEnabled, noGrad } from "./mode.ts";
import { unshared } from "./shared_ones.ts";
import { tape } from "./tape.ts";

/** What the forward pass of a custom function leaves to its backward pass. */
export interface FunctionContext {
  /**
   * Keeps tensors: inputs, outputs or others. The gradient can be differentiated
   * again through inputs and outputs; others count as constants.
   */
  saveForBackward(...tensors: readonly Tensor[]): void;
  /** In `backward`: the tensors that were saved, in their order. */
  readonly savedTensors: readonly Tensor[];
  /** In `backward`: which inputs' gradients are wanted. */
  readonly needsInputGrad: readonly boolean[];
}

/** What a custom function is made of. */
export interface FunctionDefinition {
  /** Its node is called after it: "Cube" makes `CubeBackward0`. */
  readonly name: string;
  /** The result, or results; nothing that runs here is recorded. */
  forward(ctx: FunctionContext, ...inputs: Tensor[]): Tensor | readonly Tensor[];
  /**
   * From the gradients of the results to those of the inputs, null for an input
   * without one. What it makes and does not return is freed, unless `createGraph`.
   */
  backward(ctx: FunctionContext, ...g: Tensor[]): Tensor | null | readonly (Tensor | null)[];
}

class Context implements FunctionContext {
  #kept: readonly Tensor[] = [];
  #slots: readonly ((saved: Saved<unknown>) => Tensor)[] = [];
  #saved: Saved<unknown> | null = null;
  readonly #inputs: readonly Tensor[];

  constructor(inputs: readonly Tensor[]) {
    this.#inputs = inputs;
  }

  saveForBackward(...tensors: readonly Tensor[]): void {
    this.#kept = tensors;
  }

  get savedTensors(): readonly Tensor[] {
    const saved = this.#saved;
    return saved === null ? this.#kept : this.#slots.map((read) => read(saved));
  }

  get needsInputGrad(): readonly boolean[] {
    return this.#inputs.map((x, i) => this.#saved?.needs(i) ?? x.requiresGrad);
  }

  /** Says where the node will find each saved tensor; returns the numbers to save, and the tensors that are neither input nor output. */
  place(outputs: readonly Tensor[]): { inputs: number[]; outputs: number[]; others: Tensor[] } {
    const places = { inputs: [] as number[], outputs: [] as number[], others: [] as Tensor[] };
    this.#slots = this.#kept.map((t) => {
      const output = outputs.indexOf(t);
      if (output >= 0) {
        places.outputs.push(output);
        return (saved) => saved.output(output);
      }
      let input = this.#inputs.indexOf(t);
      if (input < 0) {
        input = this.#inputs.length + places.others.length;
        places.others.push(t);
      }
      places.inputs.push(input);
      return (saved) => saved.input(input);
    });
    this.#kept = [];
    return places;
  }

  /** Runs `f` with the values of `saved` in reach. */
  within<T>(saved: Saved<unknown>, f: () => T): T {
    this.#saved = saved;
    try {
      return f();
    } finally {
      this.#saved = null;
    }
  }
}

const asList = <T>(x: T | readonly T[]): readonly T[] => Array.isArray(x) ? x : [x as T];

/**
 * A function of tensors with a gradient of its own, as `torch.autograd.Function`.
 * It can be differentiated twice if `backward` is made of ops.
 *
 * @returns A function that may be called any number of times; with one result
 * where `forward` returns a tensor, and a list where it returns one.
 *
 * @example A gradient that passes straight through rounding
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { defineFunction, tape } from "@troodon/autograd";
 *
 * const straightRound = defineFunction({
 *   name: "StraightRound",
 *   forward: (_, x) => x.round(),
 *   backward: (_, g) => g,
 * });
 * const device = new Device(new ReferenceBackend(), { tape });
 * const x = tensor([0.4, 1.6], { device, requiresGrad: true });
 * const y = straightRound(x);
 * y.mul(3).sum().backward();
 * assertEquals(y.tolist(), [0, 2]);
 * assertEquals(x.grad?.tolist(), [3, 3]);
 * ```
 */
export function defineFunction<const D extends FunctionDefinition>(
  definition: D,
): (...inputs: Tensor[]) => ReturnType<D["forward"]> {
  checkCall("defineFunction", arguments, "o");
  const { name } = definition;
  return (...inputs) => {
    const ctx = new Context(inputs);
    const made = noGrad(() => definition.forward(ctx, ...inputs));
    // An input that is handed back keeps its own history.
    const outputs = asList(made as Tensor).map((y) => inputs.includes(y) ? y.detach() : y);
    // A view of an input stays one that no tape knows of, and cannot be changed in place.
    placeResults(inputs, outputs, { recording: false });
    const result = (Array.isArray(made) ? outputs : outputs[0]) as ReturnType<D["forward"]>;
    if (!isGradEnabled() || !inputs.some((x) => x.requiresGrad)) return result;
    const places = ctx.place(outputs);
    const op: RecordedRule = {
      kind: "recorded",
      name,
      saves: () => places,
      vjp: (g, saved) => {
        const parts = asList(ctx.within(saved, () => definition.backward(ctx, ...g.map(unshared))));
        if (parts.length !== inputs.length) {
          throw new TypeError(
            `Cannot run backward() through ${name}() as it must return a gradient or null for each input: ` +
              `there are ${inputs.length} inputs and ${parts.length} gradients`,
          );
        }
        return parts.map((part) => part === null ? null : () => part);
      },
    };
    tape.record({ op, params: null, inputs: [...inputs, ...places.others], outputs }, flow.currentFlow());
    return result;
  };
}
