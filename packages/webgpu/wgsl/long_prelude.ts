/** Functions of int64 that shaders call. An int64 is a pair of words, the lower one first. */
import type { Piece } from "./prelude.ts";

/** Functions on single int64. */
export const LONG: Readonly<Record<string, Piece>> = {
  add_long: {
    code: `
fn add_long(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + select(0u, 1u, low < a.x));
}`,
  },
  sub_long: {
    code: `
fn sub_long(a: vec2u, b: vec2u) -> vec2u {
  return vec2u(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}`,
  },
  neg_long: {
    needs: ["sub_long"],
    code: `
fn neg_long(a: vec2u) -> vec2u { return sub_long(vec2u(0u), a); }`,
  },
  mul_long: {
    code: `
fn mul_long(a: vec2u, b: vec2u) -> vec2u {
  let p = (a.x & 0xffffu) * (b.x & 0xffffu);
  let q = (a.x >> 16u) * (b.x & 0xffffu) + (p >> 16u);
  let r = (a.x & 0xffffu) * (b.x >> 16u) + (q & 0xffffu);
  let high = (a.x >> 16u) * (b.x >> 16u) + (q >> 16u) + (r >> 16u);
  return vec2u(a.x * b.x, high + a.x * b.y + a.y * b.x);
}`,
  },
  less_long: {
    code: `
fn less_long(a: vec2u, b: vec2u) -> bool {
  let x = bitcast<i32>(a.y);
  let y = bitcast<i32>(b.y);
  return x < y || (x == y && a.x < b.x);
}`,
  },
  min_long: {
    needs: ["less_long"],
    code: `
fn min_long(a: vec2u, b: vec2u) -> vec2u { return select(a, b, less_long(b, a)); }`,
  },
  max_long: {
    needs: ["less_long"],
    code: `
fn max_long(a: vec2u, b: vec2u) -> vec2u { return select(a, b, less_long(a, b)); }`,
  },
  abs_long: {
    needs: ["neg_long"],
    code: `
fn abs_long(a: vec2u) -> vec2u { return select(a, neg_long(a), a.y >= 0x80000000u); }`,
  },
  // Long division of magnitudes, one bit at a time; those are at most 2^63.
  divide_long: {
    needs: ["sub_long", "abs_long"],
    code: `
struct Divided { quotient: vec2u, rest: vec2u }
fn divide_long(x: vec2u, y: vec2u) -> Divided {
  let a = abs_long(x);
  let b = abs_long(y);
  if ((a.y | b.y) == 0u) { return Divided(vec2u(a.x / max(b.x, 1u), 0u), vec2u(a.x % max(b.x, 1u), 0u)); }
  var found = Divided(vec2u(0u), vec2u(0u));
  for (var i = 64u; i > 0u; i--) {
    let word = select(a.x, a.y, i > 32u);
    let bit = (word >> ((i - 1u) & 31u)) & 1u;
    let rest = vec2u((found.rest.x << 1u) | bit, (found.rest.y << 1u) | (found.rest.x >> 31u));
    let below = rest.y < b.y || (rest.y == b.y && rest.x < b.x);
    found.rest = select(sub_long(rest, b), rest, below);
    let next = vec2u(found.quotient.x << 1u, (found.quotient.y << 1u) | (found.quotient.x >> 31u));
    found.quotient = vec2u(next.x | select(1u, 0u, below), next.y);
  }
  return found;
}`,
  },
  // Dividing by 0 gives 0.
  div_long: {
    needs: ["divide_long", "neg_long"],
    code: `
fn div_long(a: vec2u, b: vec2u) -> vec2u {
  if ((b.x | b.y) == 0u) { return vec2u(0u); }
  let quotient = divide_long(a, b).quotient;
  return select(quotient, neg_long(quotient), ((a.y ^ b.y) & 0x80000000u) != 0u);
}`,
  },
  fmod_long: {
    needs: ["divide_long", "neg_long"],
    code: `
fn fmod_long(a: vec2u, b: vec2u) -> vec2u {
  if ((b.x | b.y) == 0u) { return vec2u(0u); }
  let rest = divide_long(a, b).rest;
  return select(rest, neg_long(rest), a.y >= 0x80000000u);
}`,
  },
  // Whether a rest of the division by b is to be moved to the side of b.
  opposite_long: {
    code: `
fn opposite_long(rest: vec2u, b: vec2u) -> bool {
  return (rest.x | rest.y) != 0u && ((rest.y ^ b.y) & 0x80000000u) != 0u;
}`,
  },
  remainder_long: {
    needs: ["fmod_long", "add_long", "opposite_long"],
    code: `
fn remainder_long(a: vec2u, b: vec2u) -> vec2u {
  let rest = fmod_long(a, b);
  return select(rest, add_long(rest, b), opposite_long(rest, b));
}`,
  },
  floor_div_long: {
    needs: ["div_long", "fmod_long", "sub_long", "opposite_long"],
    code: `
fn floor_div_long(a: vec2u, b: vec2u) -> vec2u {
  let quotient = div_long(a, b);
  return select(quotient, sub_long(quotient, vec2u(1u, 0u)), opposite_long(fmod_long(a, b), b));
}`,
  },
  // Below 0 only powers of 1 and -1 are integers.
  pow_long: {
    needs: ["mul_long"],
    code: `
fn pow_long(a: vec2u, b: vec2u) -> vec2u {
  let one = vec2u(1u, 0u);
  if (b.y >= 0x80000000u) {
    if (all(a == one)) { return one; }
    if (all(a == vec2u(0xffffffffu))) { return select(one, a, (b.x & 1u) == 1u); }
    return vec2u(0u);
  }
  var result = one;
  var base = a;
  var rest = b;
  while ((rest.x | rest.y) != 0u) {
    if ((rest.x & 1u) == 1u) { result = mul_long(result, base); }
    base = mul_long(base, base);
    rest = vec2u((rest.x >> 1u) | (rest.y << 31u), rest.y >> 1u);
  }
  return result;
}`,
  },
  // Shifts by less than 0 count as such by all bits.
  shift_left_long: {
    code: `
fn shift_left_long(a: vec2u, by: vec2u) -> vec2u {
  if (by.y != 0u || by.x >= 64u) { return vec2u(0u); }
  if (by.x == 0u) { return a; }
  if (by.x >= 32u) { return vec2u(0u, a.x << (by.x - 32u)); }
  return vec2u(a.x << by.x, (a.y << by.x) | (a.x >> (32u - by.x)));
}`,
  },
  shift_right_long: {
    code: `
fn shift_right_long(a: vec2u, by: vec2u) -> vec2u {
  let high = bitcast<i32>(a.y);
  let sign = bitcast<u32>(high >> 31u);
  if (by.y != 0u || by.x >= 64u) { return vec2u(sign); }
  if (by.x == 0u) { return a; }
  if (by.x >= 32u) { return vec2u(bitcast<u32>(high >> (by.x - 32u)), sign); }
  return vec2u((a.x >> by.x) | (a.y << (32u - by.x)), bitcast<u32>(high >> by.x));
}`,
  },
  int_to_long: {
    code: `
fn int_to_long(x: i32) -> vec2u { return vec2u(bitcast<u32>(x), bitcast<u32>(x >> 31u)); }`,
  },
  // As an index: what does not fit becomes one that is not there.
  long_to_index: {
    code: `
fn long_to_index(x: vec2u) -> i32 {
  let low = bitcast<i32>(x.x);
  return select(select(0x7fffffff, -1, x.y >= 0x80000000u), low, bitcast<u32>(low >> 31u) == x.y);
}`,
  },
  // The top 32 bits of the magnitude, whose last tells of what was cut off, are rounded once.
  long_to_float: {
    needs: ["abs_long"],
    code: `
fn long_to_float(x: vec2u) -> f32 {
  let a = abs_long(x);
  var top = a.x;
  var scale = 1f;
  if (a.y != 0u) {
    let zeros = countLeadingZeros(a.y);
    if (zeros == 0u) { top = a.y | select(0u, 1u, a.x != 0u); }
    else {
      top = (a.y << zeros) | (a.x >> (32u - zeros)) | select(0u, 1u, (a.x << zeros) != 0u);
    }
    scale = bitcast<f32>((127u + 32u - zeros) << 23u);
  }
  // Rounded to 24 bits by hand, as WGSL does not say which way f32() rounds.
  let drop = 8u - min(countLeadingZeros(top), 8u);
  let half = (1u << drop) >> 1u;
  let low = top & ((1u << drop) - 1u);
  var kept = top >> drop;
  kept += select(0u, 1u, low > half || (low == half && half != 0u && (kept & 1u) == 1u));
  let size = f32(kept) * bitcast<f32>((127u + drop) << 23u) * scale;
  return select(size, -size, x.y >= 0x80000000u);
}`,
  },
  float_to_long: {
    needs: ["neg_long"],
    code: `
fn float_to_long(x: f32) -> vec2u {
  let bits = bitcast<u32>(x);
  let size = bits & 0x7fffffffu;
  let negative = bits >= 0x80000000u;
  if (size > 0x7f800000u || size < 0x3f800000u) { return vec2u(0u); }
  if (size >= 0x5f000000u) {
    return select(vec2u(0xffffffffu, 0x7fffffffu), vec2u(0u, 0x80000000u), negative);
  }
  let significand = (bits & 0x7fffffu) | 0x800000u;
  let exponent = (size >> 23u) - 127u;
  var a = vec2u(0u);
  if (exponent <= 23u) { a.x = significand >> (23u - exponent); }
  else {
    let by = exponent - 23u;
    if (by >= 32u) { a.y = significand << (by - 32u); }
    else { a = vec2u(significand << by, significand >> (32u - by)); }
  }
  return select(a, neg_long(a), negative);
}`,
  },
};
