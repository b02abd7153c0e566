/** Runs modules with wide vectors in a WebAssembly engine. */
import { CpuContext } from "./context.ts";
import type { InstanceOptions } from "./kernel.ts";
import type { ModuleBuilder } from "./targets/wasm/assembler.ts";
import { SplitModule } from "./targets/wasm/split_module_test.ts";
import type { WasmFunction } from "./targets/wasm/wasm_function.ts";

/** A context that writes modules for vectors of 32 bytes where that is allowed, and runs each as two of 16. */
export class WideContext extends CpuContext {
  readonly #instances = new Map<string, Readonly<Record<string, WasmFunction>>>();

  /** Kernel families that built modules for wide vectors. */
  readonly families: Set<string> = new Set();

  /** See {@linkcode KernelContext}. */
  override instance(
    key: string,
    build: (module: ModuleBuilder) => void,
    { wide = false }: InstanceOptions = {},
  ): Readonly<Record<string, WasmFunction>> {
    if (!wide) return super.instance(key, build);
    let found = this.#instances.get(key);
    if (found === undefined) {
      const module = new SplitModule();
      build(module);
      if (module.imports.length > 0) found = super.instance(key, build);
      else {
        found = this.#instantiate(module.finish());
        this.families.add(key.split("/")[0]!);
      }
      this.#instances.set(key, found);
    }
    return found;
  }

  #instantiate(bytes: Uint8Array<ArrayBuffer>): Readonly<Record<string, WasmFunction>> {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      env: { memory: this.memory.memory },
    });
    return exports as Readonly<Record<string, WasmFunction>>;
  }
}
