/** The largest elements of sliding windows. */
import type { MaxPool2dCall } from "@troodon/core";
import { body, expr as e, relaid } from "@troodon/core/kernel";
import type { KernelContext } from "../../kernel.ts";
import { addressOf, type CpuView } from "../../view.ts";
import { emitMaxSeparable } from "../../pool/max_separable.ts";
import { emitMaxPairwise, emitMaxWindows } from "../../pool/max_windows.ts";
import { WIDE_WINDOWS } from "../../pool/pairs.ts";
import { linesKey, linesOf } from "../../pool/separable.ts";
import { durationOf, isPairwise, isWhole, runPlanes, windowKey } from "../../pool/windows.ts";
import { call } from "../../threads/task.ts";
import type { ModuleBuilder } from "../../targets/wasm/assembler.ts";
import { reduce } from "../reduction/reduce.ts";
import { temporary } from "../map/stage.ts";

const ALL = body(e.input(0)), POSITIVE = body(e.where(e.lessEqual(e.input(0), 0), 0, e.input(0)));

/** See {@linkcode MaxPool2dCall}. Float32 alone. */
export function maxPool2d(
  context: KernelContext,
  { window, relu = false }: MaxPool2dCall,
  [x]: readonly CpuView[],
  [values, positions]: readonly CpuView[],
): void {
  const [n, c, height, width] = x!.shape as [number, number, number, number];
  const [, , outHeight, outWidth] = values!.shape as [number, number, number, number];
  if (positions === undefined && isWhole(window, height, width)) {
    const shape = [n * c, height * width], post = relu ? { post: POSITIVE } : {};
    const all = { kernel: "reduce", op: "max", body: ALL, compute: "float32", scalars: [], shape } as const;
    return reduce(context, { ...all, ...post, axes: [1] }, [relaid(x!, shape, [height * width, 1])], [
      relaid(values!, [n * c, 1], [1, 1]),
    ]);
  }
  const pairwise = positions !== undefined && isPairwise(window, outWidth);
  const lines = pairwise ? null : linesOf(window, [height, width], outWidth, positions ? 2 : 1);
  const alone = lines === null || (positions !== undefined && lines.isPadded);
  const [key, emit]: [string, (module: ModuleBuilder) => void] = pairwise
    ? ["pairwise", (module) => emitMaxPairwise(module, relu)]
    : alone
    ? [windowKey(window), (module) => emitMaxWindows(module, window, relu)]
    : [
      linesKey(window, lines),
      (module) => emitMaxSeparable(module, window, lines, relu),
    ];
  const wide = (pairwise || !alone) && outWidth >= WIDE_WINDOWS;
  const { run } = context.instance(`maxPool2d/${relu}/${wide}/${key}`, emit, { wide });
  const places = positions ?? (alone ? temporary(context, values!.shape, "int32") : values!);
  const windows = outHeight * outWidth;
  runPlanes(
    context,
    {
      cost: durationOf(window, windows, pairwise),
      planeBytes: [4 * height * width, 4 * windows, 4 * windows],
      calls: (pointers, planes) => [
        call(
          run!,
          ...[...pointers, planes, height, width, outHeight, outWidth],
          ...alone ? [] : [context.scratch(lines.bytes)],
        ),
      ],
    },
    n * c,
    [x!, values!, places].map(addressOf),
  );
}
