/** Operators of all families. */
import type { Operators } from "../operator.ts";
import { ACTIVATION } from "./activation.ts";
import { ATTENTION } from "./attention.ts";
import { CONVOLUTION } from "./convolution.ts";
import { CREATION } from "./creation.ts";
import { DETECTION } from "./detection.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { IMAGE } from "./image.ts";
import { INDEXING } from "./indexing.ts";
import { LINEAR } from "./linear.ts";
import { LOSS } from "./loss.ts";
import { NORMALIZATION } from "./normalization.ts";
import { POOLING } from "./pooling.ts";
import { RANDOM } from "./random.ts";
import { RECURRENT } from "./recurrent.ts";
import { REDUCTION } from "./reduction.ts";
import { SHAPE } from "./shape.ts";

/** The operators of ONNX's own domain that graphs may use, by name. */
export const OPERATORS: Operators = {
  ...ACTIVATION,
  ...ATTENTION,
  ...CONVOLUTION,
  ...CREATION,
  ...DETECTION,
  ...ELEMENTWISE,
  ...IMAGE,
  ...INDEXING,
  ...LINEAR,
  ...LOSS,
  ...NORMALIZATION,
  ...POOLING,
  ...RANDOM,
  ...RECURRENT,
  ...REDUCTION,
  ...SHAPE,
};
