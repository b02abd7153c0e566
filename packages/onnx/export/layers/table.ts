/** The layers that are translated as a whole. */
import * as nn from "@troodon/nn";
import type { Layer } from "./layer.ts";
import { GRU_LAYER, LSTM_LAYER, RNN_LAYER } from "./recurrent.ts";
import { resampling } from "./resampling.ts";
import { WINDOW_LAYERS } from "./windows.ts";

type Entry = readonly [unknown, Layer];

/** The classes of one kind for one axis, two and three. */
function windows(kind: string, ...classes: readonly unknown[]): Entry[] {
  return classes.map((type, i) => [type, WINDOW_LAYERS[kind]!((i + 1) as 1 | 2 | 3)]);
}

let layers: ReadonlyMap<unknown, Layer> | null = null;

function table(): ReadonlyMap<unknown, Layer> {
  return layers ??= new Map<unknown, Layer>([
    [nn.LSTM, LSTM_LAYER],
    [nn.GRU, GRU_LAYER],
    [nn.RNN, RNN_LAYER],
    [nn.Upsample, resampling()],
    [nn.UpsamplingNearest2d, resampling({ mode: "nearest" })],
    [nn.UpsamplingBilinear2d, resampling({ mode: "bilinear", alignCorners: true })],
    ...windows("Conv", nn.Conv1d, nn.Conv2d, nn.Conv3d),
    ...windows("ConvTranspose", nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d),
    ...windows("MaxPool", nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d),
    ...windows("AvgPool", nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d),
    ...windows("AdaptiveAvgPool", nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d),
    ...windows("AdaptiveMaxPool", nn.AdaptiveMaxPool1d, nn.AdaptiveMaxPool2d, nn.AdaptiveMaxPool3d),
  ]);
}

/** Returns the translation of a module as a whole; undefined for other classes, and for subclasses. */
export function layerFor(module: nn.AnyModule): Layer | undefined {
  return table().get(module.constructor);
}
