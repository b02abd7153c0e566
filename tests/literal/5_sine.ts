// docs/tutorials/pytorch/5_sine.py in the syntax of TypeScript, names in camel case.
import * as torch from "@troodon/troodon";
import { nn, optim } from "@troodon/troodon";

await torch.chooseDevice("cpu");
const x = torch.linspace(-10, 10, 1000).reshape(-1, 1);
const y = x.sin();

function makeLayers(cfg: number[]) {
  const layers: nn.Module[] = [];
  for (let i = 0; i < cfg.length - 2; i++) {
    layers.append(nn.Linear(cfg[i], cfg[i + 1])); //> layers.push(new nn.Linear(cfg[i], cfg[i + 1]));
    layers.push(nn.ReLU()); //> layers.push(new nn.ReLU());
  }
  layers.push(new nn.Linear(cfg[cfg.length - 2], cfg[cfg.length - 1]));
  return nn.Sequential(...layers); //> return new nn.Sequential(...layers);
}

for (const cfg of [[1, 20, 50, 20, 1], [1, 20, 50, 100, 500, 100, 50, 20, 1]]) {
  torch.manualSeed(0);
  const net = makeLayers(cfg);
  console.log(len(net), "layers"); //> console.log(net.length, "layers");
  for (const [name, p] of net.namedParameters()) {
    console.log(name, p.shape);
  }
  const criterion = nn.MSELoss(); //> const criterion = new nn.MSELoss();
  const optimizer = optim.SGD(net.parameters(), { lr: 5e-2 }); //> const optimizer = new optim.SGD(net.parameters(), { lr: 5e-2 });
  for (const i of range(2)) { //> for (let i = 0; i < 2; i++) {
    const yPred = net(x);
    const loss = criterion(yPred, y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    console.log(i, float(loss)); //> console.log(i, loss.item());
  }
  const losses = torch.tensor([0.1, 0.2, 0.3]);
  console.log(losses.mean().item(), losses.quantile(0.5).item(), losses.min().item(), losses.max().item());
}
