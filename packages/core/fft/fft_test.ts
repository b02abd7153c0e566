import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  Device,
  fft,
  fromTypedArray,
  Generator,
  ReferenceBackend,
  roll,
  type Shape,
  type Tensor,
  tensor,
} from "../mod.ts";
import { sizeOf } from "../kernel.ts";

const device = new Device(new ReferenceBackend());

function random(shape: Shape, seed = 1): Tensor {
  const generator = new Generator(seed);
  return fromTypedArray(Float64Array.from({ length: sizeOf(shape) }, () => generator.normal()), shape, {
    device,
  });
}

/** As it is defined. */
function slowly(x: Tensor): Tensor {
  const n = x.size(0), data = x.dataSync(), y = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = -2 * Math.PI * ((j * k) % n) / n, c = Math.cos(angle), s = Math.sin(angle);
      y[2 * k] = y[2 * k]! + Number(data[2 * j]) * c - Number(data[2 * j + 1]) * s;
      y[2 * k + 1] = y[2 * k + 1]! + Number(data[2 * j]) * s + Number(data[2 * j + 1]) * c;
    }
  }
  return fromTypedArray(y, [n, 2], { device });
}

function assertClose(a: Tensor, b: Tensor, atol = 1e-11): void {
  assertEquals(a.shape, b.shape);
  const largest = a.sub(b).abs().amax().item();
  assert(largest <= atol, `off by ${largest}`);
}

Deno.test("fft() is the transform of any length", () => {
  // Small, two and three factors, primes beyond one product, products of large primes.
  for (const n of [1, 2, 3, 7, 64, 100, 128, 210, 67, 67 * 71, 257, 514, 521]) {
    const x = random([n, 2], n), y = fft.fft(x);
    assertClose(y, slowly(x), 1e-9);
    assertClose(fft.ifft(y), x);
  }
});

Deno.test("fft() divides as norm says", () => {
  const x = random([6, 2]), y = fft.fft(x);
  assertClose(fft.fft(x, { norm: "ortho" }), y.div(Math.sqrt(6)));
  assertClose(fft.fft(x, { norm: "forward" }), y.div(6));
  assertClose(fft.ifft(fft.fft(x, { norm: "forward" }), { norm: "forward" }), x);
});

Deno.test("fft() runs along any axis, pads and cuts", () => {
  const x = random([4, 3, 2]);
  for (const column of [0, 1, 2]) {
    assertClose(fft.fft(x, { dim: 0 }).select(1, column), fft.fft(x.select(1, column)));
  }
  assertClose(fft.fft(x, { n: 2 }), fft.fft(x.narrow(1, 0, 2)));
  assertClose(fft.fft(x.select(1, 0), { n: 6 }).select(0, 0), x.select(1, 0).sum(0));
  assertEquals(fft.fft(x, { n: 5, dim: -2 }).shape, [5, 3, 2]);
});

Deno.test("rfft() and irfft() leave half out", () => {
  for (const n of [1, 2, 7, 8]) {
    const x = random([3, n]), y = fft.rfft(x);
    assertClose(y, fft.fft(fft.complex(x)).narrow(1, 0, Math.floor(n / 2) + 1));
    assertClose(fft.irfft(y, { n }), x);
  }
  assertEquals(fft.irfft(fft.rfft(random([8]))).shape, [8]);
  const plane = random([2, 6, 4]);
  assertEquals(fft.rfft2(plane).shape, [2, 6, 3, 2]);
  assertClose(fft.irfft2(fft.rfft2(plane)), plane);
  assertClose(fft.rfft2(plane), fft.fft2(fft.complex(plane)).narrow(2, 0, 3));
});

Deno.test("fftn() makes convolutions products", () => {
  const x = random([5]), y = random([5], 2), product = fft.mul(fft.rfft(x), fft.rfft(y));
  const wanted = [0, 1, 2, 3, 4].map((k) =>
    [0, 1, 2, 3, 4].reduce((sum, j) => sum + x.at(j).item() * y.at((k - j + 5) % 5).item(), 0)
  );
  assertClose(fft.irfft(product, { n: 5 }), tensor(wanted, { device, dtype: "float64" }));
  const z = random([2, 3, 4, 2]);
  assertClose(fft.ifftn(fft.fftn(z)), z);
  assertClose(fft.abs(fft.conj(z)), z.square().sum(-1).sqrt());
});

Deno.test("fftshift() brings frequency 0 to the middle", () => {
  const x = tensor([0, 1, 2, -2, -1], { device });
  assertEquals(fft.fftshift(x).tolist(), [-2, -1, 0, 1, 2]);
  assertEquals(fft.ifftshift(fft.fftshift(x)).tolist(), x.tolist());
});

Deno.test("fft() says what it cannot transform", () => {
  assertThrows(() => fft.fft(random([4])), RangeError, "must be pairs [..., 2]: current shape is [4]");
  assertThrows(() => fft.rfft(tensor([1], { device, dtype: "int32" })), TypeError, "current dtype is int32");
  assertThrows(() => fft.fft(random([4, 2]), { n: 0 }), RangeError, "current n is 0");
  assertThrows(() => fft.fft2(random([4, 4, 2]), { s: [1] }), RangeError, "current s has 1, dim 2");
});

Deno.test("fft() of one element, fftn() of no axes and roll() of none are copies", () => {
  const one = tensor([[[1, 2]]], { device });
  const made = [
    fft.fft(one),
    fft.ifft(one),
    fft.fft(one, { dim: 0 }),
    fft.fftn(one),
    fft.fftn(one, { dim: [] }),
    fft.ifftn(one, { dim: [] }),
    roll(one, [], []),
    fft.fftshift(one, []),
  ];
  const real = fft.irfft(one, { n: 1 });
  one.fill_(0);
  assertEquals(made.map((y) => y.tolist()), made.map(() => [[[1, 2]]]));
  assertEquals(real.tolist(), [[1]]);
});
