/** The examples run as their headers say, on small settings. */
import { assert, assertStringIncludes } from "@std/assert";

async function run(name: string, ...args: string[]): Promise<string> {
  const file = new URL(`../examples/${name}.ts`, import.meta.url);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", file.href, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  assert(success, text.decode(stderr));
  return text.decode(stdout);
}

const losses = (output: string): number[] =>
  [...output.matchAll(/loss.* ([\d.]+)(,|$)/gm)].map((m) => Number(m[1]));

Deno.test("lenet_walk leads from the loss to the first convolution and learns", async () => {
  const output = await run("lenet_walk");
  assertStringIncludes(output, "MseLossBackward0");
  assertStringIncludes(output, "ConvolutionBackward0\n   AccumulateGrad".slice(0, 20));
  assertStringIncludes(output, "conv1.bias.grad before null");
  const [byHand, bySgd] = losses(output).slice(-2);
  assert(bySgd! < byHand!);
});

Deno.test("autograd_vector multiplies by the Jacobian", async () => {
  const output = await run("autograd_vector");
  assertStringIncludes(output, "x.grad tensor([5.1200e+01, 5.1200e+02, 5.1200e-02])");
  assertStringIncludes(output, "6 x tensor([ 6., 12., 18.])");
});

Deno.test("logistic_regression separates the clouds", async () => {
  const output = await run("logistic_regression", "--epochs", "100");
  const [, accuracy] = output.match(/epoch 100: .* accuracy ([\d.]+) %/)!;
  assert(Number(accuracy) > 95);
});

Deno.test("sine_regression prints its shapes and learns", async () => {
  const output = await run("sine_regression", "--iterations", "20");
  assertStringIncludes(output, "0.weight [ 20, 1 ]");
  const found = losses(output);
  assert(found.at(-1)! < found[0]!);
});
