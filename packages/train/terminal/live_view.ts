import type { Tensor } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { runtimeTerminal, type Terminal } from "@troodon/io";
import type { GroupOptions, Optimizer } from "@troodon/optim";
import type { EpochEvent, FitObserver, LogEvent, Scores, StartEvent, StepEvent } from "../observer.ts";
import { Pace } from "../plot/pace.ts";
import type { PlotPoint } from "../plot/points.ts";
import { formatNumber } from "../progress.ts";
import { layoutStatus } from "./layout.ts";
import { LiveScreen } from "./live_screen.ts";
import type { RunStatus } from "./run_status.ts";
import { SampleCurve } from "./sample_curve.ts";
import { TrainingSpeed } from "./training_speed.ts";

/** Options of {@linkcode LiveView}. */
export interface LiveViewOptions {
  /** Title above the view, such as the name of the run; none by default. */
  readonly title?: string;
  /** Name of samples; `"samples"` by default. */
  readonly unit?: string;
  /** Returns the text for validation scores; by default their names and values with four digits. */
  readonly describe?: (scores: Scores) => string;
  /** Minimum time between two drawings in milliseconds; 100 by default. */
  readonly interval?: number;
  /** Terminal to draw on; stderr by default. */
  readonly terminal?: Terminal;
}
const LIVE_VIEW_OPTIONS: OptionKeys<LiveViewOptions> = {
  title: true,
  unit: true,
  describe: true,
  interval: true,
  terminal: true,
};

/** Maximum fraction of time spent drawing. */
const SHARE = 0.008;
/** Milliseconds before the first drawing; shorter runs show nothing. */
const DELAY = 300;
/** Maximum columns and rows of the view. */
const MOST_COLUMNS = 120, MOST_ROWS = 22;

/** Returns the names of scores with four digits of each. */
export function describeScores(scores: Scores): string {
  return Object.entries(scores).map(([name, value]) => `${name} ${formatNumber(value)}`).join("  ");
}

/**
 * Shows the state of a run on a terminal: a progress bar, speed and time left, learning rate, device and memory, and
 * curves of the loss and a score. The view fits the window, and is not shown without a terminal. The loss curve samples
 * at most ten batches a second.
 *
 * @example A terminal of 40 columns
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, linspace, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, MSELoss } from "@troodon/nn";
 * import { SGD } from "@troodon/optim";
 * import { fit, LiveView } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * let drawn = "";
 * const terminal = {
 *   ...{ isTerminal: true, showsOutput: true, canRedraw: true, noColor: true },
 *   size: () => ({ columns: 40, rows: 24 }),
 *   write: (text: string) => void (drawn += text),
 * };
 * const view = new LiveView({ title: "a line", terminal, interval: 0 });
 * const x = linspace(-1, 1, 32).reshape([32, 1]), model = new Linear(1, 1);
 * const optimizer = new SGD(model.parameters(), { lr: 0.1 });
 * await fit(model, [[x, x.mul(3)]], { optimizer, loss: new MSELoss(), epochs: 500, observers: [view] });
 * assertStringIncludes(drawn, "epoch 500/500");
 * ```
 */
export class LiveView implements FitObserver {
  /** True, as the view never overwrites output that follows `clear()`. */
  readonly quiet = true;
  /** True if there is a terminal to draw on. */
  readonly isShown: boolean;
  readonly #title: string;
  readonly #unit: string;
  readonly #describe: (scores: Scores) => string;
  readonly #interval: number;
  readonly #terminal: Terminal;
  readonly #screen: LiveScreen;
  readonly #speed = new TrainingSpeed();
  #pace = new Pace(SHARE);
  #next = Infinity;
  #optimizer: Optimizer<GroupOptions> | null = null;
  #epochs = 1;
  #loss: number | null = null;
  /** True after the first mean of several losses. */
  #isLogged = false;
  #scores = "";
  #losses = new SampleCurve();
  #scoredLosses: PlotPoint[] = [];
  #score: { readonly name: string; readonly points: PlotPoint[] } | null = null;
  #hasDrawn = false;
  #at: Pick<StepEvent, "epoch" | "batch" | "batches"> | null = null;

