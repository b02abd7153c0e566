/** The means of sliding windows. */
import type { AvgPool2dCall, Window2d } from "@troodon/core";
import { body, expr as e, relaid } from "@troodon/core/kernel";
import type { KernelContext } from "../../kernel.ts";
import { addressOf, type CpuView } from "../../view.ts";
import { loadPairs, WIDE_WINDOWS } from "../../pool/pairs.ts";
import { emitSeparable, type Lines, linesKey, linesOf, placeOf } from "../../pool/separable.ts";
import {
  durationOf,
  elementAt,
  elementLocals,
  emitElements,
  emitFours,
  emitPairwise,
  emitWindows,
  isPairwise,
  isWhole,
  nextPlane,
  planeExtents,
  runPlanes,
  windowKey,
} from "../../pool/windows.ts";
import { type Call, call as makeCall } from "../../threads/task.ts";
import type { Local, ModuleBuilder } from "../../targets/wasm/assembler.ts";
import { reduce } from "../reduction/reduce.ts";

/** Parameters: x, means, extents. */
const [X, MEANS] = [0, 1] as const;
const EXTENTS = planeExtents(2);

const ALL = body(e.input(0)), MEAN = body(e.div(e.input(0), e.scalar(0)));

/** See {@linkcode AvgPool2dCall}. Float32 alone. */
export function avgPool2d(
  context: KernelContext,
  call: AvgPool2dCall,
  [x]: readonly CpuView[],
  [means]: readonly CpuView[],
): void {
  const [n, c, height, width] = x!.shape as [number, number, number, number];
  const [, , outHeight, outWidth] = means!.shape as [number, number, number, number];
  const { window } = call;
  if (isWhole(window, height, width)) {
    const shape = [n * c, height * width], scalars = [height * width];
    const all = {
      kernel: "reduce",
      op: "sum",
      body: ALL,
      post: MEAN,
      compute: "float32",
      scalars,
      shape,
    } as const;
    return reduce(context, { ...all, axes: [1] }, [relaid(x!, shape, [height * width, 1])], [
      relaid(means!, [n * c, 1], [1, 1]),
    ]);
  }
  const pairwise = isPairwise(window, outWidth);
  const lines = pairwise || !isCounted(call) ? null : linesOf(window, [height, width], outWidth, 1);
  const [key, emit]: [string, (module: ModuleBuilder) => void] = pairwise
    ? ["pairwise", emitMeanPairwise]
    : lines === null
    ? [`${windowKey(window)}/${call.countIncludePad}`, (module) => emitMeanWindows(module, call)]
    : [
      linesKey(window, lines),
      (module) => emitMeanSeparable(module, window, lines),
    ];
  const wide = (pairwise || lines !== null) && outWidth >= WIDE_WINDOWS;
  const { run } = context.instance(`avgPool2d/${wide}/${key}`, emit, { wide });
  const windows = outHeight * outWidth, planeBytes = [4 * height * width, 4 * windows];
  const calls = (pointers: readonly number[], planes: number): Call[] => [
    makeCall(
      run!,
      ...[...pointers, planes, height, width, outHeight, outWidth],
      ...lines === null ? [] : [context.scratch(lines.bytes)],
    ),
  ];
  const cost = durationOf(window, windows, pairwise);
  runPlanes(context, { cost, calls, planeBytes }, n * c, [x!, means!].map(addressOf));
}

/** Whether all windows are divided by one number. */
function isCounted({ window: { padding }, countIncludePad }: AvgPool2dCall): boolean {
  return countIncludePad || padding.every((n) => n === 0);
}

/** Emits "run(x, means, planes, height, width, outHeight, outWidth, buffer)". */
function emitMeanSeparable(module: ModuleBuilder, window: Window2d, lines: Lines): void {
  const code = module.function({ params: new Array<"i32">(8).fill("i32"), export: "run" });
  code.repeat(EXTENTS.planes, () => {
    emitSeparable(code, window, lines, { x: X, buffer: 7, ...EXTENTS }, {
      nothing: 0,
      take: ([sum], [next]) => void code.get(sum!).get(next!).op("f32x4.add").set(sum!),
      finish([sum], windows) {
        const [to, offset] = placeOf(code, windows, MEANS, 4);
        code.get(to).get(sum!).f32x4(window.size[0] * window.size[1]).op("f32x4.div");
        code.memory("v128.store", offset, 2);
      },
      nextLine: () => void code.get(MEANS).get(EXTENTS.outWidth).i32(2).op("i32.shl", "i32.add").set(MEANS),
    });
    nextPlane(code, X, EXTENTS);
  });
}

function emitMeanWindows(module: ModuleBuilder, { window, countIncludePad }: AvgPool2dCall): void {
  const code = module.function({ params: Array.from({ length: 7 }, () => "i32"), export: "run" });
  const sum = code.local("f32"), sums = code.local("v128"), count = code.local("i32");
  const locals = elementLocals(code);
  emitWindows(
    code,
    window,
    EXTENTS,
    (corner) => {
      code.f32(0).set(sum).i32(0).set(count);
      emitElements(code, window, EXTENTS, corner, locals, (position) => {
        elementAt(code, X, position).memory("f32.load").get(sum).op("f32.add").set(sum).increase(count, 1);
      });
      code.get(MEANS).get(sum);
      if (countIncludePad) code.f32(window.size[0] * window.size[1]);
      else code.get(count).op("f32.convert_i32_s");
      code.op("f32.div").memory("f32.store").increase(MEANS, 4);
    },
    () => nextPlane(code, X, EXTENTS),
    {
      outputs: [MEANS],
      emit: (corner) => {
        code.f32x4(0).set(sums).i32(0).set(count);
        emitFours(code, window, EXTENTS, corner, X, (elements) => {
          for (const some of elements) code.get(some).get(sums).op("f32x4.add").set(sums);
          code.increase(count, elements.length);
        });
        code.get(MEANS).get(sums);
        if (countIncludePad) code.f32(window.size[0] * window.size[1]);
        else code.get(count).op("f32.convert_i32_s");
        code.op("f32x4.splat", "f32x4.div").memory("v128.store", 0, 2).increase(MEANS, 16);
      },
    },
  );
}

function emitMeanPairwise(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 7 }, () => "i32"), export: "run" });
  const at = code.local("i32");
  const [low, high, lowBelow, highBelow] = code.locals("v128", 4) as [Local, Local, Local, Local];
  emitPairwise(code, EXTENTS, { wide: [X], narrow: [MEANS] }, (x) => {
    code.get(X).get(x).i32(3).op("i32.shl", "i32.add").set(at);
    loadPairs(code, at, low, high);
    code.get(at).get(EXTENTS.width).i32(2).op("i32.shl", "i32.add").set(at);
    loadPairs(code, at, lowBelow, highBelow);
    code.get(low).get(lowBelow).op("f32x4.add").set(low).get(high).get(highBelow).op("f32x4.add").set(high);
    elementAt(code, MEANS, x);
    code.get(low).get(high).shuffle32(0, 2, 4, 6).get(low).get(high).shuffle32(1, 3, 5, 7);
    code.op("f32x4.add").f32x4(0.25).op("f32x4.mul").memory("v128.store", 0, 2);
  });
}
