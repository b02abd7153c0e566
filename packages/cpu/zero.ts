/** Bytes set to zero. */
import type { KernelContext } from "./kernel.ts";
import { call } from "./threads/task.ts";
import type { WasmFunction } from "./targets/wasm/wasm_function.ts";

/** Sets `bytes` bytes from `pointer` on to zero: by an instruction, since `fill` on shared memory is 4 to 15 times slower. */
export function zero(context: KernelContext, pointer: number, bytes: number): void {
  context.once(call(filler(context), pointer, bytes));
}

/** The function that does it: parameters are the address and the number of bytes. */
export function filler(context: Pick<KernelContext, "instance">): WasmFunction {
  return context.instance("zero", (module) => {
    module.function({ params: ["i32", "i32"], export: "fill" }).get(0).i32(0).get(1).memoryFill();
  }).fill!;
}
