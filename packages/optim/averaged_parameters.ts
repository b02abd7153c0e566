import { type Body, isFloating, Tensor } from "@troodon/core";
import {
  body,
  checkCall,
  checkSurplus,
  expr as e,
  type OptionKeys,
  readOptions,
  recordedSection,
  sameShape,
  showAsText,
  showOperand,
  showShape,
  Updates,
} from "@troodon/core/kernel";
import { follow } from "./follow.ts";
import { checkOption } from "./check_option.ts";

/** How far an average goes toward the parameters, of which it has seen `seen` already. */
export type AverageWeight = (seen: number) => number;

/** Options of {@linkcode AveragedParameters}. */
export interface AveragedParametersOptions {
  /** How far each update goes toward the parameters; {@linkcode swa} by default. */
  readonly weight?: AverageWeight;
}
const AVERAGED_PARAMETERS_OPTIONS: OptionKeys<AveragedParametersOptions> = { weight: true };

/** Everything needed to go on where an {@linkcode AveragedParameters} stopped. */
export interface AveragedStateDict {
  /** How often it was updated. */
  readonly nAveraged: number;
  /** The averages: the object's own, not copies. */
  readonly averages: readonly Tensor[];
}

/** The plain mean of all that is seen: stochastic weight averaging (Izmailov et al. 2018, https://arxiv.org/abs/1803.05407). */
export function swa(): AverageWeight {
  checkCall("swa", arguments, "");
  return (seen) => 1 / (seen + 1);
}

/**
 * A mean that forgets: `average = decay * average + (1 - decay) * p` (as in Tarvainen and Valpola 2017,
 * https://arxiv.org/abs/1703.01780).
 *
 * @throws {RangeError} If `decay` is not in [0, 1].
 */
export function ema(decay = 0.999): AverageWeight {
  checkCall("ema", arguments, "D");
  checkOption("ema()", "decay", decay, { min: 0, max: 1 });
  return () => 1 - decay;
}

/**
 * A mean in which the n-th of all that is seen counts as n to the power `eta`: polynomial-decay averaging (Shamir and
 * Zhang 2013, https://arxiv.org/abs/1212.1824). What it looks back on is always the same share of the run, 1 / (eta + 2)
 * of it in the mean, so that it serves a short run and a long one, and the middle of either, without a decay to choose.
 *
 * @throws {RangeError} If `eta` is negative.
 */
export function polynomial(eta = 8): AverageWeight {
  checkCall("polynomial", arguments, "D");
  checkOption("polynomial()", "eta", eta, { min: 0 });
  return (seen) => (eta + 1) / (seen + eta + 1);
}

const [AVERAGE, PARAMETER, WEIGHT] = [e.input(0), e.input(1), e.scalar(0)];
/** The same as average + weight * (p - average), and exactly p where the weight is 1. */
const MIX: Body = body(e.add(e.mul(e.sub(1, WEIGHT), AVERAGE), e.mul(WEIGHT, PARAMETER)));
const COPY: Body = body(e.input(1));
const SWAP: Body = body(PARAMETER, AVERAGE);

/**
 * Averages of tensors over time, of the parameters of a model above all, which do better than the last parameters:
 * stochastic weight averaging ({@linkcode swa}), exponential moving averages ({@linkcode ema}) or averages of the latest
 * share of a run ({@linkcode polynomial}). The first update takes
 * the parameters as they are. Batch-norm's statistics are those of the parameters, not of the averages: give the buffers
 * to be averaged as well, or run the model over the data once more.
 *
 * @example Averages in the parameters' place to the end of a block
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { AveragedParameters, ema } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const weight = tensor([0, 8], { device });
 * const averages = new AveragedParameters([weight], { weight: ema(0.75) });
 * averages.update();
 * weight.fill_(4);
 * averages.update();
 * {
 *   using _ = averages.applied();
 *   assertEquals(weight.tolist(), [1, 7]);
 * }
 * assertEquals(weight.tolist(), [4, 4]);
 * ```
 */
export class AveragedParameters implements Disposable {
  /** What is averaged. */
  readonly params: readonly Tensor[];
  /** The averages. */
  readonly averages: readonly Tensor[];
  /** How often they were updated. */
  nAveraged = 0;
  readonly #weight: AverageWeight;

  /** Begins with copies of the tensors. */
  constructor(params: Iterable<Tensor>, options?: AveragedParametersOptions) {
    checkSurplus(new.target.name, arguments, 2);
    const { weight = swa() } = readOptions(new.target.name, options, AVERAGED_PARAMETERS_OPTIONS);
    this.params = listOf(params);
    this.averages = this.params.map((p) => p.packedCopy().adopt());
    this.#weight = weight;
  }

  /** Takes the tensors as they are now into account: one kernel for each, all at once. */
  update(): void {
    recordedSection(() => this.#update());
  }

  #update(): void {
    using updates = new Updates();
    const weight = this.nAveraged === 0 ? 1 : this.#weight(this.nAveraged);
    this.averages.forEach((average, i) => {
      // Counters have no mean.
      updates.add(MIX, [follow(average, this.params[i]!), this.params[i]!], [
        isFloating(average.dtype) ? weight : 1,
      ]);
    });
    this.nAveraged++;
  }

  /** Copies the averages into the tensors, for good. */
  copyTo(): void {
    using updates = new Updates();
    this.params.forEach((p, i) => updates.add(COPY, [p, follow(this.averages[i]!, p)]));
  }

  /** Puts the averages into the tensors' place, until what it returns is disposed of. No step or update in between. */
  applied(): Disposable {
    this.#swap();
    return { [Symbol.dispose]: () => this.#swap() };
  }

  #swap(): void {
    using updates = new Updates();
    this.params.forEach((p, i) => updates.add(SWAP, [follow(this.averages[i]!, p), p]));
  }

  /** Describes the averages: number of updates, and number of tensors. */
  toString(): string {
    return `AveragedParameters(n_averaged=${this.nAveraged}, tensors=${this.params.length})`;
  }

  static {
    showAsText(this);
  }

  /** All that is needed to go on from here. */
  stateDict(): AveragedStateDict {
    return { nAveraged: this.nAveraged, averages: this.averages };
  }

  /**
   * Goes on from where the object that gave `dict` was, with copies of its averages.
   *
   * @throws {RangeError} If their number or a shape differs; nothing is changed then.
   */
  loadStateDict({ nAveraged, averages }: AveragedStateDict): void {
    const shapes = (tensors: readonly Tensor[]): string => tensors.map((t) => showShape(t.shape)).join(", ");
    const { length } = this.averages;
    if (
      averages.length !== length || !averages.every((t, i) => sameShape(t.shape, this.averages[i]!.shape))
    ) {
      throw new RangeError(
        `Cannot load the state of AveragedParameters as shapes must be ${shapes(this.averages)}: ` +
          `current shapes are ${shapes(averages)}`,
      );
    }
    this.averages.forEach((average, i) => average.copy_(averages[i]!));
    this.nAveraged = nAveraged;
  }

  /** Gives the memory of the averages back. */
  [Symbol.dispose](): void {
    for (const average of this.averages) average.dispose();
  }
}

function listOf(params: Iterable<Tensor>): Tensor[] {
  const list = typeof params === "object" && params !== null && Symbol.iterator in params
    ? [...params]
    : null;
  if (list !== null && list.every((p) => p instanceof Tensor)) return list;
  throw new TypeError(
    `Cannot make AveragedParameters as params must be a list of tensors: current ones are ${
      showOperand(list ?? params)
    }${typeof params === "function" ? ", write net.parameters()" : ""}`,
  );
}
