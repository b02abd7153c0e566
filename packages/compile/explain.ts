/** Programs as text. */
import type { CapturedProgram } from "./captured_program.ts";

/** What is known of a compiled function. */
export interface Explained {
  /** The key of the arguments. */
  readonly key: string;
  /** The program; null while calls are still recorded. */
  readonly program: CapturedProgram | null;
}

/** The programs of a compiled function: how many launches and bytes, and which kernels. */
export function explain(entries: readonly Explained[], eager: boolean): string {
  if (eager) return "not compiled";
  if (entries.length === 0) return "nothing recorded yet";
  return entries.map(({ program }, i) =>
    `program ${i}: ${program === null ? "recorded once" : describe(program)}`
  ).join("\n");
}

function describe({ built: { program: { launches, slots } } }: CapturedProgram): string {
  const counts = new Map<string, number>();
  for (const { call: { kernel } } of launches) counts.set(kernel, (counts.get(kernel) ?? 0) + 1);
  const bytes = (kind: string): number =>
    slots.reduce((sum, slot) => slot.kind === kind ? sum + slot.bytes : sum, 0);
  const kernels = [...counts].map(([kernel, count]) => `${count} ${kernel}`).join(", ");
  return `${launches.length} launches (${kernels}), ${bytes("own")} bytes of its own, ${
    bytes("constant")
  } of constants`;
}