  /** Creates a view, which draws nothing before a run begins. */
  constructor(options?: LiveViewOptions) {
    const {
      title = "",
      unit = "samples",
      describe = describeScores,
      interval = 100,
      terminal = runtimeTerminal(),
    } = readOptions(new.target.name, options, LIVE_VIEW_OPTIONS);
    this.isShown = terminal.canRedraw;
    this.#title = title;
    this.#unit = unit;
    this.#describe = describe;
    this.#interval = interval;
    this.#terminal = terminal;
    this.#screen = new LiveScreen(terminal);
  }

  /** Resets the view for a new run. */
  onStart({ optimizer, epochs }: StartEvent): void {
    this.#optimizer = optimizer;
    this.#epochs = epochs;
    this.#loss = this.#score = this.#at = null;
    this.#losses = new SampleCurve();
    this.#scoredLosses = [];
    this.#scores = "";
    this.#hasDrawn = this.#isLogged = false;
    this.#pace = new Pace(SHARE);
    this.#next = performance.now() + Math.min(DELAY, this.#interval);
    this.#speed.restart();
  }

  /** Draws the view if enough time has passed. */
  onStep(event: StepEvent): void {
    if (!this.isShown) return;
    this.#speed.add(event.samples);
    this.#at = event;
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + this.#interval;
    const { epoch, batch, batches, loss } = event;
    this.#sample(loss, epoch - 1 + batch / batches);
    if (!this.#pace.due) return;
    const done = this.#pace.start();
    this.#hasDrawn = true;
    this.#draw(this.#speed.left(event, this.#epochs));
    done();
  }

  /** Stores the recent mean loss. */
  onLog({ loss }: LogEvent): void {
    this.#isLogged = true;
    this.#loss = loss;
  }

  /** Stores the scores of the epoch. */
  onEpoch({ epoch, loss, scores }: EpochEvent): void {
    this.#loss = loss;
    this.#scores = this.#describe(scores);
    for (const [name, value] of Object.entries(scores)) {
      if (/loss/i.test(name)) this.#scoredLosses.push([epoch, value]);
      else if ((this.#score ??= { name, points: [] }).name === name) this.#score.points.push([epoch, value]);
    }
    this.#speed.restart();
  }

  /** Draws the final view, which stays on the screen; draws nothing after a run that was too short. */
  onEnd(): void {
    if (this.#hasDrawn) this.#draw(NaN);
    this.#screen.leave();
  }

  /** Removes the view, so that other output can follow; the next drawing appears below that. */
  clear(): void {
    this.#screen.clear();
  }

  /** Adds the loss of a batch to the curve: at once, or when it arrives from a device that cannot wait. */
  #sample(loss: Tensor, at: number): void {
    const add = ([value]: ArrayLike<number> & Iterable<number>): void => {
      if (!this.#isLogged) this.#loss = value!;
      this.#losses.add(at, value!);
    };
    if (loss.device.canReadSync) return add(loss.dataSync());
    // The training loop reports a lost device.
    void loss.dataAsync().then(add, () => {});
  }

  #draw(left: number): void {
    const { columns, rows } = this.#terminal.size() ?? { columns: 80, rows: 24 };
    const size = { columns: Math.min(columns - 1, MOST_COLUMNS), rows: Math.min(rows - 1, MOST_ROWS) };
    this.#screen.draw(layoutStatus(this.#status(left, Math.ceil(size.columns / 2)), {
      ...size,
      color: !this.#terminal.noColor,
    }));
  }

  #status(left: number, most: number): RunStatus {
    const { epoch, batch: done, batches: total } = this.#at!, group = this.#optimizer?.paramGroups[0];
    const device = group?.params[0]?.device;
    return {
      title: this.#title,
      ...{ epoch, epochs: this.#epochs, done, total, left },
      ...{ loss: this.#loss, scores: this.#scores, rate: this.#speed.rate, unit: this.#unit },
      learningRate: group?.lr ?? null,
      device: device?.name ?? "",
      memory: device?.memory.bytes ?? null,
      losses: [
        { name: "training", points: this.#losses.points(most) },
        ...(this.#scoredLosses.length > 1 ? [{ name: "validation", points: this.#scoredLosses }] : []),
      ],
      // A single point is no curve; its value is among the numbers.
      score: this.#score !== null && this.#score.points.length > 1 ? this.#score : null,
    };
  }
}
