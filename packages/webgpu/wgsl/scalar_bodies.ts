/** Scalar functions that kernels call by name. */
import type { Body } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import type { ShaderText } from "./shader.ts";

const FUNCTIONS: Readonly<Record<"exponential" | "logarithm", Body>> = {
  exponential: body(e.exp(e.input(0))),
  logarithm: body(e.log(e.input(0))),
};

/** Puts `exponential(x)` or `logarithm(x)` of float32 into a shader, and gives its name. */
export function scalarFunction(text: ShaderText, name: keyof typeof FUNCTIONS): string {
  text.body(name, FUNCTIONS[name], "float32");
  return name;
}
