// docs/tutorials/pytorch/3_mnist_folder.py and 3_mnist_evaluate.py in the syntax of TypeScript, names in camel case.
import * as torch from "@troodon/troodon";
import { Compose, DataLoader, F, Grayscale, ImageFolder, nn, optim, ToTensor } from "@troodon/troodon";

await torch.chooseDevice("cpu");
const transform = Compose([new Grayscale(), new ToTensor()]); //> const transform = new Compose([new Grayscale(), new ToTensor()]);
const trainDataset = new ImageFolder("train", { transform }); //> const trainDataset = await ImageFolder.open("train", { transform });
const trainLoader = new DataLoader(trainDataset, { batchSize: 2, shuffle: true });

console.log(len(trainDataset)); //> console.log(trainDataset.length);
console.log(len(trainLoader)); //> console.log(trainLoader.length);

class Net extends nn.Module {
  fc1 = new nn.Linear(784, 256);
  fc2 = new nn.Linear(256, 10);

  forward(x: torch.Tensor) {
    x = x.view(-1, 784);
    x = F.relu(this.fc1(x));
    return this.fc2(x);
  }
}

const net = new Net();
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.Adam(net.parameters(), { lr: 1e-3 });

for (const epoch of range(2)) { //> for (let epoch = 0; epoch < 2; epoch++) {
  for (const [image, label] of trainLoader) { //> for await (const { image, label } of trainLoader) {
    const output = net(image);
    const loss = criterion(output, label);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    console.log(epoch, loss.item().toFixed(4));
  }
}
torch.save(net.stateDict(), "mnist.pth"); //> await torch.save(net.stateDict(), "mnist.pth");

net.loadStateDict(torch.load("mnist.pth")); //> net.loadStateDict(await torch.load("mnist.pth"));
const testLoader = new DataLoader(trainDataset);
let right = 0;
for await (const { image, label } of testLoader) {
  const output = net(image);
  const [_, predicted] = torch.max(output.data, 1);
  right += (predicted == label).sum().item(); //> right += predicted.eq(label).sum().item();
  const predict = output.argmax(1).item();
  const [path] = trainDataset.samples[predict % 2];
  console.log(predict, path);
}
console.log(right / trainDataset.length);
