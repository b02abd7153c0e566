/** Tensors as large as GPUs hold, and more rows, images and channels than a grid has workgroups along an axis: counted. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  avgPool2d,
  conv2d,
  crossEntropy,
  Device,
  type DType,
  full,
  layerNorm,
  maxPool2d,
  Scope,
  type Tensor,
  zeros,
} from "@troodon/core";
import { type AdapterName, ADAPTERS, CountingGpu } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";
