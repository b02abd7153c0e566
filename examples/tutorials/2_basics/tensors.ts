/**
 * Tensors from and to arrays.
 *
 *     deno run -A examples/tutorials/2_basics/tensors.ts
 */
import { chooseDevice, randn, tensor, zeros } from "@troodon/troodon";

// Doubles need the CPU: GPUs have none.
await chooseDevice("cpu");

// From nested lists
const a = tensor([[2.0, 3.0], [4.0, 8.0], [7.0, 9.0]]);
console.log("a is", a);
console.log("a size is", a.size());

const b = tensor([[2, 3], [4, 8], [7, 9]], { dtype: "int64" });
console.log("b is", b);

// Zeros and random numbers
const c = zeros([3, 2]);
console.log("zero tensor", c);
const d = randn([3, 2]);
console.log("normal random has the size", d.size());

// An element is read and set by its indices.
a.set([0, 1], 100);
console.log("changed a is", a);
console.log("a[0, 1] is", a.at(0, 1).item());

// To arrays and from arrays
const arrayB = b.tolist();
console.log("as an array b is");
console.log(arrayB);
const e = new Float64Array([2.0, 3.0, 4.0, 5.0]);
const torchE = tensor(e).view(2, 2);
console.log("from array to tensor is", torchE);
console.log("and as a flat array", torchE.numpy());

// float is of 32 bits, double of 64.
const fTorchE = torchE.float();
console.log("changed data type to float", fTorchE);
console.log("a third as float", fTorchE.div(6).at(0, 0).item());
console.log("a third as double", torchE.div(6).at(0, 0).item());
console.log("and back to double", fTorchE.div(6).double().at(0, 0).item());

// Arithmetic
const x = tensor([1.0, 2.0, 3.0]);
const y = tensor([10.0, 20.0, 30.0]);
console.log(x.add(y), x.mul(y), x.dot(y));
console.log(a.sum(), a.mean(0), a.max(1));
console.log(a.view(2, 3), a.t());
