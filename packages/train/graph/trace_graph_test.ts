import { assertEquals, assertThrows } from "@std/assert";
import { ones, type Tensor, tensor } from "@troodon/core";
import { BatchNorm1d, Embedding, Identity, Linear, Module, ModuleList } from "@troodon/nn";
import { setUp } from "../testdata/line.ts";
import { traceGraph } from "./trace_graph.ts";

/** A block whose result is added to its input. */
class Residual extends Module {
  fc = new Linear(2, 2);
  override forward(x: Tensor): Tensor {
    return this.fc(x.relu()).add(x);
  }
}

class Net extends Module {
  blocks = new ModuleList([new Residual(), new Residual()]);
  norm = new BatchNorm1d(2);
  nothing = new Identity();
  override forward(x: Tensor): Tensor {
    const shared = this.blocks.children().next().value as Residual;
    return this.nothing(this.norm(shared(shared(x.mul(2))))).sum();
  }
}

Deno.test("traceGraph() gives each call to the innermost module around it, and names to what is called twice", () => {
  const { device } = setUp(), net = new Net(), x = ones([4, 2]), before = device.memory.buffers;
  const nodes = traceGraph(net, [x]);
  const calls = nodes.filter(({ kind }) => kind === "call").map(({ name, layer }) => [name, layer]);
  assertEquals(calls, [
    ["Net/mul", ""],
    ["Net/ModuleList[blocks]/Residual[0]/relu", "blocks.0"],
    ["Net/ModuleList[blocks]/Residual[0]/Linear[fc]/addmm", "blocks.0.fc"],
    ["Net/ModuleList[blocks]/Residual[0]/add", "blocks.0"],
    ["Net/ModuleList[blocks]/Residual[0]/relu_1", "blocks.0"],
    ["Net/ModuleList[blocks]/Residual[0]/Linear[fc]/addmm_1", "blocks.0.fc"],
    ["Net/ModuleList[blocks]/Residual[0]/add_1", "blocks.0"],
    ["Net/BatchNorm1d[norm]/view", "norm"],
    ["Net/BatchNorm1d[norm]/view_1", "norm"],
    ["Net/BatchNorm1d[norm]/nativeBatchNorm", "norm"],
    ["Net/sum", ""],
  ]);
  const known = new Set<string>();
  for (const { name, inputs } of nodes) {
    assertEquals(inputs.filter((input) => !known.has(input)), []);
    known.add(name);
  }
  assertEquals(nodes.find(({ op }) => op === "addmm")!.inputs, [
    "Net/ModuleList[blocks]/Residual[0]/relu",
    "Net/ModuleList[blocks]/Residual[0]/Linear[fc]/weight",
    "Net/ModuleList[blocks]/Residual[0]/Linear[fc]/bias",
  ]);
  // Neither memory, nor the mode, nor statistics of the data have changed.
  assertEquals(device.memory.buffers - before, 0);
  assertEquals([net.training, net.norm.training, net.norm.runningMean!.tolist()], [true, true, [0, 0]]);
});

Deno.test("traceGraph() begins at the parameters where inputs are integers, and refuses what is no network", () => {
  setUp();
  const [weight, call, output] = traceGraph(new Embedding(3, 2), [tensor([0, 2], { dtype: "int64" })]);
  assertEquals([weight!.name, call!.inputs, output!.shape], ["Embedding/weight", ["Embedding/weight"], [
    2,
    2,
  ]]);
  assertThrows(() => traceGraph({} as never, []), TypeError, "must be a module");
  class Compared extends Module {
    override forward(x: Tensor): Tensor {
      return x.gt(0);
    }
  }
  assertThrows(() => traceGraph(new Compared(), [ones([1])]), TypeError, "a tensor with a gradient");
});
