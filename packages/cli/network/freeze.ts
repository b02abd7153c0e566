/** Training the head of a network alone. */
import { BatchNorm, type FitObserver, models, type Module } from "@troodon/troodon";

/**
 * Freezes all weights of a network but those of its head.
 *
 * @returns An observer that keeps the batch norms of the body in evaluation mode, so that their statistics stay too.
 */
export function freezeBody(model: Module): FitObserver {
  const { layer } = models.headOf(model);
  model.requiresGrad_(false);
  layer.requiresGrad_(true);
  const norms = [...model.modules()].filter((module) => module instanceof BatchNorm);
  return {
    onBatch() {
      for (const norm of norms) norm.training = false;
    },
  };
}
