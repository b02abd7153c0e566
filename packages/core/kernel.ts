/**
 * The other door of `@troodon/core`: for authors of backends, ops, tapes and optimizers. Expressions and how they are
 * lowered, the families of kernels, layouts, storages, places side by side, scopes as owners, and the bricks that ops
 * are made of. Programs that use tensors need none of it.
 *
 * @module
 */

export { philox, PHILOX_KEY_STEPS, PHILOX_MULTIPLIERS, PHILOX_ROUNDS } from "./random/philox.ts";
export { bytesOf, type ComputeType, computeType, INDEX_DTYPE, isHalf, typedView } from "./dtype.ts";
export {
  checkShape,
  normalizeAxes,
  normalizeAxis,
  positionAt,
  rowMajor,
  sameShape,
  type Shape,
  showShape,
  sizeOf,
} from "./shape.ts";
export * from "./layout.ts";
export { isDense, overlapsItself, rangeOf } from "./overlap.ts";
export * from "./backend/contract.ts";
export type * from "./backend/launch_program.ts";
export { type Combination, COMBINATIONS, type CombineOp, identityOf } from "./backend/combine.ts";
export { sameNumbers } from "./backend/same_numbers.ts";
export type * from "./device_listener.ts";
export type { DeviceBuffer } from "./lost_storages.ts";
export { FAMILIES, type Family, isMandatory } from "./backend/families.ts";
export { indexError } from "./backend/index_error.ts";
export { type Refusal, refusalError, REFUSALS } from "./backend/refusal.ts";
export type * from "./backend/kernel_call.ts";
export { coalesce, pickAxes, sizeOfSpace, type Space } from "./backend/space.ts";
export { Body, body } from "./expr/body.ts";
export { derivative } from "./expr/derivative.ts";
export { type Values } from "./expr/arithmetic.ts";
export { compileReference, type EvaluatedBody, type ReferenceBody } from "./expr/evaluate.ts";
export { compileRounded, type RoundedBody } from "./expr/evaluate_rounded.ts";
/** Builders of scalar expressions. */
export * as expr from "./expr/expr.ts";
export type { CallExpr, Expr, Operand } from "./expr/expr.ts";
export { INT64, toInt64 } from "./expr/int64.ts";
export { ARITY, FLOAT64, INT32, SCALAR_FUNCTIONS, type ScalarFunction, toInt32 } from "./expr/functions.ts";
export { type GradientBody, gradientBody } from "./expr/gradient.ts";
export { type CallStep, type Leaf, type Program, type Step, toProgram } from "./expr/program.ts";
export * as lower from "./lower/mod.ts";
export { fromBfloat16, toBfloat16 } from "./reference/access.ts";
export { ReadableTensor } from "./tensor/readback.ts";
export { TensorBase } from "./tensor/base.ts";
export { DifferentiableTensor } from "./tensor/differentiable.ts";
export { OperandTensor } from "./tensor/apply.ts";
export { type Place, placeResults, type Standing, type ViewFamily } from "./tensor/view_family.ts";
export { Updates } from "./tensor/updates.ts";
export { chosenDevice } from "./default_device.ts";
export { NOT_CLONEABLE } from "./not_cloneable.ts";
export { type DeviceName, deviceNamed, isDeviceName, nameDevice } from "./device_names.ts";
/** Settings of a flow of execution, in frames, for authors of blocks. */
export * as flow from "./flow.ts";
export { hearsParts, inPart, type LaunchOrigin, type NamedLayer, type Part } from "./part.ts";
export { NodeLayers } from "./tensor/node_layers.ts";
export type { CallListener } from "./tensor/call_listener.ts";
export type { FlowSettings, Frame } from "./flow.ts";
export { type AsyncStorage, type ProcessLike, setContextPlatform } from "./context_storage.ts";
export {
  currentRecorder,
  recordedBy,
  recordedSection,
  type Recorder,
  type SectionOptions,
} from "./tensor/recorder.ts";
export { isRecord, isTensor, Owner, type TensorTree } from "./owner.ts";
export { nextSerial } from "./serial.ts";
export { type Lease, Storage, Version } from "./storage.ts";
export { FlatBuffer, FlatPlace } from "./flat/flat_buffer.ts";
export { FLAT_DATA, FLAT_GRAD, FlatGroup, flatPlace } from "./flat/flat_group.ts";
export { FlatLayout } from "./flat/flat_layout.ts";
export { type Reservation, reserving } from "./flat/reserved.ts";
export type * from "./op.ts";
export type * from "./tape.ts";
export { accumulated, type AccumulatedResults, composed } from "./ops/base/accumulated.ts";
export {
  applyBinary,
  applyBinaryInto,
  binary,
  type BinaryOp,
  elementwise,
  type ElementwiseDefinition,
  type ElementwiseOp,
  type ElementwiseParams,
  NO_SCALARS,
  promoteSpecs,
  type ResultKind,
  unary,
} from "./ops/base/elementwise.ts";
export { type ElementCheck, elementCheck } from "./ops/base/refuse.ts";
export { disposableStack, type Stack } from "./disposable_stack.ts";
export { decodedNumbers } from "./elements/decode.ts";
export { encoded, type HostValues } from "./elements/encode.ts";
export { fromFloat16, hasFloat16Array } from "./elements/half.ts";
export { copyCall } from "./ops/base/copy_call.ts";
export { isSoleOwner } from "./ops/base/sole_owner.ts";
export { type Destination, destinationOf } from "./ops/base/to.ts";
export { POSITIVE } from "./ops/loss/margin_loss.ts";
export { viewStrides } from "./ops/shape/reshape.ts";
export { type EigenFactors, symmetricEigen } from "./linalg/host/symmetric_eigen.ts";
export { formatTensor, type Printed } from "./print.ts";
export { reword } from "./reword.ts";
export { showAsText, showFlag, showFloat, showNumber, showSizes, showTuple, showValue } from "./show.ts";
export { stateName } from "./state_name.ts";
export { nearest } from "./nearest_name.ts";
export { showArgument } from "./call_forms.ts";
export { type OptionKeys, pickOptions, readOptions } from "./options.ts";
export { areOfCallback, checkCall, checkSurplus } from "./tensor/check_call.ts";
export { checkTensors, showOperand } from "./tensor/check_tensors.ts";
