/** The element types under the names that PyTorch has for them: `zeros(2, 3, { dtype: torch.float64 })`. */
import type { DType } from "./dtype.ts";

/** Numbers of 32 bits, the type of new tensors by default. */
export const float32: DType = "float32";
/** Numbers of 32 bits, as {@linkcode float32}. */
export const float: DType = "float32";
/** Numbers of 64 bits. */
export const float64: DType = "float64";
/** Numbers of 64 bits, as {@linkcode float64}. */
export const double: DType = "float64";
/** Numbers of 16 bits with a fraction of 10. */
export const float16: DType = "float16";
/** Numbers of 16 bits with a fraction of 10, as {@linkcode float16}. */
export const half: DType = "float16";
/** Numbers of 16 bits with the range of {@linkcode float32} and a fraction of 7. */
export const bfloat16: DType = "bfloat16";
/** Integers of 64 bits: classes, positions, counts. */
export const int64: DType = "int64";
/** Integers of 64 bits, as {@linkcode int64}. */
export const long: DType = "int64";
/** Integers of 32 bits. */
export const int32: DType = "int32";
/** Integers of 32 bits, as {@linkcode int32}. */
export const int: DType = "int32";
/** Whole numbers from 0 to 255. */
export const uint8: DType = "uint8";
/** True and false. */
export const bool: DType = "bool";
