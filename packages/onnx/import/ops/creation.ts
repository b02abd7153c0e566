/** Tensors made from numbers, and of other types. */
import * as core from "@troodon/core";
import { type DType, isFloating, type Tensor } from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";
import { dataTypeName, ONNX_DATA_TYPES } from "../../model/data_type.ts";
import type { Attributes } from "../attributes.ts";
import type { Call } from "../call.ts";
import { wrapped } from "../narrow.ts";
import type { Operators } from "../operator.ts";
import { dtypeOf, tensorOf } from "../stored_tensor.ts";

const { FLOAT } = ONNX_DATA_TYPES;

/** The input in a type of ONNX; integers that are too large for it wrap around. */
function cast(call: Call): Tensor {
  const type = call.attributes.int("to", FLOAT);
  return wrapped(call.input(0).to(call.dtype(type)), type);
}

/** The type that a node casts to. */
const castType = (attributes: Attributes): number => attributes.int("to", FLOAT);

/** Why there is no cast to a type; undefined if there is. */
function refuseCast(attributes: Attributes): string | undefined {
  const type = attributes.int("to", 0);
  return dtypeOf(type) === undefined ? `type ${dataTypeName(type) ?? type}` : undefined;
}

function constantOfShape(call: Call): Tensor {
  const shape = call.numbers(0) ?? call.refuse("it needs a shape"), stored = call.attributes.tensor("value");
  call.grow(sizeOf(shape));
  const { device } = call;
  if (stored === undefined) return core.zeros(shape, { dtype: "float32", device });
  return tensorOf(stored, device, `the value of ${call.label}`).reshape([]).expand(shape);
}

function range(call: Call): Tensor {
  const [start = 0, end = 0, step = 1] = [0, 1, 2].map((i) =>
    call.number(i) ?? call.refuse("it needs three inputs")
  );
  const { dtype } = call.input(0), count = Math.max(0, Math.ceil((end - start) / step));
  call.grow(count);
  const { device } = call;
  return count === 0
    ? core.empty([0], { dtype, device })
    : core.arange(start, start + count * step, step, { dtype, device });
}

function eyeLike(call: Call): Tensor {
  const x = call.input(0), { attributes } = call, [rows, columns] = x.shape, k = attributes.int("k", 0);
  if (x.ndim !== 2) call.refuse(`its input must be a matrix: shape is [${x.shape}]`);
  const type = attributes.int("dtype"), dtype = type === undefined ? x.dtype : call.dtype(type);
  const ones = core.ones([rows!, columns!], { dtype: "float32", device: x.device });
  return core.tril(core.triu(ones, k), k).to(dtype);
}

/** The window of a name, which is periodic unless its attribute says otherwise. */
const window = (make: (size: number, periodic: boolean, dtype: DType, call: Call) => Tensor) => ({
  known: [0],
  run: (call: Call): Tensor => {
    const size = call.number(0) ?? call.refuse("it needs a size"), { attributes } = call;
    call.grow(size);
    return make(
      size,
      attributes.flag("periodic", true),
      call.dtype(attributes.int("output_datatype", FLOAT)),
      call,
    );
  },
});

/** A sum of cosines over `size` points. */
const cosines = (...factors: readonly number[]) =>
  window((size, periodic, dtype, call) => {
    const step = 2 * Math.PI / (periodic ? size : size - 1);
    const values = Float64Array.from({ length: size }, (_, i) =>
      factors.reduce((sum, factor, k) => sum + factor * Math.cos(k * step * i), 0));
    return core.fromTypedArray(values, [size], {
      dtype: isFloating(dtype) ? dtype : "float64",
      device: call.device,
    }).to(dtype);
  });

/** Tensors made from numbers, and of other types. */
export const CREATION: Operators = {
  BlackmanWindow: cosines(0.42, -0.5, 0.08),
  Cast: { run: cast, refuse: refuseCast, gives: castType },
  CastLike: (call) => call.input(0).to(call.input(1).dtype),
  ConstantOfShape: { run: constantOfShape, known: [0] },
  EyeLike: eyeLike,
  HammingWindow: cosines(25 / 46, -21 / 46),
  HannWindow: cosines(0.5, -0.5),
  Range: { run: range, known: [0, 1, 2] },
};
