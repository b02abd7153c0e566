/** Keeps constants in unused registers during loops. */
import type { Allocation } from "./allocate.ts";
import { A, ADDRESS, type Flow, WORDS } from "./flow.ts";
import { I64 } from "./operation.ts";
import { OP } from "./flow.ts";
import { mayBeInMemory, type Rules } from "./rules.ts";

/** A constant that is loaded into a register before a loop. */
export interface Hoisted {
  readonly constant: number;
  readonly register: number;
}

/** Chooses constants for each loop, outer loops first; constants hoisted by outer loops keep their registers. */
export function hoistConstants(
  flow: Flow,
  { occupancy }: Allocation,
  rules: Rules,
  vectors: readonly number[],
  depth: Int32Array,
): { readonly loops: readonly (readonly Hoisted[])[]; readonly used: number } {
  const { words, constants, loops } = flow;
  const chosen: Hoisted[][] = loops.map(() => []);
  let used = 0;
  const order = loops.map((_, n) => n).sort((a, b) => loops[a]!.depth - loops[b]!.depth);
  for (const n of order) {
    const { start, end } = loops[n]!, gains = new Map<number, number>();
    for (let i = start; i < end; i++) {
      const at = i * WORDS, flags = rules.flags(words[at + OP]!);
      for (let k = A; k < ADDRESS; k++) {
        const v = words[at + k]!;
        if (v < 0 || constants[v] === undefined || constants[v].type <= I64) continue;
        const cheap = mayBeInMemory(flags, k);
        gains.set(v, (gains.get(v) ?? 0) + (cheap ? 1 : 4) * 10 ** Math.min(depth[i]!, 4));
      }
    }
    const known = (constant: number): boolean =>
      loops.some((loop, m) =>
        loop.start <= start && end <= loop.end && chosen[m]!.some((hoisted) => hoisted.constant === constant)
      );
    for (const [constant] of [...gains].sort(([, a], [, b]) => b - a)) {
      if (known(constant)) continue;
      const register = vectors.find((r) => occupancy.isFree(r, 2 * start - 1, 2 * end));
      if (register === undefined) break;
      occupancy.take(register, 2 * start - 1, 2 * end);
      chosen[n]!.push({ constant, register });
      used |= 1 << register;
    }
  }
  return { loops: chosen, used };
}
