/**
 * One sample list for each op, and everything that must hold of it on every backend.
 *
 * @module
 */

import type { OpCase } from "./case.ts";
import { BINARY } from "./samples/binary.ts";
import { CREATION } from "./samples/creation.ts";
import { INDEXING } from "./samples/indexing.ts";
import { KINKS } from "./samples/kinks.ts";
import { LINALG } from "./samples/linalg.ts";
import { LAYERS } from "./samples/layers.ts";
import { LONG } from "./samples/long.ts";
import { LOSS } from "./samples/loss.ts";
import { MATMUL } from "./samples/matmul.ts";
import { NN } from "./samples/nn.ts";
import { POSITIONS } from "./samples/positions.ts";
import { PRODUCTS } from "./samples/products.ts";
import { SAMPLING } from "./samples/sampling.ts";
import { REDUCTION } from "./samples/reduction.ts";
import { SEARCH } from "./samples/search.ts";
import { SELECTION } from "./samples/selection.ts";
import { SEQUENCE } from "./samples/sequence.ts";
import { SHAPE } from "./samples/shape.ts";
import { SPECIAL_FUNCTIONS } from "./samples/special.ts";
import { STATISTICS } from "./samples/statistics.ts";
import { UNARY } from "./samples/unary.ts";
import { VOLUME } from "./samples/volume.ts";

export { casesOf, type OpCall, type OpCase, type OpResult, prepared, type PreparedCall } from "./case.ts";
export { assertSame, assertSameOutcome } from "./compare.ts";
export { conformance } from "./conformance.ts";
export { uncovered, unknown } from "./coverage.ts";
export { EMPTY_KERNELS, type EmptyKernel, type FilledOperand } from "./empty_kernels.ts";
export { INTEGER_FUNCTIONS } from "./integer_functions.ts";
export { laidOut, type LayoutKind } from "./layouts.ts";
export {
  booleans,
  distinct,
  EDGES,
  given,
  integers,
  type Operand,
  type OperandType,
  type Sample,
  signs,
  uniform,
} from "./operand.ts";
export { launchSamples, type Stopped } from "./launch_samples.ts";
export type { Drawn, HostTensor, Outcome } from "./run.ts";
export { programOf, type RecordedLaunch, type RecordedProgram, RecordingDevice } from "./recording_device.ts";
export {
  type RecordedStep,
  recordStep,
  replayStep,
  type StepProgram,
  worstDifference,
} from "./recorded_step.ts";
export { specialSamples } from "./special_samples.ts";
export { type SpotCheck, spotCheck, type SpotCheckOptions } from "./spot_check.ts";
export { checkShortages } from "./shortages.ts";
export { TwinPrograms, type TwinReport } from "./twin_programs.ts";
export { draw, makeOracle, testOp, type TestOpOptions } from "./test_op.ts";
export { type AdapterName, type AdapterProfile, ADAPTERS } from "./gpu/adapters.ts";
export {
  type CountedDispatch,
  type CountedShader,
  CountingGpu,
  type CountingGpuOptions,
  type GpuCounts,
} from "./gpu/counting_gpu.ts";
export { runShader } from "./gpu/run_shader.ts";
export { openHostileGpu } from "./gpu/hostile_gpu.ts";
export { type FloatComparison, floatComparisons } from "./wgsl/float_comparisons.ts";
export { hostileShader, type Liberty } from "./wgsl/hostile.ts";

/** Samples of every op that `@troodon/core` exports. */
export const CASES: readonly OpCase[] = [
  ...UNARY,
  ...BINARY,
  ...LONG,
  ...SPECIAL_FUNCTIONS,
  ...SELECTION,
  ...REDUCTION,
  ...STATISTICS,
  ...SEARCH,
  ...SHAPE,
  ...POSITIONS,
  ...INDEXING,
  ...MATMUL,
  ...LINALG,
  ...PRODUCTS,
  ...SAMPLING,
  ...NN,
  ...LAYERS,
  ...VOLUME,
  ...SEQUENCE,
  ...LOSS,
  ...KINKS,
  ...CREATION,
];
