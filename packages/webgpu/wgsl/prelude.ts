/** Functions that shaders call, put in where they are used. */
import { PHILOX_KEY_STEPS, PHILOX_MULTIPLIERS, PHILOX_ROUNDS } from "@troodon/core/kernel";
import { LONG } from "./long_prelude.ts";
import { order } from "./order_prelude.ts";
import { type Lanes, typeName } from "./types.ts";

/** The numbers that every dispatch begins with, in order. */
export const HEADER = { infinity: 0, nan: 1, zero: 2, count: 3, seed: 4, offset: 6, size: 8 } as const;

/** A function and those that it calls. */
export interface Piece {
  readonly code: string;
  readonly needs?: readonly string[];
}

const BASICS = `
fn inf() -> f32 { return bitcast<f32>(numbers[0].x); }
fn zero() -> f32 { return bitcast<f32>(numbers[0].z); }
fn one() -> f32 { return bitcast<f32>(numbers[0].z | 0x3f800000u); }
fn nan() -> f32 { return bitcast<f32>(numbers[0].y); }`;

/** Functions on values of so many lanes. */
function laned(lanes: Lanes): Record<string, Piece> {
  const [f, i, u] = (["f", "i", "u"] as const).map((kind) => typeName(kind, lanes)) as [
    string,
    string,
    string,
  ];
  return {
    // The value itself, which no compiler knows: WGSL lets them rewrite (a + b) - b.
    opaque: {
      needs: ["bits_of"],
      code: `
fn opaque(x: ${f}) -> ${f} { return bitcast<${f}>(bits_of(x)); }`,
    },
    to_int: {
      needs: ["bits_of"],
      code: `
fn to_int(x: ${f}) -> ${i} {
  let bits = bits_of(x);
  let size = bits & ${u}(0x7fffffffu);
  let inside = select(${i}(0), ${i}(x), size < ${u}(0x4f000000u));
  let limit = bitcast<${i}>(select(${u}(0x7fffffffu), ${u}(0x80000000u), bits >= ${u}(0x80000000u)));
  return select(inside, limit, (size >= ${u}(0x4f000000u)) & (size <= ${u}(0x7f800000u)));
}`,
    },
    not_zero: {
      code: `
fn not_zero(x: ${f}) -> ${u} {
  return select(${u}(0u), ${u}(1u), (bitcast<${u}>(x) & ${u}(0x7fffffffu)) != ${u}(0u));
}`,
    },
    from_half: {
      code: `
fn from_half(h: ${u}) -> ${f} {
  let sign = (h & ${u}(0x8000u)) << ${u}(16u);
  let size = h & ${u}(0x7fffu);
  let normal = (size << ${u}(13u)) + ${u}(0x38000000u);
  let endless = select(normal, normal + ${u}(0x38000000u), size >= ${u}(0x7c00u));
  let subnormal = bitcast<${u}>(${f}(size) * ${f}(5.9604644775390625e-8f));
  return bitcast<${f}>(sign | select(endless, subnormal, size < ${u}(0x400u)));
}`,
    },
    // Rounds to the even one of two, as IEEE 754 has it; the built-in may not.
    to_half: {
      code: `
fn to_half(x: ${f}) -> ${u} {
  let bits = bitcast<${u}>(x);
  let sign = (bits >> ${u}(16u)) & ${u}(0x8000u);
  let size = bits & ${u}(0x7fffffffu);
  let odd = (size >> ${u}(13u)) & ${u}(1u);
  let normal = (size - ${u}(0x38000000u) + ${u}(0xfffu) + odd) >> ${u}(13u);
  let subnormal = ${u}(round(bitcast<${f}>(size) * ${f}(16777216f)));
  let small = select(normal, subnormal, size < ${u}(0x38800000u));
  let finite = select(small, ${u}(0x7c00u), size >= ${u}(0x477ff000u));
  return sign | select(finite, ${u}(0x7e00u), size > ${u}(0x7f800000u));
}`,
    },
    to_bfloat: {
      code: `
fn to_bfloat(x: ${f}) -> ${u} {
  let bits = bitcast<${u}>(x);
  let near = (bits + ${u}(0x7fffu) + ((bits >> ${u}(16u)) & ${u}(1u))) >> ${u}(16u);
  return select(near, ${u}(0x7fc0u), (bits & ${u}(0x7fffffffu)) > ${u}(0x7f800000u));
}`,
    },
    philox: { code: philox(u) },
  };
}

/** Philox4x32-10; the upper half of a product from four products of 16 bits. */
function philox(u: string): string {
  const high = `
fn high_word(a: ${u}, b: ${u}) -> ${u} {
  let low = ${u}(0xffffu);
  let half = ${u}(16u);
  let p = (a & low) * (b & low);
  let q = (a >> half) * (b & low) + (p >> half);
  let r = (a & low) * (b >> half) + (q & low);
  return (a >> half) * (b >> half) + (q >> half) + (r >> half);
}`;
  const [m0, m1] = PHILOX_MULTIPLIERS.map((m) => `${u}(${m}u)`);
  return `${high}
struct Block { a: ${u}, b: ${u}, c: ${u}, d: ${u} }
fn philox(element: ${u}) -> Block {
  let first = element + ${u}(numbers[1].z);
  let carry = select(${u}(0u), ${u}(1u), first < element);
  var x = Block(first, ${u}(numbers[1].w) + carry, ${u}(0u), ${u}(0u));
  var k0 = numbers[1].x;
  var k1 = numbers[1].y;
  for (var round = 0u; round < ${PHILOX_ROUNDS}u; round++) {
    let high0 = high_word(x.a, ${m0});
    let high1 = high_word(x.c, ${m1});
    x = Block(high1 ^ x.b ^ ${u}(k0), x.c * ${m1}, high0 ^ x.d ^ ${u}(k1), x.a * ${m0});
    k0 += ${PHILOX_KEY_STEPS[0]}u;
    k1 += ${PHILOX_KEY_STEPS[1]}u;
  }
  return x;
}`;
}

