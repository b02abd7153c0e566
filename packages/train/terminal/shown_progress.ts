/** Progress that `fit` shows by default. */
import { ProgressReport } from "../observers/progress_report.ts";
import type { FitObserver } from "../observer.ts";
import { LiveView } from "./live_view.ts";

/** Observers of a run, including those that show its progress. */
export interface ShownProgress<B> {
  /** All observers of the run. */
  readonly observers: readonly FitObserver<B>[];
  /** Removes the view after an error. */
  clear(): void;
}

const isView = (observer: unknown): observer is LiveView | ProgressReport =>
  observer instanceof LiveView || observer instanceof ProgressReport;

/** Returns true for observers that may print in each batch or step, where the view would overwrite the output. */
const maySpeak = ({ quiet = false, onBatch, onStep }: FitObserver): boolean =>
  !quiet && (onBatch ?? onStep) !== undefined;

/**
 * Returns the observers of a run with one that shows its progress: by default if there is a terminal, no observer shows
 * progress already, and none may print between two drawings.
 *
 * @param progress True to always show progress, by lines without a terminal; false to show none.
 */
export function showProgress<B>(
  observers: readonly FitObserver<B>[],
  progress: boolean | undefined,
): ShownProgress<B> {
  const views = observers.filter(isView), view = viewOf(observers, views.length > 0 ? false : progress);
  if (view === null) return { observers, clear: () => views.forEach((one) => one.clear()) };
  const clear = (): void => view.clear();
  // Remove the view before other observers handle these events, as they may print; the next step draws it again.
  const clearing: FitObserver<B> = {
    onLog: clear,
    onBeforeValidation: clear,
    onValidation: clear,
    onEpoch: clear,
  };
  return { observers: [clearing, ...observers, view], clear };
}

function viewOf(
  observers: readonly FitObserver[],
  progress: boolean | undefined,
): LiveView | ProgressReport | null {
  if (progress === true) return new ProgressReport();
  if (progress === false || observers.some(maySpeak)) return null;
  const view = new LiveView();
  return view.isShown ? view : null;
}
