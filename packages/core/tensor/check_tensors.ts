/** Refusing what is no tensor where one belongs, as programs do that nobody type-checks. */
import { showArgument } from "../call_forms.ts";
import { isTensor } from "../owner.ts";

/**
 * Refuses operands of `op` that are no tensors.
 *
 * @throws {TypeError} That shows the operands.
 */
export function checkTensors(op: string, operands: readonly unknown[]): void {
  const wrong = operands.find((x) => !isTensor(x));
  if (operands.every((x) => isTensor(x))) return;
  throw new TypeError(
    `Cannot apply ${op}() as operands must be tensors: current ones are ${
      operands.map(showOperand).join(" and ")
    }${
      typeof wrong === "number" || Array.isArray(wrong) ? `, make one by tensor(${showArgument(wrong)})` : ""
    }`,
  );
}

/** Refuses what is no list of tensors: one by itself, or several that are no list. */
export function checkTensorList(op: string, list: unknown): void {
  if (Array.isArray(list) && list.every((x) => isTensor(x))) return;
  if (isTensor(list)) {
    throw new TypeError(
      `Cannot apply ${op}() as tensors must be given as a list: write ${op}([a, b]), current argument is ${
        showOperand(list)
      }`,
    );
  }
  throw new TypeError(
    `Cannot apply ${op}() as there must be a list of tensors: current argument is ${
      Array.isArray(list) ? `[${list.map(showOperand).join(", ")}]` : showOperand(list)
    }`,
  );
}

/** An operand as an error shows it. */
export function showOperand(value: unknown): string {
  return isTensor(value) ? `a tensor of shape [${value.shape.join(", ")}]` : showArgument(value);
}
