/** Describes programs as text. */
import type { CapturedProgram } from "./captured_program.ts";
import type { OptimizedProgram, PassReport } from "./passes/mod.ts";

/** Text that describes the programs of a compiled function; null stands for a program that was recorded only once. */
export function explain(programs: readonly (CapturedProgram | null)[], eager: boolean): string {
  if (eager) return "It runs uncompiled.";
  if (programs.length === 0) return "Nothing was recorded yet.";
  return programs.map((program, i) =>
    `Program ${i}\n${
      program === null
        ? "  was recorded once, and will be recorded once more\n"
        : described(program.optimized)
    }`
  ).join("");
}

function described({ passes, notFused, memory }: OptimizedProgram): string {
  const bytes = `  memory within a run: ${memory.bytes} bytes; peak of the recording: ${memory.recorded}\n`;
  const reasons = new Map<string, number>();
  for (const { reason } of notFused) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const apart = [...reasons].map(([reason, count]) => `  ${count} not merged: ${reason}\n`);
  return passes.map(pass).join("") + bytes + apart.join("");
}

function pass({ pass, traffic, launches }: PassReport): string {
  const counts = new Map<string, number>();
  for (const { call: { kernel } } of launches) counts.set(kernel, (counts.get(kernel) ?? 0) + 1);
  const kernels = [...counts].map(([kernel, count]) => `${count} ${kernel}`).join(", ");
  return `  ${pass}: ${traffic.launches} launches, ${traffic.bytes} bytes (${kernels})\n`;
}
