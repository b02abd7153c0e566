/** Modules that are one operator, or a few, where what they are made of is many. */
import type { AnyModule } from "@troodon/nn";
import type { Context, Translation } from "../operators/translation.ts";

/** The translation of modules of one class. */
export interface Layer {
  /** Returns true if a call with these inputs can be translated; otherwise the parts of the module are. */
  readonly fits: (module: AnyModule, inputs: readonly unknown[]) => boolean;
  /** Adds the nodes. */
  readonly translate: Translation;
}

/** The module that a call is one of. */
export function moduleOf<M>({ call: { action } }: Context): M {
  if (action.kind === "module") return action.module as unknown as M;
  throw new TypeError(
    `Cannot take the module of a call as it must be one of a module: current one is of ${action.op.name}()`,
  );
}

/** The arguments that make a module like it. */
export function argumentsOf<A extends readonly unknown[]>(context: Context): A {
  return moduleOf<AnyModule>(context).describe() as unknown as A;
}

/** A number or numbers, one for each of so many axes. */
export function perAxis(value: number | readonly number[], axes: number): readonly number[] {
  return typeof value === "number" ? new Array<number>(axes).fill(value) : value;
}
