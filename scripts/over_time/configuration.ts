/** Configurations of long-running programs, and their names. */

/** Words of a configuration, one from each list. */
export const WORDS = {
  device: ["cpu", "webgpu"],
  model: ["mlp", "cnn", "views", "scheduled", "loader"],
  shapes: ["fixed", "random"],
  scope: ["scope", "collector"],
  wait: ["await", "sync"],
} as const;

/** Configuration of a training loop. */
export interface Configuration {
  readonly device: (typeof WORDS.device)[number];
  /** Program of the loop: see `programs.ts`. */
  readonly model: (typeof WORDS.model)[number];
  /** Batch sizes: all equal, or varying. */
  readonly shapes: (typeof WORDS.shapes)[number];
  /** Owner of the tensors of a step: a `Scope`, or the garbage collector. */
  readonly scope: (typeof WORDS.scope)[number];
  /** Awaited values: the loss of each step, or none. */
  readonly wait: (typeof WORDS.wait)[number];
}

/** Returns the words of a configuration in the order of {@linkcode WORDS}: `cpu mlp fixed scope await`. */
export function nameOf({ device, model, shapes, scope, wait }: Configuration): string {
  return [device, model, shapes, scope, wait].join(" ");
}

/**
 * Lists the configurations whose memory the library keeps constant and whose names contain all of `words`. A
 * loop without a scope that awaits nothing is not among them: it fails with an error that says so.
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
