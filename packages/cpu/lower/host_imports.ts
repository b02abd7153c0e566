/** The host functions that a kernel imports. */
import type { ComputeType, ScalarFunction } from "@troodon/core";
import { ARITY } from "@troodon/core/kernel";
import type { Code, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { hostName } from "./host.ts";

/** Declares the host functions that a kernel may call: imports come before functions. */
export class HostImports {
  readonly #indices = new Map<string, Pick<Code, "index">>();

  /** Imports what `fns` names. */
  constructor(module: ModuleBuilder, fns: Iterable<ScalarFunction>, compute: ComputeType) {
    for (const fn of new Set(fns)) {
      const name = hostName(fn, compute === "int32");
      const params = new Array<"f64">(ARITY[fn]).fill("f64");
      this.#indices.set(fn, module.import(name, { params, results: ["f64"] }));
    }
  }

  /** The imported function. */
  get(fn: ScalarFunction): Pick<Code, "index"> {
    const found = this.#indices.get(fn);
    if (found === undefined) throw new TypeError(`Cannot call ${fn} on the host as it is not imported`);
    return found;
  }
}
