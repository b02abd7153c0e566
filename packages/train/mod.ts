/**
 * The training loop as a library: `fit` with observers, `evaluate` with metrics, small models, run folders, progress.
 *
 * @example Digits that the project draws itself
 * ```ts
 * import { assert } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, manualSeed, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { DataLoader, GeneratedDigits, ToTensor } from "@troodon/datasets";
 * import { CrossEntropyLoss } from "@troodon/nn";
 * import { Adam } from "@troodon/optim";
 * import { evaluate, fit, Mlp } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * manualSeed(0);
 * const digits = await GeneratedDigits.open({ count: 32, transform: new ToTensor() });
 * const model = new Mlp({ hidden: 16 });
 * const optimizer = new Adam(model.parameters(), { lr: 0.01 });
 * const loader = new DataLoader(digits, { batchSize: 16 });
 * await fit(model, loader, { optimizer, loss: new CrossEntropyLoss(), epochs: 8 });
 * const { accuracy } = await evaluate(model, loader);
 * assert(accuracy > 0.5);
 * ```
 *
 * @module
 */

export type { Batch, Batches, BatchSource } from "./batch.ts";
export { formatConfusion, type FormatConfusionOptions } from "./confusion.ts";
export { type DeviceLoss, formatDeviceLoss } from "./device_loss.ts";
export {
  compareDevices,
  type CompareDevicesOptions,
  type DeviceComparison,
  type StepLoss,
} from "./devices/compare_devices.ts";
export type { WorstElement } from "./devices/difference.ts";
export type { LayerDrift } from "./devices/drift.ts";
export { formatDeviceComparison } from "./devices/format_comparison.ts";
export type { PartedCall, SkippedCall } from "./devices/lockstep.ts";
export {
  evaluate,
  type EvaluateOptions,
  type Evaluation,
  type MetricValues,
  type Misclassified,
  type NamedMetrics,
} from "./evaluate.ts";
export {
  fit,
  type FitLoopOptions,
  type FitLossOptions,
  type FitOptions,
  type FitStepOptions,
  type LossFunction,
  type ValidationBatches,
} from "./fit.ts";
export {
  findLearningRate,
  type FindLearningRateOptions,
  type LearningRateSearch,
  type RateSweepOptions,
} from "./learning_rate/find_learning_rate.ts";
export { CsvLogger } from "./loggers/csv_logger.ts";
export { JsonlLogger } from "./loggers/jsonl_logger.ts";
export { type MetricsRow, RowLogger } from "./loggers/row_logger.ts";
export { firstBatches } from "./steps/first_batches.ts";
export { LossMeter, type LossMeterState } from "./loss_meter.ts";
export {
  Accuracy,
  ClassMetric,
  type ClassMetricOptions,
  F1Score,
  Precision,
  Recall,
} from "./metrics/class_metrics.ts";
export { ConfusionMatrix, type ConfusionOptions } from "./metrics/confusion_matrix.ts";
export { LogLoss, type LogLossOptions } from "./metrics/log_loss.ts";
export type { Metric } from "./metrics/metric.ts";
export {
  type BatchNumbers,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  R2Score,
  RegressionMetric,
  RootMeanSquaredError,
} from "./metrics/regression.ts";
export { AveragePrecision, averagePrecision } from "./metrics/average_precision.ts";
export {
  balancedAccuracy,
  type BalancedAccuracyOptions,
  cohenKappa,
  type CohenKappaOptions,
  fBeta,
  iou,
  matthewsCorrcoef,
  normalizeConfusion,
} from "./metrics/confusion_scores.ts";
export { type KeptScores, RankMetric } from "./metrics/kept_scores.ts";
export { Perplexity } from "./metrics/perplexity.ts";
export { RocAuc, rocAuc, type RocAucOptions } from "./metrics/roc_auc.ts";
export {
  accuracy,
  type Average,
  type ClassScores,
  type Confusion,
  f1,
  precision,
  recall,
  type ScoreOptions,
  scoresByClass,
} from "./metrics/scores.ts";
export { TopKAccuracy } from "./metrics/top_k_accuracy.ts";
export { Cnn, type CnnOptions, LeNet, Mlp, type MlpOptions, type ModelOptions } from "@troodon/models";
export type {
  BatchEvent,
  BeforeStepEvent,
  EndEvent,
  EpochEvent,
  FitEvent,
  FitObserver,
  LogEvent,
  PassEvent,
  Scores,
  StartEvent,
  StateEvent,
  StepEvent,
  ValidationEvent,
} from "./observer.ts";
export { Picture, type PngFileOptions } from "./drawing/picture.ts";
export type {
  BoxShape,
  ClippedShapes,
  DotShape,
  ImageShape,
  LineShape,
  MovedShapes,
  PictureBox,
  PicturePoint,
  PictureShape,
  SegmentsShape,
  TextShape,
} from "./drawing/shapes.ts";
export { averaging, type AveragingOptions } from "./observers/averaging.ts";
export { continueOn, type ContinueOnOptions } from "./observers/continue_on.ts";
export {
  EarlyStopping,
  type EarlyStoppingOptions,
  type EarlyStoppingState,
} from "./observers/early_stopping.ts";
export { ProgressReport, type ProgressReportOptions } from "./observers/progress_report.ts";
export { formatImages, type FormatImagesOptions } from "./terminal/format_images.ts";
export { LiveView, type LiveViewOptions } from "./terminal/live_view.ts";
export { stepEachBatch } from "./observers/step_each_batch.ts";
export { plotConfusion, type PlotConfusionOptions } from "./pictures/plot_confusion.ts";
export { plotDecisionRegions, type PlotDecisionRegionsOptions } from "./pictures/plot_decision_regions.ts";
export { plotGraph, type PlotGraphOptions } from "./pictures/plot_graph.ts";
export { plotActivations, plotHistograms, type PlotHistogramsOptions } from "./pictures/plot_histograms.ts";
export {
  plotFilters,
  type PlotFiltersOptions,
  plotImages,
  type PlotImagesOptions,
} from "./pictures/plot_images.ts";
export { plotLearningRates, type PlotLearningRatesOptions } from "./pictures/plot_learning_rates.ts";
export { plotLoss, type PlotLossOptions } from "./pictures/plot_loss.ts";
export type { Area } from "./plot/contours.ts";
export type { MarkOptions } from "./plot/marks.ts";
export { Plot, plotGrid, type PlotOptions } from "./plot/plot.ts";
export type { Coordinates, PlotPoint } from "./plot/points.ts";
export { LivePage, type LivePageOptions } from "./plot/live_page.ts";
export { TerminalPlot, type TerminalPlotOptions } from "./plot/terminal_plot.ts";
export type { TextPlotOptions } from "./plot/text_plot.ts";
export {
  formatDuration,
  formatNumber,
  formatProgress,
  type Progress,
  ProgressLine,
  type ProgressLineOptions,
} from "./progress.ts";
export type { FullDiskOptions } from "./checkpoints/disk_writer.ts";
export {
  type BestScore,
  ModelCheckpoint,
  type ModelCheckpointOptions,
} from "./checkpoints/model_checkpoint.ts";
export { BEST_FILE, loadModel, type LoadModelOptions, MODEL_FILE } from "./checkpoints/model_files.ts";
export { type LastGoodState, loadLastState, STATE_FILE, statesOfRun } from "./checkpoints/state_files.ts";
export {
  CONFIG_FILE,
  filesOfRun,
  MANIFEST_FILE,
  METRICS_FILE,
  readConfig,
  type RunConfig,
} from "./run_files.ts";
export { type CreateRunOptions, type Metrics, RunFolder } from "./run_folder.ts";
export { isBeingWritten } from "./run_lock.ts";
export type { Stateful } from "./state_keeper.ts";
export type { OptimizerNumbers, TrainingPosition, TrainingState } from "./training_state.ts";
export { loadTrainingState, saveTrainingState } from "./training_state_file.ts";
export { type LayerSummary, ModelSummary, type ModelTotals } from "./summary/model_summary.ts";
export { type ModelSummaryOptions, summary, type SummaryInputs } from "./summary/summary.ts";
export type { HparamValue } from "./tensorboard/hparams.ts";
export type {
  HparamsOptions,
  PrCurveOptions,
  SummaryHistogramOptions,
  SummaryImageOptions,
  SummaryOptions,
  SummaryWriterOptions,
} from "./tensorboard/summary_options.ts";
export type { SummaryNumbers } from "./tensorboard/summary_numbers.ts";
export { SummaryWriter } from "./tensorboard/summary_writer.ts";
export { TensorBoardLogger, type TensorBoardLoggerOptions } from "./tensorboard/tensorboard_logger.ts";
export { type WorstClass, worstClasses } from "./worst_classes.ts";