/** Functions on single elements, whatever the lanes of the shader. */
const SINGLE: Readonly<Record<string, Piece>> = {
  // a - n b by long division of the significands, eight bits at a time: exact.
  rest_of: {
    code: `
fn rest_of(x: f32, y: f32) -> f32 {
  let sign = bitcast<u32>(x) & 0x80000000u;
  let a = bitcast<u32>(x) & 0x7fffffffu;
  let b = bitcast<u32>(y) & 0x7fffffffu;
  if (b == 0u || a >= 0x7f800000u || b > 0x7f800000u) { return nan(); }
  if (a < b) { return x; }
  var distance = max(a >> 23u, 1u) - max(b >> 23u, 1u);
  var rest = select((a & 0x7fffffu) | 0x800000u, a, a < 0x800000u);
  let divisor = select((b & 0x7fffffu) | 0x800000u, b, b < 0x800000u);
  rest %= divisor;
  while (distance > 0u) {
    let step = min(distance, 8u);
    rest = (rest << step) % divisor;
    distance -= step;
  }
  if (rest == 0u) { return bitcast<f32>(sign); }
  let exponent = max(b >> 23u, 1u);
  let gap = min(countLeadingZeros(rest) - 8u, exponent - 1u);
  let significand = rest << gap;
  let biased = select(0u, exponent - gap, significand >= 0x800000u);
  return bitcast<f32>(sign | (biased << 23u) | (significand & 0x7fffffu));
}`,
  },
  power_of_int: {
    code: `
fn power_of_int(a: i32, b: i32) -> i32 {
  if (b < 0) { return select(select(0, select(1, -1, (b & 1) == 1), a == -1), 1, a == 1); }
  var result = 1;
  var base = a;
  for (var rest = b; rest > 0; rest >>= 1u) {
    if ((rest & 1) == 1) { result *= base; }
    base *= base;
  }
  return result;
}`,
  },
  // Payne and Hanek: the fraction of x 2/pi from the bits of 2/pi that matter, as an angle and a quarter turn.
  far_angle: {
    code: `
fn times(a: u32, b: u32) -> vec2u {
  let p = (a & 0xffffu) * (b & 0xffffu);
  let q = (a >> 16u) * (b & 0xffffu) + (p >> 16u);
  let r = (a & 0xffffu) * (b >> 16u) + (q & 0xffffu);
  return vec2u((a >> 16u) * (b >> 16u) + (q >> 16u) + (r >> 16u), a * b);
}
struct Angle { r: f32, quarter: u32 }
fn far_angle(x: f32) -> Angle {
  let bits = bitcast<u32>(x);
  if ((bits & 0x7fffffffu) >= 0x7f800000u) { return Angle(nan(), 0u); }
  var digits = array<u32, 8>(0u, 0x28be60dbu, 0x9391054au, 0x7f09d5f4u, 0x7d4d3770u, 0x36d8a566u, 0x4f10e410u, 0u);
  let significand = (bits << 8u) | 0x80000000u;
  let exponent = ((bits >> 23u) & 0xffu) - 126u;
  let at = exponent >> 5u;
  let by = exponent & 31u;
  var high = digits[at];
  var middle = digits[at + 1u];
  var low = digits[at + 2u];
  if (by > 0u) {
    high = (high << by) | (middle >> (32u - by));
    middle = (middle << by) | (low >> (32u - by));
    low = (low << by) | (digits[at + 3u] >> (32u - by));
  }
  let lowest = times(significand, low);
  let next = times(significand, middle);
  var p0 = next.y + lowest.x;
  var p1 = next.x + select(0u, 1u, p0 < next.y) + significand * high;
  var quarter = p1 >> 30u;
  p1 &= 0x3fffffffu;
  var negative = (p1 & 0x20000000u) != 0u;
  if (negative) {
    quarter += 1u;
    // 2^62 - p
    p0 = ~p0 + 1u;
    p1 = (~p1 & 0x3fffffffu) + select(0u, 1u, p0 == 0u);
  }
  let zeros = select(countLeadingZeros(p1), 32u + countLeadingZeros(p0), p1 == 0u);
  let top = select(select((p1 << zeros) | (p0 >> (32u - zeros)), p1, zeros == 0u), p0 << (zeros - 32u), zeros >= 32u);
  let scale = bitcast<f32>((127u - 30u - zeros) << 23u);
  var r = f32(top) * scale * 1.5707963267948966f;
  if (negative != (bits >= 0x80000000u)) { r = -r; }
  return Angle(r, select(quarter, 0u - quarter, bits >= 0x80000000u));
}`,
  },
};

/** The functions `names`, and those that they call, for shaders of so many lanes. */
export function prelude(names: ReadonlySet<string>, lanes: Lanes): string {
  const known: Readonly<Record<string, Piece>> = { ...order(lanes), ...laned(lanes), ...SINGLE, ...LONG };
  const placed = new Set<string>();
  const texts = [BASICS];
  const place = (name: string): void => {
    if (placed.has(name)) return;
    placed.add(name);
    const piece = known[name];
    if (piece === undefined) throw new TypeError(`Cannot write a shader as there is no function ${name}`);
    for (const need of piece.needs ?? []) place(need);
    texts.push(piece.code);
  };
  for (const name of names) place(name);
  return texts.join("\n");
}
