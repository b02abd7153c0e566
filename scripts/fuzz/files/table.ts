/** Table of all file formats. */
import type { FileFormat } from "./file_format.ts";
import { CONTAINER_FORMATS } from "./formats/containers.ts";
import { DATASET_FORMATS } from "./formats/datasets.ts";
import { IMAGE_FORMATS } from "./formats/images.ts";
import { METRICS_FORMATS } from "./formats/metrics.ts";
import { MODEL_FORMATS } from "./formats/models.ts";
import { ONNX_FORMATS } from "./formats/onnx.ts";
import { RUN_FORMATS } from "./formats/runs.ts";
import { TENSOR_FORMATS } from "./formats/tensors.ts";

/** All file formats that readers and programs accept. */
export const FORMATS: readonly FileFormat[] = [
  ...TENSOR_FORMATS,
  ...MODEL_FORMATS,
  ...ONNX_FORMATS,
  ...RUN_FORMATS,
  ...METRICS_FORMATS,
  ...DATASET_FORMATS,
  ...IMAGE_FORMATS,
  ...CONTAINER_FORMATS,
];
