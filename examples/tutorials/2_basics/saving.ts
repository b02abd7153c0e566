/**
 * Saving and loading the whole model, its state dict, and a checkpoint.
 *
 *     deno run -A examples/tutorials/2_basics/saving.ts [--out DIR]
 */
import { parseArgs } from "@std/cli";
import {
  chooseDevice,
  equal,
  load,
  manualSeed,
  nn,
  optim,
  save,
  type StateDict,
  type Tensor,
  tensor,
} from "@troodon/troodon";

const args = parseArgs(Deno.args, { string: ["out"], default: { out: "." } });
await chooseDevice();

interface Checkpoint {
  epoch: number;
  net: StateDict;
  optimizer: optim.OptimizerStateDict<optim.SGDOptions>;
}

class Net extends nn.Module {
  fc1 = new nn.Linear(2, 3);
  fc2 = new nn.Linear(3, 1);

  override forward(x: Tensor): Tensor {
    return this.fc2(this.fc1(x).relu());
  }
}

manualSeed(0);
const net = new Net();
const x = tensor([[1.0, 2.0]]);

// The whole model: its structure and its parameters
await save(net, `${args.out}/model.pth`);
const loadNet = await load(`${args.out}/model.pth`, { modules: { Net } });
console.log(loadNet);
console.log("the whole model gives the same:", equal(loadNet(x), net(x)));

// The state dict: the parameters alone
await save(net.stateDict(), `${args.out}/model_state.pth`);
const state = await load(`${args.out}/model_state.pth`);
for (const [name, value] of state) {
  console.log(name, value.shape);
}
const newNet = new Net();
console.log("before loading the same:", equal(newNet(x), net(x)));
newNet.loadStateDict(state);
console.log("after loading the same:", equal(newNet(x), net(x)));

// A checkpoint: what is needed to go on with training
const optimizer = new optim.SGD(net.parameters(), { lr: 0.01, momentum: 0.9 });
net(x).sum().backward();
optimizer.step();
const states = { epoch: 3, net: net.stateDict(), optimizer: optimizer.stateDict() };
await save(states, `${args.out}/checkpoint.pth`);
const checkpoint = await load<Checkpoint>(`${args.out}/checkpoint.pth`);
newNet.loadStateDict(checkpoint.net);
const newOptimizer = new optim.SGD(newNet.parameters(), { lr: 0.5 });
newOptimizer.loadStateDict(checkpoint.optimizer);
console.log("epoch", checkpoint.epoch, "lr", newOptimizer.paramGroups[0].lr);
