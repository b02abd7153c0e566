/**
 * Datasets, samplers, loaders and transforms: from files to batches of tensors.
 *
 * @example Digits in batches
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, Generator, ReferenceBackend } from "@troodon/core";
 * import { Compose, DataLoader, GeneratedDigits, Normalize, ToTensor } from "@troodon/datasets";
 *
 * const transform = new Compose([new ToTensor(), new Normalize([0.1307], [0.3081])]);
 * const digits = await GeneratedDigits.open({ count: 100, transform });
 * const device = new Device(new ReferenceBackend());
 * const loader = new DataLoader(digits, { batchSize: 32, shuffle: true, generator: new Generator(1), device });
 * for await (using batch of loader) {
 *   assertEquals(batch.image.shape.slice(1), [1, 28, 28]);
 *   assertEquals(batch.label.dtype, "int32");
 * }
 * ```
 *
 * @module
 */

export { ChainDataset } from "./combine/chain_dataset.ts";
export {
  collate,
  disposeTensors,
  type HostBatch,
  type Leaf,
  type WithTensors,
  withTensors,
} from "./collate.ts";
export { ConcatDataset } from "./combine/concat_dataset.ts";
export { Cifar10, Cifar100, type Cifar100Options, type CifarOptions } from "./sets/cifar.ts";
export { type CsvOptions, parseCsv } from "./files/csv.ts";
export { CsvDataset, type CsvDatasetOptions } from "./sets/csv_dataset.ts";
export { Qmnist, type QmnistOptions, type QmnistPart } from "./sets/qmnist.ts";
export { Stl10, type Stl10Options } from "./sets/stl10.ts";
export { Usps } from "./sets/usps.ts";
export { ParquetDataset, type ParquetDatasetOptions } from "./sets/parquet_dataset.ts";
export type { TableDatasetOptions } from "./sets/read_table.ts";
export { TableDataset, type TableSample } from "./sets/table_dataset.ts";
export { type ColumnSummary, TableSummary } from "./sets/table_summary.ts";
export type { AnyTypedArray, NarrowArray } from "./typed_arrays.ts";
export { DataLoader } from "./loader/data_loader.ts";
export type { DataLoaderState } from "./loader/loader_state.ts";
export { type BatchedDataset, checkIndex, Dataset, type GeneratorAt, isBatched } from "./dataset.ts";
export { DistributedSampler, type DistributedSamplerOptions } from "./loader/distributed_sampler.ts";
export type { Collate } from "./loader/fetch_batch.ts";
export { Emnist, type EmnistOptions, type EmnistSplit } from "./sets/emnist.ts";
export type { DigitDifficulty } from "./sets/digit_style.ts";
export { drawDigits, GeneratedDigits, type GeneratedDigitsOptions } from "./sets/generated_digits.ts";
export type { MnistOptions } from "./sets/idx_source.ts";
export { HostArray } from "./host_array.ts";
export { type IdxArray, type IdxData, readIdx, writeIdx } from "./files/idx.ts";
export { BoundingBoxes, type BoundingBoxesOptions, type BoxFormat } from "./boxes/bounding_boxes.ts";
export { boxArea, boxConvert, boxIou, clipBoxesToImage, generalizedBoxIou } from "./boxes/box_functions.ts";
export { batchedNms, nms, removeSmallBoxes } from "./boxes/nms.ts";
export { type Channels, Image } from "./image.ts";
export type { Extents, PixelMovement } from "./imaging/movement.ts";
export { Mask } from "./mask.ts";
/** Functions from images to images. */
export * as imaging from "./imaging/mod.ts";
export type {
  Border,
  ElasticOptions,
  Fill,
  Interpolation,
  Rectangle,
  ResizeFilter,
  ResizeOptions,
  ResizeSize,
  WarpOptions,
} from "./imaging/mod.ts";
export { type ImageFormat, type ImageHeader, readImageHeader } from "./codec/image_header.ts";
export {
  IMAGE_EXTENSIONS,
  ImageFolder,
  type ImageFolderOptions,
  type ImageLoader,
} from "./sets/image_folder.ts";
export type { ImageFiles } from "./sets/given_files.ts";
export type { SkippedFile } from "./sets/folder_files.ts";
export {
  type ImageSample,
  LabeledImages,
  type LabeledImagesData,
  type TransformOptions,
} from "./sets/labeled_images.ts";
export { decodeImage, type DecodeImageOptions, loadGrayImage, loadImage } from "./codec/load_image.ts";
export type { IterableDataset } from "./iterable_dataset.ts";
export type { DataLoaderOptions } from "./loader/loader_options.ts";
export { FashionMnist, Kmnist, Mnist } from "./sets/mnist.ts";
export { NdArray } from "./nd_array.ts";
export { Pixels, type PixelsOptions } from "./pixels.ts";
export type { ColorType } from "./codec/png/chunks.ts";
export { decodePng, type PngOptions, type PngRaster, readPng } from "./codec/png/decode.ts";
export { encodePng } from "./codec/png/encode.ts";
export { type Label, LabelEncoder, type LabelEncoderState } from "./preprocessing/label_encoder.ts";
export { MaxAbsScaler } from "./preprocessing/max_abs_scaler.ts";
export { MinMaxScaler, type MinMaxScalerOptions } from "./preprocessing/min_max_scaler.ts";
export { Normalizer, type NormalizerNorm } from "./preprocessing/normalizer.ts";
export {
  type CategoryRows,
  OneHotEncoder,
  type OneHotEncoderOptions,
  type OneHotEncoderState,
} from "./preprocessing/one_hot_encoder.ts";
export { PCA, type PcaOptions } from "./preprocessing/pca.ts";
export { type LearnedTensors, Preprocessor } from "./preprocessing/preprocessor.ts";
export { RobustScaler, type RobustScalerOptions } from "./preprocessing/robust_scaler.ts";
export {
  type StandardFitOptions,
  StandardScaler,
  type StandardScalerOptions,
} from "./preprocessing/standard_scaler.ts";
export {
  type MutableParts,
  type Splittable,
  type TrainTestParts,
  trainTestSplit,
  type TrainTestSplitOptions,
} from "./preprocessing/train_test_split.ts";
export { ZCA, type ZcaOptions } from "./preprocessing/zca.ts";
export { randomSplit } from "./combine/random_split.ts";
export { BatchSampler, type BatchSamplerOptions } from "./loader/batch_sampler.ts";
export {
  GeneratorSampler,
  type RandomOrderOptions,
  RandomSampler,
  type RandomSamplerOptions,
  type Sampler,
  SequentialSampler,
  type Sized,
  SubsetRandomSampler,
} from "./loader/samplers.ts";
export { type DatasetStack, StackDataset, type StackedSample } from "./combine/stack_dataset.ts";
export { Subset } from "./combine/subset.ts";
export { type Rows, TensorDataset } from "./sets/tensor_dataset.ts";
export {
  RandAugment,
  type RandAugmentOptions,
  TrivialAugmentWide,
  type TrivialAugmentWideOptions,
} from "./transforms/rand_augment.ts";
export { AugMix, type AugMixOptions } from "./transforms/aug_mix.ts";
export { AutoAugment, type AutoAugmentOptions } from "./transforms/auto_augment.ts";
export type { AutoAugmentPolicy } from "./transforms/auto_augment_policies.ts";
export { Compose, type First, type Last } from "./transforms/compose.ts";
export {
  CenterCrop,
  type CropSize,
  FiveCrop,
  RandomCrop,
  type RandomCropOptions,
  RandomResizedCrop,
  type RandomResizedCropOptions,
  TenCrop,
} from "./transforms/crops.ts";
export { ElasticTransform, type ElasticTransformOptions } from "./transforms/elastic_transform.ts";
export { type ElementExpression, Elementwise } from "./transforms/elementwise.ts";
export { GaussianNoise, type GaussianNoiseOptions } from "./transforms/gaussian_noise.ts";
export { Grayscale, type GrayscaleOptions } from "./transforms/grayscale.ts";
export { JPEG } from "./transforms/jpeg.ts";
export { Lambda } from "./transforms/lambda.ts";
export { CutMix, type ImageBatch, type MixOptions, MixUp } from "./transforms/mix.ts";
export { Normalize } from "./transforms/normalize.ts";
export { Pad, type Padding } from "./transforms/pad.ts";
export {
  RandomChannelPermutation,
  RandomPhotometricDistort,
  type RandomPhotometricDistortOptions,
} from "./transforms/photometric.ts";
export { RandomApply, RandomChoice, RandomOrder } from "./transforms/random_choice.ts";
export {
  ColorJitter,
  type ColorJitterOptions,
  GaussianBlur,
  type GaussianBlurOptions,
  type Jitter,
} from "./transforms/random_color.ts";
export { RandomErasing, type RandomErasingOptions } from "./transforms/random_erasing.ts";
export {
  RandomAdjustSharpness,
  RandomAutocontrast,
  RandomEqualize,
  RandomFunction,
  RandomGrayscale,
  RandomHorizontalFlip,
  RandomInvert,
  RandomPosterize,
  RandomSolarize,
  RandomVerticalFlip,
} from "./transforms/random_functions.ts";
export {
  type Degrees,
  RandomAffine,
  type RandomAffineOptions,
  RandomPerspective,
  type RandomPerspectiveOptions,
  RandomRotation,
} from "./transforms/random_warps.ts";
export { Resize } from "./transforms/resize.ts";
export { ToTensor } from "./transforms/to_tensor.ts";
export { ToUint8 } from "./transforms/to_uint8.ts";
export type {
  AnyTransform,
  ColorTransform,
  InputOf,
  MovingTransform,
  OutputOf,
  Transform,
} from "./transforms/transform.ts";
export { type AnnotatedSample, TransformSample } from "./transforms/transform_sample.ts";
export {
  RandomZoomOut,
  type RandomZoomOutOptions,
  ScaleJitter,
  type ScaleJitterOptions,
} from "./transforms/zoom.ts";
export {
  StratifiedSampler,
  WeightedRandomSampler,
  type WeightedRandomSamplerOptions,
} from "./loader/weighted_samplers.ts";
export { WorkerError, type WorkerErrorOptions } from "./loader/workers/errors.ts";
export { getWorkerInfo, type WorkerInfo, type WorkerModule } from "./loader/workers/worker_module.ts";
export { serveWorker } from "./loader/workers/serve_worker.ts";
