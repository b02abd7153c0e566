/** Looking for the call that the first NaN or infinity came from. */
import { type AnomalyDetection, isFloating, type OpCall, type Tensor, tidySync } from "@troodon/core";
import { checkCall, flow, type OptionKeys, positionAt, readOptions, showShape } from "@troodon/core/kernel";
import { block } from "./mode.ts";
import type { CallNode } from "./node.ts";

/** Options of {@linkcode detectAnomaly}. */
export interface AnomalyOptions {
  /** Whether infinities count as well as NaN; true by default. Masks of -Infinity, as attention has them, do. */
  readonly infinities?: boolean;
}
const ANOMALY_OPTIONS: OptionKeys<AnomalyOptions> = { infinities: true };

/** Where a call was made. */
export interface CallSite {
  /** The layer it was made in, if it has a name. */
  readonly layer: string | null;
  /** Whose stack is that of the call. */
  readonly made: RangeError;
}

let layer: string | null = null;

/** Whether calls are being looked at. */
export function isAnomalyEnabled(): boolean {
  checkCall("isAnomalyEnabled", arguments, "");
  return flow.currentFlow().anomaly !== null;
}

/**
 * Looks at every recorded call and its gradient, or no longer: within {@linkcode detectAnomaly} for as long as that
 * lasts, else for the process.
 */
export function setDetectAnomaly(on: boolean, options: AnomalyOptions = {}): void {
  checkCall("setDetectAnomaly", arguments, "b.");
  options = readOptions("setDetectAnomaly()", options, ANOMALY_OPTIONS);
  flow.changeSetting("anomaly", on ? detection(options) : null);
}

const detection = ({ infinities = true }: AnomalyOptions): AnomalyDetection => ({ infinities });

/**
 * Until what it returns is disposed of, every recorded call and its gradient are
 * looked at: the first result that is not finite is a RangeError that names the
 * op, the layer (see `nameLayers` of `@troodon/nn`) and the place in the result,
 * says whether it came in with the inputs, and has the stack of the call as its
 * cause. Each call waits for the device: for finding a fault, not for training.
 *
 * @example The slope of a root at 0
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { detectAnomaly, tape } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend(), { tape });
 * using _ = detectAnomaly();
 * const x = tensor([4, 0], { device, requiresGrad: true });
 * assertThrows(() => x.sqrt().sum().backward(), RangeError, "the gradient of sqrt()");
 * ```
 */
export function detectAnomaly(options?: AnomalyOptions): Disposable;
/** Looks at every recorded call and its gradient while `f` runs, to the end of its promise if it is asynchronous. */
export function detectAnomaly<T>(options: AnomalyOptions, f: () => T): T;
export function detectAnomaly<T>(options: AnomalyOptions = {}, f?: () => T): T | Disposable {
  checkCall("detectAnomaly", arguments, ".F");
  options = readOptions("detectAnomaly()", options, ANOMALY_OPTIONS);
  return block({ anomaly: detection(options) }, f);
}

/** Has anomalies name a layer until what it returns is disposed of. */
export function enterLayer(name: string): Disposable {
  checkCall("enterLayer", arguments, "t");
  const before = layer;
  layer = name;
  return { [Symbol.dispose]: () => void (layer = before) };
}

/** The layer that was entered last and not left, as {@linkcode enterLayer} names it; null outside of all. */
export function currentLayer(): string | null {
  checkCall("currentLayer", arguments, "");
  return layer;
}

/** The place of the first element of `t` that is not finite, as errors put it; null if all are. */
function anomalyIn(t: Tensor): string | null {
  if (!isFloating(t.dtype) || t.numel() === 0) return null;
  const { infinities } = flow.currentFlow().anomaly!;
  return tidySync(() => {
    const x = t.detach(), bad = infinities ? x.isfinite().logicalNot() : x.isnan();
    if (bad.any().item() === 0) return null;
    const at = bad.reshape([-1]).to("int32").argmax().item(), value = Number(x.dataSync()[at]);
    return `${value} at ${showShape(positionAt(at, x.shape))}`;
  }, false);
}

const within = (layer: string | null): string => layer === null ? "" : ` in layer "${layer}"`;

/** The call site of the op that is being recorded. */
export function siteOfCall(): CallSite {
  return { layer, made: new RangeError("The call was made here") };
}

/** Looks at the results of a call that was just made; gives where that was. */
export function examineCall({ op, inputs, outputs, inPlace }: OpCall): CallSite {
  const site = siteOfCall();
  for (const [i, y] of outputs.entries()) {
    const found = anomalyIn(y);
    if (found === null) continue;
    // What a call in place started from is gone.
    const before = inputs.findIndex((x) => !(inPlace && x.version === y.version) && anomalyIn(x) !== null);
    const cause = before < 0
      ? "its inputs are finite"
      : `its input ${before} has ${anomalyIn(inputs[before]!)} already`;
    throw new RangeError(
      `Cannot go on from ${op.name}()${within(layer)} as its result ${i} of shape ${
        showShape(y.shape)
      } has ` +
        `${found}: ${cause}`,
    );
  }
  return site;
}

/** Looks at the gradient that a call has for its input `i`. */
export function examineGradient(
  node: CallNode,
  i: number,
  part: Tensor,
  grads: readonly (Tensor | null)[],
): void {
  const found = anomalyIn(part);
  if (found === null) return;
  const before = grads.findIndex((g) => g !== null && anomalyIn(g) !== null);
  const cause = before < 0
    ? "what it was calculated from is finite"
    : `the gradient of its result ${before} has ${anomalyIn(grads[before]!)} already`;
  const { site } = node;
  throw new RangeError(
    `Cannot go on from the gradient of ${node.op.name}()${
      within(site?.layer ?? null)
    } as that of its input ${i} ` +
      `of shape ${showShape(part.shape)} has ${found}: ${cause}`,
    site ? { cause: site.made } : {},
  );
}
