/** Orders the functions of a module for compilation. */
import type { Flow } from "./flow.ts";

/** Returns the numbers of functions, callees before callers; undefined if there is no such order. */
export function inOrder(flows: readonly Flow[]): number[] | undefined {
  const order: number[] = [], state = new Uint8Array(flows.length);
  const visit = (index: number): boolean => {
    if (state[index] === 1) return false;
    if (state[index] === 2) return true;
    state[index] = 1;
    for (const callee of flows[index]!.calls) if (!visit(callee)) return false;
    state[index] = 2;
    order.push(index);
    return true;
  };
  for (let index = 0; index < flows.length; index++) if (!visit(index)) return undefined;
  return order;
}
