/** Cross-entropy of logits and classes, and its gradient, over rows of float32. */
import type { CrossEntropyCall, CrossEntropyGradCall } from "@troodon/core";
import { lower } from "@troodon/core/kernel";
import type { Kernel } from "../../kernel.ts";
import type { Code, Local } from "../../targets/wasm/assembler.ts";
import { emitRows, type Pace, runRows, specialLength } from "./rows.ts";
import { logSoftmaxRow, mapRow } from "./softmax.ts";
import { addressOf } from "../../view.ts";

/** Pushes whether the class at `pointer` is not the one to ignore. */
function counts(code: Code, pointer: Local, ignored: Local): Code {
  return code.get(pointer).memory("i32.load").get(ignored).memory("i32.load").op("i32.ne");
}

/** Pushes the address of the class's element in the row at `pointer`. */
function ofClass(code: Code, pointer: Local, classes: Local): Code {
  return code.get(pointer).get(classes).memory("i32.load").i32(2).op("i32.shl", "i32.add");
}

/** Runs a {@linkcode CrossEntropyCall} on float32. */
export const crossEntropy: Kernel<CrossEntropyCall> = (context, { ignoreIndex }, inputs, outputs) => {
  const [logits, classes] = inputs as [typeof inputs[0], typeof inputs[0]];
  const [rows, n] = logits!.shape as [number, number];
  if (rows === 0) return;
  const length = specialLength(n), paces: readonly Pace[] = ["row", "element", "element", "row", "still"];
  const { run } = context.instance(`crossEntropy/${length}`, (module) =>
    emitRows(
      module,
      length,
      paces,
      (row, pointers, status) => {
        const [x, target, loss, out, ignored] = pointers as [Local, Local, Local, Local, Local];
        const { code } = row;
        if (length !== 0) logSoftmaxRow(row, x, out);
        code.get(loss).f32(0).memory("f32.store");
        counts(code, target, ignored).if(() => {
          code.get(target).memory("i32.load").get(1).op("i32.lt_u").if(() => {
            code.get(loss);
            ofClass(code, out, target).memory("f32.load").op("f32.neg").memory("f32.store");
          }, () => code.i32(1).set(status));
        });
      },
    ), { wide: true });
  const ignored = context.constant("i32", ignoreIndex);
  const [losses, logs] = outputs;
  const pointers = [...[logits!, classes!, losses!, logs!].map(addressOf), ignored];
  runRows(context, { run: run!, paces, cost: 1 }, rows, n, pointers, {
    exact: null,
    error: () =>
      new RangeError(
        `Cannot apply crossEntropy() as classes must be from 0 to ${
          n - 1
        }, or ${ignoreIndex} to be ignored: ` +
          "the current classes hold another",
      ),
  });
};

/** Runs a {@linkcode CrossEntropyGradCall} on float32: g (exp(y) - 1 at the class). */
export const crossEntropyGrad: Kernel<CrossEntropyGradCall> = (context, { ignoreIndex }, inputs, outputs) => {
  const [rows, n] = inputs[1]!.shape as [number, number];
  if (rows * n === 0) return;
  const length = specialLength(n), paces: readonly Pace[] = ["element", "row", "element", "row", "still"];
  const { run } = context.instance(
    `crossEntropyGrad/${length}`,
    (module) =>
      emitRows(module, length, paces, (row, pointers) => {
        const [g, logs, target, out, ignored] = pointers as [Local, Local, Local, Local, Local];
        const { code, machine: t } = row;
        counts(code, target, ignored).if(() =>
          row.scope(() => {
            const slope = row.splat(g);
            mapRow(row, out, (place) => t.emit("mul", lower.expNegative(t, place.load(logs)), slope));
            ofClass(code, out, target);
            ofClass(code, out, target).memory("f32.load").get(g).memory("f32.load").op("f32.sub");
            code.memory("f32.store");
          }), () =>
          // Products with 0, of which those of NaN are NaN.
          row.scope(() => {
            const none = t.constant(0);
            mapRow(row, out, (place) => t.emit("mul", lower.expNegative(t, place.load(logs)), none));
          }));
      }),
    { wide: true },
  );
  const ignored = context.constant("i32", ignoreIndex);
  const pointers = [...inputs.map(addressOf), addressOf(outputs[0]!), ignored];
  runRows(context, { run: run!, paces, cost: 0.7 }, rows, n, pointers);
};
