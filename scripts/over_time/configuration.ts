/** What a program that runs for long may do, and the names of these ways. */

/** The words of a configuration, one of each list. */
export const WORDS = {
  device: ["cpu", "webgpu"],
  model: ["mlp", "cnn", "views", "scheduled", "loader"],
  shapes: ["fixed", "random"],
  scope: ["scope", "collector"],
  wait: ["await", "sync"],
} as const;

/** One way to run a training loop. */
export interface Configuration {
  readonly device: (typeof WORDS.device)[number];
  /** The program: see `programs.ts`. */
  readonly model: (typeof WORDS.model)[number];
  /** Whether all batches have one size, or each its own. */
  readonly shapes: (typeof WORDS.shapes)[number];
  /** What frees the tensors of a step: a `Scope`, or the garbage collector. */
  readonly scope: (typeof WORDS.scope)[number];
  /** Whether each step awaits its loss, or the loop awaits nothing. */
  readonly wait: (typeof WORDS.wait)[number];
}

/** The words of a configuration in the order of {@linkcode WORDS}: `cpu mlp fixed scope await`. */
export function nameOf({ device, model, shapes, scope, wait }: Configuration): string {
  return [device, model, shapes, scope, wait].join(" ");
}

/**
 * All configurations that the library promises to keep flat, whose names have all of `words`. A loop that has no scope
 * and awaits nothing is none: its error says so.
 */
export function configurations(words: readonly string[]): Configuration[] {
  const all = WORDS.device.flatMap((device) =>
    WORDS.model.flatMap((model) =>
      WORDS.shapes.flatMap((shapes) =>
        WORDS.scope.flatMap((scope) => WORDS.wait.map((wait) => ({ device, model, shapes, scope, wait })))
      )
    )
  );
  return all.filter((one) => {
    const name = nameOf(one).split(" ");
    if (one.scope === "collector" && one.wait === "sync") return false;
    // Every batch of a loader is awaited.
    if (one.model === "loader" && one.wait === "sync") return false;
    return words.every((word) => name.includes(word));
  });
}
